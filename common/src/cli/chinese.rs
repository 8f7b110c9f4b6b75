//! A command line in Chinese: its help, and what is wrong with it.
//!
//! The English is in the code, as the comments of options. A program gives the Chinese by
//! [`InChinese`], in a file of its own.

use clap::builder::PossibleValue;
use clap::{Arg, Command};

use crate::text::options::{HEADINGS, LABELS, OPTIONS, possible_values};

/// The Chinese for what the help of a command line says. Two paragraphs are what `-h` shows and
/// what `--help` shows in addition.
#[derive(Clone, Copy, Debug)]
pub struct Chinese {
    /// What the program is.
    pub about: &'static str,
    /// What stands below the options.
    pub examples: &'static str,
    /// What each argument is for, by its name in the code; `NAME=VALUE` is one of its values, and a
    /// heading is known by its English. What all programs have in common need not be told.
    pub arguments: &'static [(&'static str, &'static str)],
    /// The same for each subcommand.
    pub commands: &'static [(&'static str, Chinese)],
}

impl Chinese {
    /// Nothing yet.
    pub const NONE: Chinese = Chinese { about: "", examples: "", arguments: &[], commands: &[] };

    pub(super) fn argument(&self, name: &str) -> Option<&'static str> {
        let known = |words: &[(&str, &'static str)]| {
            words.iter().find(|(key, _)| *key == name).map(|(_, words)| *words)
        };
        known(self.arguments).or_else(|| known(OPTIONS))
    }

    pub(super) fn command(&self, name: &str) -> Option<&'static Chinese> {
        self.commands.iter().find(|(key, _)| *key == name).map(|(_, words)| words)
    }
}

/// A command line whose help can be said in Chinese.
pub trait InChinese: clap::Parser {
    /// The words.
    const CHINESE: Chinese;
}

/// The command line with its help in Chinese. What has none stays as it is.
pub(super) fn translated(mut command: Command, words: &Chinese) -> Command {
    if command.get_about().is_some() && !words.about.is_empty() {
        let long = command.get_long_about().is_some();
        command = command.about(summary(words.about));
        if long {
            command = command.long_about(words.about);
        }
    }
    if !words.examples.is_empty() {
        command = command.after_help(words.examples);
    }
    command = command.mut_args(|argument| translated_argument(argument, words));
    command.mut_subcommands(|subcommand| {
        let words = words.command(subcommand.get_name()).unwrap_or(&Chinese::NONE);
        translated(subcommand, words)
    })
}

fn translated_argument(mut argument: Arg, words: &Chinese) -> Arg {
    let name = argument.get_id().to_string();
    if let Some(heading) = argument.get_help_heading().and_then(|name| words.argument(name)) {
        argument = argument.help_heading(heading);
    }
    let Some(help) = words.argument(&name) else { return argument };
    let values: Vec<_> = argument
        .get_possible_values()
        .iter()
        .filter_map(|value| with_help(value, &name, words))
        .collect();
    if values.is_empty() {
        let long = argument.get_long_help().is_some();
        argument = argument.help(summary(help));
        return if long { argument.long_help(help) } else { argument };
    }
    // The parser would explain each value in English.
    let names = values.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
    let width = values.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    let list: String =
        values.iter().map(|(name, help)| format!("\n- {name:width$}  {help}")).collect();
    argument
        .hide_possible_values(true)
        .help(format!("{} [可选值：{names}]", summary(help)))
        .long_help(format!("{help}\n\n{}{list}", possible_values()))
}

fn with_help(
    value: &PossibleValue,
    argument: &str,
    words: &Chinese,
) -> Option<(String, &'static str)> {
    value.get_help()?;
    let name = value.get_name();
    let help = words.argument(&format!("{argument}={name}")).unwrap_or_default();
    (!value.is_hide_set()).then(|| (name.to_owned(), help))
}

/// The first paragraph.
fn summary(text: &'static str) -> &'static str {
    text.split_once("\n\n").map_or(text, |(summary, _)| summary)
}

/// A help as the parser has written it, with what it says by itself in Chinese.
pub(super) fn translated_help(help: &str) -> String {
    help.split_inclusive('\n').map(translated_line).collect()
}

fn translated_line(line: &str) -> String {
    // Blank lines of a paragraph come indented.
    let words = line.trim_end();
    let end = if line.ends_with('\n') { "\n" } else { "" };
    if let Some((_, heading)) = HEADINGS.iter().find(|(english, _)| *english == words) {
        return format!("{heading}{end}");
    }
    if let Some(usage) = words.strip_prefix("Usage: ") {
        return format!("用法：{}{end}", usage.replace("[OPTIONS]", "[选项]"));
    }
    if let Some((english, chinese)) = LABELS.iter().find(|(english, _)| words.ends_with(english)) {
        let before = words.strip_suffix(english).unwrap_or_default();
        return format!("{before}{chinese}{end}");
    }
    let words = words.replace("[default: ", "[默认：").replace("[possible values: ", "[可选值：");
    match words.strip_suffix(':') {
        // A heading of the program's own.
        Some(heading) if !words.starts_with(' ') && !heading.is_ascii() => {
            format!("{heading}：{end}")
        }
        _ => words + end,
    }
}

/// What of a command line has no Chinese, or Chinese of what is not there: nothing, in a program
/// that is complete.
pub fn without_chinese<A: InChinese>() -> Vec<String> {
    let mut missing = Vec::new();
    compare(&A::command(), &A::CHINESE, &mut missing);
    missing
}

fn compare(command: &Command, words: &Chinese, missing: &mut Vec<String>) {
    let place = command.get_name();
    let mut expect = |is_there: bool, chinese: &str, what: &str| match (is_there, chinese) {
        (true, "") => missing.push(format!("{place}: {what} has no Chinese")),
        (false, chinese) if !chinese.is_empty() => {
            missing.push(format!("{place}: there is no {what}"));
        }
        _ => {}
    };
    expect(command.get_about().is_some(), words.about, "about");
    expect(command.get_after_help().is_some(), words.examples, "examples");
    let mut names: Vec<String> = Vec::new();
    for argument in command.get_arguments() {
        let name = argument.get_id().to_string();
        names.extend(argument.get_help_heading().map(str::to_owned));
        let helps = argument.get_possible_values();
        let values = helps.iter().filter(|value| value.get_help().is_some());
        names.extend(values.map(|value| format!("{name}={}", value.get_name())));
        if argument.get_help().is_some() {
            names.push(name);
        }
    }
    for name in &names {
        expect(true, words.argument(name).unwrap_or_default(), name);
    }
    for (name, chinese) in words.arguments {
        expect(names.iter().any(|known| known == name), chinese, name);
    }
    for (name, _) in words.commands {
        expect(command.find_subcommand(name).is_some(), "词", name);
    }
    for subcommand in command.get_subcommands() {
        let words = words.command(subcommand.get_name()).unwrap_or(&Chinese::NONE);
        compare(subcommand, words, missing);
    }
}
