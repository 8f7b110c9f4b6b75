//! `--lang`: the language that a program speaks.

use std::ffi::OsString;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Arg, ArgMatches, Command};

use crate::text::Lang;

const NAME: &str = "lang";

/// The command line with `--lang`, in its subcommands too.
pub(super) fn with_lang(command: Command) -> Command {
    let codes = PossibleValuesParser::new(Lang::ALL.map(Lang::code));
    let option = Arg::new(NAME)
        .long(NAME)
        .value_name("LANG")
        .help("Language of help, errors and prompts; without it the system's")
        .value_parser(codes.map(|code| Lang::of_code(&code).unwrap_or(Lang::En)))
        // Not that of the options before it.
        .help_heading(None::<&str>)
        .global(true);
    command.arg(option)
}

/// What the arguments say, as far as that is known before they are read: their errors and their
/// help are to be in that language already.
pub(super) fn said_in(arguments: &[OsString]) -> Option<Lang> {
    let mut words = arguments
        .iter()
        .skip(1)
        .map(|argument| argument.to_str().unwrap_or_default())
        .take_while(|&word| word != "--");
    while let Some(word) = words.next() {
        let code = match word.strip_prefix("--lang") {
            Some("") => words.next(),
            Some(value) => value.strip_prefix('='),
            None => None,
        };
        if let Some(language) = code.and_then(Lang::of_code) {
            return Some(language);
        }
    }
    None
}

/// What the arguments say.
pub(super) fn chosen(matches: &ArgMatches) -> Option<Lang> {
    matches.get_one(NAME).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_known_before_the_arguments_are() {
        let said = |line: &str| said_in(&line.split(' ').map(OsString::from).collect::<Vec<_>>());
        assert_eq!(said("x --lang zh --nonsense"), Some(Lang::Zh));
        assert_eq!(said("x --nonsense --lang=en"), Some(Lang::En));
        for none in
            ["x", "x --lang", "x --lang fr", "x --lang=", "x --language=zh", "x -- --lang zh"]
        {
            assert_eq!(said(none), None, "{none}");
        }
    }
}
