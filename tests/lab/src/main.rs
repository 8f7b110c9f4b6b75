//! The program `lab`; see the library beside it.

use std::process::ExitCode;

fn main() -> ExitCode {
    lab::main()
}
