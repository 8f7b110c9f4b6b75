//! Examples above the options: they are what most people open a help for.

use clap::Command;

/// As the parser's own, but what is "before" the help stands below the usage.
const ORDER: &str = "\
{about-with-newline}
{usage-heading} {usage}

{before-help}{all-args}{after-help}";

/// How a paragraph of examples begins, in each language.
const HEADINGS: [&str; 2] = ["Examples:", "例子："];

/// The command with its examples first; other paragraphs, such as exit statuses, stay below.
pub(super) fn with_examples_first(command: Command) -> Command {
    let below = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let command = match split(&below) {
        Some((examples, "")) => command.before_help(examples.to_owned()).after_help(None::<&str>),
        Some((examples, rest)) => {
            command.before_help(examples.to_owned()).after_help(rest.to_owned())
        }
        None => command,
    };
    command.help_template(ORDER).mut_subcommands(with_examples_first)
}

/// The first paragraph, if it is one of examples, and the others.
fn split(words: &str) -> Option<(&str, &str)> {
    let begins = HEADINGS.iter().any(|heading| words.starts_with(heading));
    begins.then(|| words.split_once("\n\n").unwrap_or((words, "")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_stand_above_the_options_and_the_rest_below() {
        let command = Command::new("prog")
            .about("A program")
            .after_help("Examples:\n  prog {port}   runs\n\nExit status: 0")
            .subcommand(Command::new("sub").after_help("Examples:\n  prog sub"));
        let mut command = with_examples_first(command);
        assert_eq!(
            command.render_help().to_string(),
            "A program\n\nUsage: prog [COMMAND]\n\nExamples:\n  prog {port}   runs\n\n\
             Commands:\n  sub   \n  help  Print this message or the help of the given subcommand(s)\n\n\
             Options:\n  -h, --help  Print help\n\nExit status: 0\n"
        );
        let sub = command.find_subcommand_mut("sub").unwrap().render_help().to_string();
        assert!(sub.contains("\n\nExamples:\n  prog sub\n\nOptions:"), "{sub}");
    }
}
