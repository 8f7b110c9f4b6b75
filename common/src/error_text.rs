//! Operating-system errors in the words of this workspace: lowercase, no full stop, no number.

use std::error::Error;
use std::io;

use crate::terminal::escape::escape_line;

/// The cause alone, as it stands after the colon of an `error:` line: `connection refused`.
///
/// `std` writes `Connection refused (os error 111)`; the number helps nobody who reads the words,
/// and differs between systems.
pub fn cause(error: &io::Error) -> String {
    let text = error.to_string();
    let words = match (error.raw_os_error(), text.rfind(" (os error ")) {
        (Some(_), Some(end)) => text.get(..end).unwrap_or(&text),
        _ => &text,
    };
    lowercase_first(words)
}

/// A whole chain of errors on one line, outermost first, each cause after a colon.
///
/// Some libraries print their source themselves: a link that its predecessor already ends with is
/// left out.
pub fn chain(error: &anyhow::Error) -> String {
    let mut line = String::new();
    for link in error.chain() {
        let words = link_words(link);
        if line.ends_with(&words) {
            continue;
        }
        if !line.is_empty() {
            line.push_str(": ");
        }
        line.push_str(&words);
    }
    // An `error:` is one line, also when it quotes something that is not.
    escape_line(&line).into_owned()
}

fn link_words(link: &(dyn Error + 'static)) -> String {
    match link.downcast_ref::<io::Error>() {
        Some(io) => cause(io),
        None => link.to_string(),
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
    fn a_chain_is_one_line_and_says_nothing_twice() {
        let inner = io::Error::other("No route\nto host");
        let error = anyhow::Error::from(inner).context("cannot ask");
        assert_eq!(chain(&error), "cannot ask: no route\\nto host");
        let twice: anyhow::Result<()> = Err(io::Error::other("lost")).context("it is lost");
        assert_eq!(chain(&twice.unwrap_err()), "it is lost");
    }
}
