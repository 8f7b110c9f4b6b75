//! The command line as data, for `cargo lab kit`, which makes shell completions and manual pages of
//! it. So no program is built together with what makes them.

use std::ffi::OsString;

use clap::builder::PossibleValue;
use clap::{Arg, ArgAction, Command};

use super::chinese::{Chinese, translated_help};
use crate::called::as_called_here;
use crate::text::{Lang, lang};

/// The first argument of a call that asks for it. It stands in no help: it is between our own
/// programs.
const ASKS: &str = "--command-line-as-json";

pub(super) fn is_asked_for(arguments: &[OsString]) -> bool {
    arguments.get(1).is_some_and(|first| first == ASKS)
}

/// The command with all that is in its help, as a JSON object in one line. `words` are what it has
/// been translated by, where Chinese is spoken.
pub(super) fn description(mut command: Command, words: &Chinese) -> String {
    // Adds `--help`, `--version` and `help`, and hands global options down.
    command.build();
    of_command(&command, words) + "\n"
}

fn of_command(command: &Command, words: &Chinese) -> String {
    let arguments = command.get_arguments().filter(|argument| !argument.is_hide_set());
    let commands = command.get_subcommands().filter(|command| !command.is_hide_set());
    object(&[
        ("name", text(command.get_name())),
        ("about", optional(command.get_about())),
        ("long_about", optional(command.get_long_about())),
        ("examples", optional(command.get_before_help())),
        ("notes", optional(command.get_after_help())),
        ("version", optional(command.get_version())),
        ("arguments", list(arguments.map(|argument| of_argument(argument, words)))),
        (
            "commands",
            list(commands.map(|command| {
                let words = words.command(command.get_name()).unwrap_or(&Chinese::NONE);
                of_command(command, words)
            })),
        ),
    ])
}

fn of_argument(argument: &Arg, words: &Chinese) -> String {
    let action = argument.get_action();
    let more_than_one = argument.get_num_args().is_some_and(|values| values.max_values() > 1);
    let many = more_than_one || matches!(action, ArgAction::Append | ArgAction::Count);
    let value_names = argument.get_value_names().unwrap_or_default();
    let defaults = argument.get_default_values().iter().map(|value| value.to_string_lossy());
    let choices = argument.get_possible_values().into_iter().filter(|value| !value.is_hide_set());
    // In Chinese the help of an argument also tells what each value means, since the parser would
    // say that in English. Here each has a help of its own, in every language.
    let id = argument.get_id().as_str();
    let is_folded = lang() == Lang::Zh && argument.is_hide_possible_values_set();
    let chinese = words.argument(id).filter(|_| is_folded).map(str::to_owned);
    let choice = |value: PossibleValue| {
        let name = value.get_name();
        let help = match is_folded {
            true => words.argument(&format!("{id}={name}")).map(str::to_owned),
            false => value.get_help().map(ToString::to_string),
        };
        object(&[("name", text(name)), ("help", optional(help))])
    };
    object(&[
        ("id", text(id)),
        ("short", optional(argument.get_short())),
        ("long", optional(argument.get_long())),
        ("takes_value", action.takes_values().to_string()),
        ("value_names", list(value_names.iter().map(|name| text(name)))),
        ("many", many.to_string()),
        ("required", argument.is_required_set().to_string()),
        ("help", optional(chinese.clone().or(argument.get_help().map(help_words)))),
        ("long_help", optional(chinese.or(argument.get_long_help().map(help_words)))),
        ("heading", optional(argument.get_help_heading())),
        ("defaults", list(defaults.map(|value| text(&value)))),
        ("choices", list(choices.map(choice))),
        ("completes", text(&format!("{:?}", argument.get_value_hint()))),
    ])
}

/// The help of an argument; the parser's own, of `--help`, is in English until it is printed.
fn help_words(help: &clap::builder::StyledStr) -> String {
    match lang() {
        Lang::En => help.to_string(),
        Lang::Zh => translated_help(&help.to_string()),
    }
}

fn object(members: &[(&str, String)]) -> String {
    let members = members.iter().map(|(name, value)| format!("{}:{value}", text(name)));
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

fn list(values: impl Iterator<Item = String>) -> String {
    format!("[{}]", values.collect::<Vec<_>>().join(","))
}

fn optional(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "null".to_owned(), |value| text(&value.to_string()))
}

/// A string of JSON (RFC 8259, section 7).
fn text(words: &str) -> String {
    let mut json = String::from('"');
    for letter in as_called_here(words).chars() {
        match letter {
            '"' | '\\' => json.extend(['\\', letter]),
            '\n' => json.push_str("\\n"),
            letter if letter < ' ' => json.push_str(&format!("\\u{:04x}", u32::from(letter))),
            letter => json.push(letter),
        }
    }
    json.push('"');
    json
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_line_is_told_with_all_that_its_help_says() {
        let command = Command::new("prog")
            .about("A program")
            .arg(Arg::new("file").value_name("FILE").required(true).help("A \"file\"\nof yours"))
            .arg(Arg::new("way").long("way").short('w').value_parser(["slow", "fast"]))
            .arg(Arg::new("secret").long("secret").hide(true));
        let json = description(command, &Chinese::NONE);
        for part in [
            r#"{"name":"prog","about":"A program","long_about":null,"#,
            r#"{"id":"file","short":null,"long":null,"takes_value":true,"value_names":["FILE"],"many":false,"required":true,"help":"A \"file\"\nof yours","#,
            r#"{"id":"way","short":"w","long":"way","takes_value":true,"#,
            r#""choices":[{"name":"slow","help":null},{"name":"fast","help":null}]"#,
            r#"{"id":"help","short":"h","long":"help","takes_value":false,"#,
        ] {
            assert!(json.contains(part), "{part}\n{json}");
        }
        assert!(!json.contains("secret"), "{json}");
        assert_eq!(json.lines().count(), 1);
    }

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(text("a\tb\u{1b}\\"), r#""a\u0009b\u001b\\""#);
    }
}
