//! The reference programs in `benches/reference`: each does what one of ours does, in C or Python.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use bench::{Missing, text};
use common::error_text::cause;

use super::installed::installed;
use super::prepared::python_with;

/// The program in `reference/NAME.c`, built.
pub(crate) fn c(name: &str) -> Result<PathBuf, Missing> {
    let compiler = installed("cc")?;
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let built = Command::new(compiler)
        .args(["-O2", "-Wall", "-Wextra", "-o"])
        .arg(&program)
        .arg(reference(&format!("{name}.c")))
        .stdin(Stdio::null())
        .output();
    match built {
        Ok(output) if output.status.success() => Ok(program),
        Ok(output) => {
            let why = String::from_utf8_lossy(&output.stderr);
            Err(Missing(text::does_not_build(why.lines().next().unwrap_or_default())))
        }
        Err(error) => Err(Missing(text::does_not_build(cause(&error)))),
    }
}

/// A command that runs `reference/NAME` with a Python that has `module`, if one is needed.
pub(crate) fn python(name: &str, module: Option<&str>) -> Result<Command, Missing> {
    let python = match module {
        Some(module) => python_with(module)?,
        None => installed("python3")?,
    };
    let mut command = Command::new(python);
    command.arg(reference(name));
    Ok(command)
}

/// The file `name` among the reference programs.
pub(crate) fn reference(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/reference").join(name)
}
