//! Operating-system errors in the words of this workspace: lowercase, no full stop, no number.

use std::error::Error;
use std::io;

use crate::terminal::escape::escape_line;
#[cfg(windows)]
use crate::text::system_english;
use crate::text::{Lang, lang, speaking, system, words};

/// The cause alone, as it stands after the colon of an `error:` line: `connection refused`.
///
/// `std` writes `Connection refused (os error 111)`; the number helps nobody who reads the words,
/// and differs between systems. In Chinese the system's words are ours, and on Windows, which has
/// words in the user's language, in English as well.
pub fn cause(error: &io::Error) -> String {
    if lang() == Lang::Zh
        && let Some(words) = system::in_chinese(error)
    {
        return words.to_owned();
    }
    lowercase_first(&plain(&error.to_string()))
}

/// An error of the system that came in English, as a trace has it, in the language that this
/// program speaks.
pub fn of_the_system(english: &str) -> String {
    if lang() == Lang::En {
        return english.to_owned();
    }
    let known = || {
        let mut all = (1..200).chain(10_000..11_100).map(io::Error::from_raw_os_error);
        all.find(|error| speaking(Lang::En, || cause(error)) == english)
    };
    let chinese =
        system::of_words(english).or_else(|| known().as_ref().and_then(system::in_chinese));
    chinese.unwrap_or(english).to_owned()
}

/// A whole chain of errors on one line, outermost first, each cause after a colon.
///
/// Some libraries print their source themselves: a link that its predecessor already ends with is
/// left out.
pub fn chain(error: &anyhow::Error) -> String {
    let mut line = String::new();
    for link in error.chain() {
        let said = link_words(link);
        if line.ends_with(&said) {
            continue;
        }
        if !line.is_empty() {
            line.push_str(words::colon());
        }
        line.push_str(&said);
    }
    // An `error:` is one line, also when it quotes something that is not.
    escape_line(&line).into_owned()
}

fn link_words(link: &(dyn Error + 'static)) -> String {
    match link.downcast_ref::<io::Error>() {
        Some(io) => cause(io),
        // An error that wraps one of the system may say nothing but that one's words
        // (`#[error(transparent)]`), and is none to the eye that looks for its type.
        None => {
            let said = plain(&link.to_string());
            let chinese = (lang() == Lang::Zh).then(|| system::of_words(&said)).flatten();
            chinese.map_or(said, str::to_owned)
        }
    }
}

/// Words in which each error of the system stands as it does by itself: `cannot read: Connection
/// reset by peer (os error 104)` becomes `cannot read: connection reset by peer`.
fn plain(text: &str) -> String {
    const NUMBER: &str = " (os error ";
    let mut words = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((said, after)) = rest.split_once(NUMBER) {
        let number = after
            .split_once(')')
            .and_then(|(number, after)| Some((number.parse::<i64>().ok()?, after)));
        let Some((number, after)) = number else {
            words.push_str(said);
            words.push_str(NUMBER);
            rest = after;
            continue;
        };
        // The system's own words begin behind the last colon. Windows ends them with a full stop.
        let begin =
            [": ", "："].into_iter().filter_map(|colon| Some(said.rfind(colon)? + colon.len()));
        let begin = begin.max().unwrap_or_default();
        let (before, system) = said.split_at_checked(begin).unwrap_or(("", said));
        words.push_str(before);
        let system = system.trim_end_matches(['.', '。', ' ', '\r', '\n']);
        words.push_str(&in_ours(number).map_or_else(|| lowercase_first(system), str::to_owned));
        rest = after;
    }
    words.push_str(rest);
    words
}

/// Our words for an error of the system with that number, where it speaks another language than
/// this program and we have some.
fn in_ours(number: i64) -> Option<&'static str> {
    let error = io::Error::from_raw_os_error(i32::try_from(number).ok()?);
    match lang() {
        Lang::Zh => system::in_chinese(&error),
        #[cfg(windows)]
        Lang::En => system_english::of(&error),
        #[cfg(not(windows))]
        Lang::En => None,
    }
}

