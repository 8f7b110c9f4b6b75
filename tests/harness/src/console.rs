//! A console of Windows for each program, and Ctrl+C on it.

use std::os::windows::process::CommandExt as _;
use std::process::{Command, Stdio};

/// `CREATE_NO_WINDOW`: a console of its own, which nobody sees, so that Ctrl+C on it is for this
/// program and for what it starts.
const OWN_CONSOLE: u32 = 0x0800_0000;

/// Names a program that presses Ctrl+C at the console of the process whose number it is given.
/// Without it PowerShell does, of which Wine has none.
const PRESSER: &str = "HARNESS_CTRL_C";

/// The same for PowerShell: leave the own console, join the other's, take no notice oneself.
const SCRIPT: &str = r#"
$console = Add-Type -PassThru -Namespace Harness -Name Console -MemberDefinition '
    [DllImport("kernel32.dll")] public static extern bool FreeConsole();
    [DllImport("kernel32.dll")] public static extern bool AttachConsole(uint process);
    [DllImport("kernel32.dll")] public static extern bool SetConsoleCtrlHandler(IntPtr handler, bool add);
    [DllImport("kernel32.dll")] public static extern bool GenerateConsoleCtrlEvent(uint press, uint group);'
[void]$console::FreeConsole()
if (-not $console::AttachConsole(PROCESS)) { exit 1 }
[void]$console::SetConsoleCtrlHandler([IntPtr]::Zero, $true)
if (-not $console::GenerateConsoleCtrlEvent(0, 0)) { exit 2 }
"#;

/// Gives the program a console when it starts.
pub(crate) fn give_one(command: &mut Command) {
    command.creation_flags(OWN_CONSOLE);
}

/// Presses Ctrl+C at the console of this process.
pub(crate) fn press_ctrl_c(process: u32) -> Result<(), String> {
    let process = process.to_string();
    let mut presser = match std::env::var_os(PRESSER) {
        Some(program) => {
            let mut command = Command::new(program);
            command.arg(process);
            command
        }
        None => {
            let mut command = Command::new("powershell");
            command.args(["-NoProfile", "-NonInteractive", "-Command"]);
            command.arg(SCRIPT.replace("PROCESS", &process));
            command
        }
    };
    let output = presser.stdin(Stdio::null()).output().map_err(|error| error.to_string())?;
    match output.status.success() {
        true => Ok(()),
        false => Err(format!("{}: {}", output.status, String::from_utf8_lossy(&output.stderr))),
    }
}
