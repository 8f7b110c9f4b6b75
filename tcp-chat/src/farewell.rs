//! What the server says to a client before it closes the connection of its own accord.
//!
//! The words are a message like any other, so that every program shows them. Our client knows them
//! again: who was sent away has not left in good order, and its exit status says so.

use std::time::Duration;

use common::text::{Lang, lang};

use crate::text;

/// How the words begin for one that is dropped.
const DROPPED: &str = "you have been dropped: ";

/// The words for a client that is one too many, in duplex.
pub const FULL_SERVER: &[u8] = "the server is full: try again later".as_bytes();

/// What a room says to a client that finds no place in it: a line, as all that it says.
pub const FULL_ROOM: &[u8] = b"* the room is full\n";

/// The words for a client that has been silent for longer than the server's `--idle-timeout`.
pub fn silent_for(limit: Duration) -> String {
    format!("{DROPPED}nothing was heard from you for {} s (--idle-timeout)", limit.as_secs_f64())
}

/// The words for a client that does not take what is sent to it.
pub fn does_not_read() -> String {
    format!("{DROPPED}you do not read what is said")
}

/// The words for a web page, or another program that speaks HTTP.
pub fn speaks_http() -> String {
    format!("{DROPPED}this is no web server, and nothing of your request was said")
}

/// Whether these are the last words to a client that is sent away. In a room they are a line of the
/// room's own, which begins with `* `.
pub fn is_farewell(message: &[u8]) -> bool {
    let words = message.strip_prefix(b"* ").unwrap_or(message);
    let is_refused = message == FULL_SERVER || FULL_ROOM.strip_suffix(b"\n") == Some(message);
    is_refused || words.starts_with(DROPPED.as_bytes())
}

/// The last words to a client that is sent away, in the language of its user: they come in English,
/// and other servers have other words.
pub fn in_our_language(message: &str) -> String {
    if lang() == Lang::En {
        return message.to_owned();
    }
    let words = message.strip_prefix("* ").unwrap_or(message);
    let silence = words.strip_prefix(DROPPED).and_then(|why| {
        why.strip_prefix("nothing was heard from you for ")?.strip_suffix(" s (--idle-timeout)")
    });
    match silence {
        Some(seconds) => text::you_were_silent(seconds),
        None if words.as_bytes() == FULL_SERVER => text::server_is_full().to_owned(),
        None if words == "the room is full" => text::room_is_full().to_owned(),
        None if words == does_not_read() => text::you_do_not_read().to_owned(),
        None if words == speaks_http() => text::you_speak_http().to_owned(),
        None => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use common::text::speaking;

    #[test]
    fn last_words_are_told_in_the_language_of_the_user() {
        let silent = silent_for(Duration::from_secs(300));
        let (full, room) =
            (str::from_utf8(FULL_SERVER).unwrap(), str::from_utf8(FULL_ROOM).unwrap());
        for words in [&silent, &does_not_read(), &speaks_http(), full, room.trim_end()] {
            let chinese = speaking(Lang::Zh, || in_our_language(words));
            assert!(chinese.chars().filter(|letter| !letter.is_ascii()).count() > 3, "{words}");
            assert_eq!(speaking(Lang::En, || in_our_language(words)), *words);
        }
        assert_eq!(
            speaking(Lang::Zh, || in_our_language(&format!("* {silent}"))),
            "你已被请出：300 秒没有听到你说话（--idle-timeout）"
        );
        assert_eq!(speaking(Lang::Zh, || in_our_language("* au revoir")), "* au revoir");
    }

    #[test]
    fn the_words_say_why_and_are_known_again() {
        let words = silent_for(Duration::from_millis(1500));
        assert_eq!(
            words,
            "you have been dropped: nothing was heard from you for 1.5 s (--idle-timeout)"
        );
        for words in [words, does_not_read(), speaks_http()] {
            assert!(is_farewell(words.as_bytes()) && is_farewell(format!("* {words}").as_bytes()));
            // What a member says has a name before it.
            assert!(!is_farewell(format!("guest-1: {words}").as_bytes()));
        }
        assert!(is_farewell(b"* the room is full") && is_farewell(FULL_SERVER));
        assert!(!is_farewell(b"* guest-1 has been dropped: it does not read"));
    }
}
