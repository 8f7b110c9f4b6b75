//! Reading the arguments of a program; what is wrong with them is told in one line.

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::process;

use clap::error::ErrorKind;
use clap::{Arg, Command, Parser};

use super::chinese::{Chinese, InChinese, translated, translated_help};
use super::description::{description, is_asked_for};
use super::examples::with_examples_first;
use super::language::{chosen, said_in, with_lang};
use super::usage::usage_error;
use super::wrap::wrapped;
use crate::called::as_called_here;
use crate::exit::{FAILED, misused, report};
use crate::signals::{leave_hangups_to_nohup, leave_the_terminal_as_found};
use crate::terminal::columns_of_stdout;
use crate::text::{Lang, lang, speak, words};

/// The arguments of this program. Does not return where they ask for help or make no sense: a usage
/// error is one line on standard error and status 2. From here on the program speaks the language
/// of `--lang`, or the system's.
pub fn parse<A: InChinese>() -> A {
    parse_from(std::env::args_os())
}

/// As [`parse`], of other arguments than this program was given; the first is its name.
pub fn parse_from<A: InChinese>(arguments: impl Iterator<Item = OsString>) -> A {
    // Here, since this comes before the first thread in every program, and threads inherit what is
    // blocked.
    leave_hangups_to_nohup();
    leave_the_terminal_as_found();
    let arguments: Vec<OsString> = arguments.collect();
    let system = Lang::of_the_system();
    speak(said_in(&arguments).unwrap_or(system));
    if is_asked_for(&arguments) {
        process::exit(print(&description(command_line::<A>(&A::CHINESE), &A::CHINESE)).into());
    }
    match try_parse::<A>(&arguments, &A::CHINESE) {
        Ok((parsed, said)) => {
            // `--lang` may also have been a word of a command that is sent elsewhere.
            speak(said.unwrap_or(system));
            parsed
        }
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
                process::exit(show(&error).into())
            }
            _ => misused(&usage_error(&error)),
        },
    }
}

/// Shows a help, or the version, on standard output. Returns the exit status.
fn show(help: &clap::Error) -> u8 {
    let words = as_called_here(&help.render().to_string()).into_owned();
    let words = match lang() {
        Lang::En => words,
        Lang::Zh => {
            let words = translated_help(&words);
            columns_of_stdout().map_or(words.clone(), |columns| wrapped(&words, columns))
        }
    };
    print(&words)
}

/// Prints to standard output. Returns the exit status.
fn print(words: &str) -> u8 {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(words.as_bytes()).and_then(|()| stdout.flush()) {
        // That its reader has left is no failure of ours.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            report(&anyhow::Error::new(error).context(words::cannot_write_stdout()));
            FAILED
        }
        _ => 0,
    }
}

/// As [`Parser::try_parse_from`], but `--timeout -1` is a wrong number, and no option that is
/// called `-1`. What `--lang` says comes with it.
fn try_parse<A: Parser>(
    arguments: &[OsString],
    chinese: &Chinese,
) -> Result<(A, Option<Lang>), clap::Error> {
    let mut command = command_line::<A>(chinese);
    let mut matches = command.try_get_matches_from_mut(arguments)?;
    let said = chosen(&matches);
    match A::from_arg_matches_mut(&mut matches) {
        Ok(parsed) => Ok((parsed, said)),
        Err(error) => Err(error.format(&mut command)),
    }
}

/// The command line, with its help in the language that is spoken.
fn command_line<A: Parser>(chinese: &Chinese) -> Command {
    let command = with_numbers_below_zero(with_lang(A::command()));
    with_examples_first(match lang() {
        Lang::En => command,
        Lang::Zh => translated(command, chinese),
    })
}