fn lowercase_first(words: &str) -> String {
    let mut letters = words.chars();
    match letters.next() {
        // `UTF-8 …` stays as it is; `Connection …` does not.
        Some(first) if !letters.clone().next().is_some_and(char::is_uppercase) => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context;

    #[test]
    fn an_os_error_loses_its_number_and_its_capital() {
        let refused = io::Error::from_raw_os_error(111);
        #[cfg(target_os = "linux")]
        assert_eq!(cause(&refused), "connection refused");
        assert!(!cause(&refused).contains("os error"));
        assert_eq!(cause(&io::Error::other("UTF-8 is cut")), "UTF-8 is cut");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn an_error_that_came_in_english_is_told_in_chinese() {
        let in_chinese = |english: &str| speaking(Lang::Zh, || of_the_system(english));
        assert_eq!(in_chinese("connection reset by peer"), "连接被对端复位");
        assert_eq!(in_chinese("transport endpoint is not connected"), "套接字没有连接");
        assert_eq!(in_chinese("timed out"), "超时");
        assert_eq!(in_chinese("the moon is full"), "the moon is full");
        assert_eq!(speaking(Lang::En, || of_the_system("timed out")), "timed out");
    }

    #[test]
    fn what_wraps_an_error_of_the_system_loses_its_number_as_well() {
        #[derive(Debug, thiserror::Error)]
        enum Wrapped {
            #[error(transparent)]
            Io(#[from] io::Error),
            #[error("the record is cut: {0}")]
            Cut(io::Error),
        }
        let numbered = || io::Error::from_raw_os_error(104);
        let bare = cause(&numbered());
        assert!(!bare.contains("os error") && !bare.starts_with(char::is_uppercase), "{bare}");
        let transparent = anyhow::Error::from(Wrapped::from(numbered()));
        assert_eq!(chain(&transparent), bare);
        assert_eq!(chain(&transparent.context("cannot ask")), format!("cannot ask: {bare}"));
        let late = anyhow::Error::from(Wrapped::from(io::Error::from(io::ErrorKind::TimedOut)));
        assert_eq!(chain(&late), "timed out");
        assert_eq!(speaking(Lang::Zh, || chain(&late)), "超时");
        let quoting = Wrapped::Cut(numbered());
        assert_eq!(chain(&quoting.into()), format!("the record is cut: {bare}"));
        // Behind an error of `std` that stands for another one.
        let twice = io::Error::other(Wrapped::from(io::Error::other(Wrapped::from(numbered()))));
        assert_eq!(cause(&twice), bare);
        assert_eq!(chain(&anyhow::Error::from(twice)), bare);
    }

    #[cfg(not(windows))]
    #[test]
    fn only_what_is_a_number_of_the_system_goes() {
        assert_eq!(plain("a (os error 5) b: Cut (os error -2): c"), "a b: cut: c");
        for text in ["no (os error x)", "cut (os error 5", "a (os error )", "Plain: Words"] {
            assert_eq!(plain(text), text);
        }
        // As Windows says it.
        assert_eq!(plain("Access is denied. (os error 5)"), "access is denied");
        assert_eq!(plain("拒绝访问。 (os error 5)"), "拒绝访问");
    }

    #[cfg(windows)]
    #[test]
    fn what_windows_says_in_its_own_language_is_said_in_ours() {
        for (said, ours) in [
            ("cannot read: Zugriff verweigert. (os error 5)", "cannot read: permission denied"),
            ("拒绝访问。 (os error 5): x", "permission denied: x"),
            // One that is met so seldom that it keeps its words.
            ("The semaphore timeout is over. (os error 121)", "the semaphore timeout is over"),
        ] {
            assert_eq!(plain(said), ours);
        }
    }

    #[test]
    fn a_chain_is_one_line_and_says_nothing_twice() {
        let inner = io::Error::other("No route\nto host");
        let error = anyhow::Error::from(inner).context("cannot ask");
        assert_eq!(chain(&error), "cannot ask: no route\\nto host");
        let twice: anyhow::Result<()> = Err(io::Error::other("lost")).context("it is lost");
        assert_eq!(chain(&twice.unwrap_err()), "it is lost");
    }

    #[test]
    fn a_chain_in_chinese_has_chinese_causes_and_colons() {
        let refused = anyhow::Error::from(io::Error::from(io::ErrorKind::ConnectionRefused));
        let error = refused.context("没有回答");
        assert_eq!(speaking(Lang::Zh, || chain(&error)), "没有回答：连接被拒绝");
        #[cfg(target_os = "linux")]
        assert_eq!(
            speaking(Lang::Zh, || plain("无法写：Connection reset by peer (os error 104)；再试")),
            "无法写：连接被对端复位；再试"
        );
    }
}
