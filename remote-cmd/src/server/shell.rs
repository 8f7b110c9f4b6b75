//! Who runs a command: the system's shell, or no shell and only chosen programs.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

use crate::text;

/// Makes processes of what clients type.
#[derive(Debug)]
pub(crate) enum Shell {
    /// `/bin/sh -c`, on Windows `cmd /S /C`: whatever it can do, the client can.
    System,
    /// Only these programs, without a shell: nothing is expanded, piped or redirected.
    Only(Vec<Program>),
}

/// A program that clients may run.
#[derive(Debug)]
pub(crate) struct Program {
    /// What clients call it.
    name: String,
    /// Where it is. Found when the server starts, so that no directory of the client's choice can
    /// offer another.
    path: PathBuf,
}

impl Shell {
    /// The system's shell, unless programs are named.
    ///
    /// # Errors
    /// A program that cannot be found.
    pub(crate) fn new(allowed: &[String]) -> anyhow::Result<Self> {
        if allowed.is_empty() {
            return Ok(Self::System);
        }
        let programs = allowed.iter().map(|name| {
            let path = find(name).with_context(|| format!("--allow {name}"))?;
            Ok(Program { name: name.clone(), path })
        });
        programs.collect::<anyhow::Result<_>>().map(Self::Only)
    }

    /// The process that a line asks for.
    ///
    /// # Errors
    /// Words for the client: the line is not allowed, or is no line.
    pub(crate) fn command(&self, line: &[u8]) -> Result<Command, String> {
        let line = str::from_utf8(line).map_err(|_| "the command is no UTF-8 text".to_owned())?;
        if line.contains('\0') {
            return Err("the command contains a NUL byte".to_owned());
        }
        match self {
            Self::System => Ok(system_shell(line)),
            Self::Only(programs) => allowed(programs, line),
        }
    }
}

#[cfg(unix)]
fn system_shell(line: &str) -> Command {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", line]);
    command
}

#[cfg(windows)]
fn system_shell(line: &str) -> Command {
    use std::os::windows::process::CommandExt;

    let mut command = Command::new("cmd");
    // `cmd` has rules of its own for quotation marks: with /S it takes off the first and the last,
    // and what stands between them is the line as it is. What `cmd` and most programs print is in
    // the code page of their console, which is one of their own: there it is UTF-8 (65001).
    command.args(["/S", "/C"]).raw_arg(format!("\"chcp 65001 >nul & {line}\""));
    command
}

fn allowed(programs: &[Program], line: &str) -> Result<Command, String> {
    let mut words = shell_words::split(line)
        .map_err(|_| "a quotation mark has no partner".to_owned())?
        .into_iter();
    let name = words.next().unwrap_or_default();
    let Some(program) = programs.iter().find(|program| program.name == name) else {
        let names: Vec<&str> = programs.iter().map(|program| program.name.as_str()).collect();
        return Err(format!(
            "{name:?} is not allowed here; allowed (--allow): {}",
            names.join(", ")
        ));
    };
    let mut command = Command::new(&program.path);
    #[cfg(unix)]
    std::os::unix::process::CommandExt::arg0(&mut command, name);
    command.args(words);
    Ok(command)
}

/// Where a program is: the path that is written, or the first of that name on the search path.
fn find(name: &str) -> anyhow::Result<PathBuf> {
    let here = env::current_dir().context(text::no_working_directory())?;
    let file = with_suffix(name);
    let candidates: Vec<PathBuf> = if name.contains(std::path::is_separator) {
        vec![here.join(file)]
    } else {
        let path = env::var_os("PATH").unwrap_or_default();
        env::split_paths(&path).map(|directory| here.join(directory).join(&file)).collect()
    };
    match candidates.iter().find(|candidate| is_executable(candidate)) {
        Some(path) => Ok(path.clone()),
        None if candidates.len() == 1 => bail!(text::no_program_there()),
        None => bail!(text::not_on_path()),
    }
}

/// The file of a program: on Windows nobody writes the `.exe`.
fn with_suffix(name: &str) -> PathBuf {
    let mut file = PathBuf::from(name);
    if cfg!(windows) && file.extension().is_none() {
        file.set_extension(env::consts::EXE_EXTENSION);
    }
    file
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;

    path.metadata().is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.is_file()
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;

    fn argv(shell: &Shell, line: &str) -> Result<Vec<String>, String> {
        let command = shell.command(line.as_bytes())?;
        let words = [command.get_program()].into_iter().chain(command.get_args());
        Ok(words.map(|word| word.to_str().unwrap().to_owned()).collect())
    }

    #[test]
    fn a_line_goes_to_the_shell_as_it_is() {
        let shell = Shell::new(&[]).unwrap();
        assert_eq!(
            argv(&shell, "echo '你好' | wc").unwrap(),
            ["/bin/sh", "-c", "echo '你好' | wc"]
        );
    }

    #[test]
    fn a_line_that_is_no_text_is_refused() {
        let shell = Shell::new(&[]).unwrap();
        assert!(shell.command(b"echo \xff").unwrap_err().contains("UTF-8"));
        assert!(shell.command(b"echo \0").unwrap_err().contains("NUL"));
    }

    #[test]
    fn an_allowed_program_gets_words_and_nothing_is_expanded() {
        let shell = Shell::new(&["sh".to_owned()]).unwrap();
        let words = argv(&shell, "sh 'a b' $HOME * ; `id` >x \"&\"").unwrap();
        assert!(words[0].starts_with('/') && words[0].ends_with("/sh"), "{}", words[0]);
        assert_eq!(words[1..], ["a b", "$HOME", "*", ";", "`id`", ">x", "&"]);
    }

    #[test]
    fn another_program_is_refused_whatever_it_is_called() {
        let shell = Shell::new(&["sh".to_owned()]).unwrap();
        for line in ["id", "/bin/sh", "./sh", "sh;id", "SH", "", "  ", "'' sh", "sh\u{0}"] {
            assert!(argv(&shell, line).is_err(), "{line}");
        }
        assert!(argv(&shell, "id").unwrap_err().contains("--allow"));
        assert!(argv(&shell, "sh '").unwrap_err().contains("quotation"));
    }

    #[test]
    fn a_program_that_does_not_exist_cannot_be_allowed() {
        let error = Shell::new(&["no-such-program-anywhere".to_owned()]).unwrap_err();
        assert!(
            format!("{error:#}").starts_with("--allow no-such-program-anywhere: "),
            "{error:#}"
        );
    }
}
