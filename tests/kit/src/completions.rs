//! Completions for shells.

use std::path::Path;

use clap::Command;
use clap_complete::{Generator as _, Shell, generate};
use common::text::Lang;

use crate::write;

/// Each shell, and its folder.
const SHELLS: [(Shell, &str); 4] = [
    (Shell::Bash, "bash"),
    (Shell::Zsh, "zsh"),
    (Shell::Fish, "fish"),
    (Shell::PowerShell, "powershell"),
];

/// Above each script for bash: the one thing in which its maker and shellcheck do not agree.
const SHELLCHECK: &str = "\
# Words are to be split here: each is a completion. Bash 3.2, which macOS has, knows no `mapfile`.
# shellcheck shell=bash disable=SC2207
";

/// Says that a script is UTF-8: without it Windows PowerShell 5.1 takes it for what the country's
/// code page says, and half a Chinese letter swallows the quotation mark behind it.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Writes those of all programs. Chinese stands in a folder of its own, since shells do not choose
/// by the language; bash shows no words, and needs it once.
pub(crate) fn write_all(programs: &[Command], folder: &Path, language: Lang) -> anyhow::Result<()> {
    for (shell, name) in SHELLS {
        let folder = match (language, shell) {
            (Lang::En, _) => folder.join(name),
            (Lang::Zh, Shell::Bash) => continue,
            (Lang::Zh, _) => folder.join("zh_CN").join(name),
        };
        for program in programs {
            let name = program.get_name();
            let mut script = Vec::new();
            match shell {
                Shell::Bash => script.extend(SHELLCHECK.bytes()),
                Shell::PowerShell => script.extend(BYTE_ORDER_MARK.bytes()),
                _ => {}
            }
            generate(shell, &mut program.clone(), name, &mut script);
            write(&folder.join(shell.file_name(name)), &script)?;
        }
    }
    Ok(())
}