fn with_numbers_below_zero(command: Command) -> Command {
    let takes_value =
        |argument: &Arg| argument.get_long().is_some() && argument.get_action().takes_values();
    command
        .mut_args(|argument| match takes_value(&argument) {
            true => argument.allow_negative_numbers(true),
            false => argument,
        })
        .mut_subcommands(with_numbers_below_zero)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::without_chinese;
    use crate::text::speaking;

    /// A program of a test
    #[derive(Debug, Parser)]
    #[command(name = "prog", version, after_help = "Examples:\n  prog 1   says it")]
    struct Args {
        /// How much
        #[arg(value_name = "N")]
        number: Option<u8>,
        /// In which way
        #[arg(long, value_enum, default_value = "slow")]
        way: Way,
        /// Show each socket call on standard error
        #[arg(long)]
        trace: bool,
        /// Odd
        #[arg(long, help_heading = "Oddities")]
        odd: bool,
    }

    #[derive(Clone, Debug, clap::ValueEnum)]
    enum Way {
        /// With patience
        Slow,
        /// Without
        Fast,
    }

    impl InChinese for Args {
        const CHINESE: Chinese = Chinese {
            about: "测试用的程序",
            examples: "例子：\n  prog 1   说出来",
            arguments: &[
                ("number", "多少"),
                ("way", "怎么做"),
                ("way=slow", "慢慢来"),
                ("way=fast", "赶快"),
                ("odd", "古怪"),
                ("Oddities", "古怪的选项"),
            ],
            commands: &[],
        };
    }

    fn help(language: Lang, flag: &str) -> String {
        let arguments = ["prog", flag].map(OsString::from);
        speaking(language, || {
            let help = try_parse::<Args>(&arguments, &Args::CHINESE).unwrap_err();
            let words = help.render().to_string();
            if language == Lang::Zh { translated_help(&words) } else { words }
        })
    }

    #[test]
    fn the_help_is_in_the_language_that_is_asked_for() {
        assert_eq!(
            help(Lang::En, "-h"),
            "A program of a test\n\n\
             Usage: prog [OPTIONS] [N]\n\n\
             Examples:\n  prog 1   says it\n\n\
             Arguments:\n  [N]  How much\n\n\
             Options:\n\
             \x20     --way <WAY>    In which way [default: slow] [possible values: slow, fast]\n\
             \x20     --trace        Show each socket call on standard error\n\
             \x20     --lang <LANG>  Language of help, errors and prompts; without it the system's [possible values: en, zh]\n\
             \x20 -h, --help         Print help (see more with '--help')\n\
             \x20 -V, --version      Print version\n\n\
             Oddities:\n      --odd  Odd\n"
        );
        assert_eq!(
            help(Lang::Zh, "-h"),
            "测试用的程序\n\n\
             用法：prog [选项] [N]\n\n\
             例子：\n  prog 1   说出来\n\n\
             参数：\n  [N]  多少\n\n\
             选项：\n\
             \x20     --way <WAY>    怎么做 [可选值：slow, fast] [默认：slow]\n\
             \x20     --trace        在标准错误上显示每一次套接字调用\n\
             \x20     --lang <LANG>  帮助、提示和错误用的语言；不写就跟系统一样 [可选值：en, zh]\n\
             \x20 -h, --help         显示帮助（--help 更详细）\n\
             \x20 -V, --version      显示版本\n\n\
             古怪的选项：\n      --odd  古怪\n"
        );
        let long = help(Lang::Zh, "--help");
        assert!(
            long.contains("\n          怎么做\n\n          可选值：\n          - slow  慢慢来\n          - fast  赶快\n"),
            "{long}"
        );
        assert!(long.contains("显示帮助（-h 更简短）"), "{long}");
    }

    #[test]
    fn what_has_no_chinese_is_found_and_so_is_chinese_of_nothing() {
        assert_eq!(without_chinese::<Args>(), [""; 0]);

        /// As the other
        #[derive(Debug, Parser)]
        #[command(name = "prog")]
        struct Later {
            /// New
            #[arg(long)]
            new: bool,
        }

        impl InChinese for Later {
            const CHINESE: Chinese =
                Chinese { about: "", arguments: &[("old", "旧的")], ..Chinese::NONE };
        }

        assert_eq!(
            without_chinese::<Later>(),
            ["prog: about has no Chinese", "prog: new has no Chinese", "prog: there is no old"]
        );
    }

    #[test]
    fn the_language_of_an_option_is_told() {
        let parse = |line: &str| {
            let arguments: Vec<_> = line.split(' ').map(OsString::from).collect();
            try_parse::<Args>(&arguments, &Args::CHINESE).map(|(_, said)| said)
        };
        assert_eq!(parse("prog --lang zh 1").unwrap(), Some(Lang::Zh));
        assert_eq!(parse("prog 1 --lang=en").unwrap(), Some(Lang::En));
        assert_eq!(parse("prog -- 1").unwrap(), None);
        assert!(parse("prog --lang fr").is_err());
    }
}
