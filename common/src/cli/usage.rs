//! Usage errors: what is wrong with a command line, in one line.

use std::error::Error;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::text::options::usage;
use crate::text::words::because;
use crate::text::{Lang, lang};

/// What is wrong, without `error: `.
pub(super) fn usage_error(error: &clap::Error) -> String {
    match lang() {
        Lang::En => {
            let line = one_line(&error.render().to_string());
            line.strip_prefix("error: ").unwrap_or(&line).to_owned()
        }
        Lang::Zh => in_chinese(error) + &tip(error),
    }
}

/// clap explains over several paragraphs; the first of them is the error, and a tip says what was
/// perhaps meant.
fn one_line(rendered: &str) -> String {
    let (error, rest) = rendered.split_once("\n\n").unwrap_or((rendered, ""));
    let mut line = error.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    for tip in rest.lines().filter_map(|line| line.trim().strip_prefix("tip: ")) {
        line.push_str("; ");
        line.push_str(tip);
    }
    line
}

fn in_chinese(error: &clap::Error) -> String {
    let argument = text(error, ContextKind::InvalidArg);
    let value = text(error, ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::UnknownArgument => usage::unknown_argument(&argument),
        ErrorKind::InvalidSubcommand => {
            usage::unknown_command(&text(error, ContextKind::InvalidSubcommand))
        }
        ErrorKind::InvalidValue if value.is_empty() => usage::no_value(&argument) + &values(error),
        ErrorKind::InvalidValue => usage::invalid_value(&value, &argument) + &values(error),
        ErrorKind::ValueValidation => {
            let wrong = usage::invalid_value(&value, &argument);
            error.source().map_or(wrong.clone(), |why| because(wrong, why))
        }
        ErrorKind::MissingRequiredArgument => usage::missing(&argument),
        ErrorKind::MissingSubcommand => {
            usage::missing_command(&text(error, ContextKind::ValidSubcommand))
        }
        ErrorKind::ArgumentConflict => match error.get(ContextKind::PriorArg) {
            None => usage::alone(&argument),
            Some(_) => match text(error, ContextKind::PriorArg) {
                other if other == argument => usage::twice(&argument),
                other => usage::not_together(&argument, &other),
            },
        },
        ErrorKind::TooManyValues if argument.starts_with('-') => {
            usage::takes_no_value(&value, &argument)
        }
        ErrorKind::TooManyValues => usage::too_many(&value, &argument),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => usage::too_few(&argument),
        ErrorKind::NoEquals => usage::needs_equals(&argument),
        ErrorKind::InvalidUtf8 => usage::NO_UTF8.to_owned(),
        _ => usage::NONSENSE.to_owned(),
    }
}

fn values(error: &clap::Error) -> String {
    match text(error, ContextKind::ValidValue) {
        none if none.is_empty() => none,
        values => usage::choose(&values),
    }
}

/// What was perhaps meant.
fn tip(error: &clap::Error) -> String {
    let similar =
        [ContextKind::SuggestedArg, ContextKind::SuggestedValue, ContextKind::SuggestedSubcommand];
    let meant = similar.into_iter().map(|kind| text(error, kind)).find(|meant| !meant.is_empty());
    let escape = || {
        let argument = text(error, ContextKind::InvalidArg);
        let advice = format!("-- {argument}");
        text(error, ContextKind::Suggested).contains(&advice).then(|| usage::as_a_value(&argument))
    };
    meant.map(|meant| usage::perhaps(&meant)).or_else(escape).unwrap_or_default()
}

/// A part of the error; several words are separated.
fn text(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(word)) => word.clone(),
        Some(ContextValue::Strings(words)) => words.join(", "),
        Some(ContextValue::StyledStrs(words)) => {
            words.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::values::seconds;
    use crate::text::speaking;
    use clap::Parser;
    use std::time::Duration;

    #[derive(Debug, clap::Parser)]
    struct Args {
        #[arg(long, value_parser = seconds)]
        timeout: Duration,
        #[arg(long, value_parser = ["stream", "prefix"])]
        framing: Option<String>,
        #[arg(required = true)]
        url: String,
    }

    fn error(language: Lang, args: &[&str]) -> String {
        speaking(language, || usage_error(&Args::try_parse_from(args).unwrap_err()))
    }

    #[test]
    fn a_usage_error_is_one_line() {
        let line = error(Lang::En, &["x", "--timeout", "0", "u"]);
        assert!(line.starts_with("invalid value '0' for '--timeout <TIMEOUT>'"), "{line}");
        assert_eq!(
            error(Lang::En, &["x", "--timeout", "1"]),
            "the following required arguments were not provided: <URL>"
        );
    }

    #[test]
    fn a_usage_error_says_what_was_perhaps_meant() {
        assert_eq!(
            error(Lang::En, &["x", "--timeuot", "1", "u"]),
            "unexpected argument '--timeuot' found; a similar argument exists: '--timeout'"
        );
        assert_eq!(
            error(Lang::En, &["x", "--timeout", "1", "u", "--framing", "prefxi"]),
            "invalid value 'prefxi' for '--framing <FRAMING>' [possible values: stream, prefix]; \
             a similar value exists: 'prefix'"
        );
    }

    #[test]
    fn usage_errors_are_told_in_chinese() {
        for (args, words) in [
            (
                &["x", "--timeuot", "1", "u"][..],
                "不认识的参数 '--timeuot'；是不是想写 '--timeout'？",
            ),
            (&["x", "--timeout", "1"], "缺少参数：<URL>"),
            (
                &["x", "--timeout", "1", "u", "-5"],
                "不认识的参数 '-5'；要是想把 '-5' 当作内容，就写 '-- -5'",
            ),
            (
                &["x", "--timeout", "0", "u"],
                "'--timeout <TIMEOUT>' 的值 '0' 不对：秒数必须大于 0，并且不是无穷大",
            ),
            (&["x", "--timeout"], "'--timeout <TIMEOUT>' 后面要有一个值"),
            (
                &["x", "--timeout", "1", "u", "--framing", "prefxi"],
                "'--framing <FRAMING>' 的值 'prefxi' 不对 [可选值：stream, prefix]；是不是想写 'prefix'？",
            ),
            (&["x", "--timeout", "1", "--timeout", "2", "u"], "'--timeout <TIMEOUT>' 只能写一次"),
        ] {
            assert_eq!(error(Lang::Zh, args), words);
        }
    }
}
