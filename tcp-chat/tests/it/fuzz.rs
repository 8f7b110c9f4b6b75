//! Fuzz targets: see "Fuzzing" in tests/README.md.

use std::collections::HashMap;

use harness::cuts;
use tcp_chat::duplex::Messages;
use tcp_chat::names::{check_name, key};
use tcp_chat::room::{Id, Line, Lines, MAX_LINE, Room, To};
use tcp_chat::{EndWord, Heard};

/// Random inputs of a run of `cargo test`, beside the corpus.
const RANDOM: usize = 200;

/// A small cap, so that lines are on either side of it.
const MAX: usize = 20;

fn lines_of(pieces: &[&[u8]]) -> Vec<Line> {
    let mut lines = Lines::new(MAX);
    let mut all: Vec<Line> = pieces.iter().flat_map(|piece| lines.push(piece)).collect();
    all.extend(lines.finish());
    all
}

#[test]
fn room_lines() {
    bolero::check!(name = "room_lines").with_iterations(RANDOM).for_each(|stream: &[u8]| {
        let at_once = lines_of(&[stream]);
        for pieces in cuts(stream) {
            assert_eq!(lines_of(&pieces), at_once);
        }
        let held: usize = at_once
            .iter()
            .map(|line| if let Line::Complete(line) = line { line.len() } else { 0 })
            .sum();
        assert!(held <= stream.len(), "lines grow no faster than their bytes");
        // Telnet's commands (RFC 854) begin with this byte; without them a line is what it is.
        if stream.contains(&0xff) {
            return;
        }
        let mut wanted: Vec<&[u8]> = stream.split(|byte| *byte == b'\n').collect();
        wanted.pop_if(|rest| rest.is_empty());
        let wanted: Vec<Line> = wanted
            .into_iter()
            .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
            .map(
                |line| if line.len() > MAX { Line::TooLong } else { Line::Complete(line.to_vec()) },
            )
            .collect();
        assert_eq!(at_once, wanted);
    });
}

/// What a member's terminal obeys.
fn is_control(letter: char) -> bool {
    letter.is_control() && letter != '\t'
}

#[test]
fn room() {
    bolero::check!(name = "room").with_iterations(RANDOM).for_each(|stream: &[u8]| {
        let mut room = Room::new();
        for id in 0..3 {
            room.join(id);
        }
        // Three members, who speak in turn; the first byte of a line says who.
        let mut lines = Lines::new(MAX_LINE);
        for (at, line) in lines.push(stream).into_iter().chain(lines.finish()).enumerate() {
            let id = at as Id % 3;
            let words = match &line {
                Line::Complete(line) => line.len(),
                Line::TooLong => 0,
            };
            let name = room.name(id).unwrap().to_owned();
            for delivery in room.hear(id, line).deliveries {
                let said = &delivery.line;
                assert!(!said.contains(is_control), "{said:?}");
                assert!(
                    said.len() <= 8 * words + 200,
                    "what is told grows no faster than what is said"
                );
                // What the room says cannot be said by a member, and who speaks can be told.
                let speaks = said.split_once(": ").is_some_and(|(who, _)| who == name);
                assert!(said.starts_with('*') || speaks, "{said:?} of {name:?}");
                assert!(!said.starts_with('*') || !speaks);
                assert!(
                    matches!(delivery.to, To::All | To::Others(_)) || delivery.to == To::One(id)
                );
            }
        }
        let mut names = HashMap::new();
        for id in 0..3 {
            let name = room.name(id).unwrap();
            assert!(name.starts_with("guest-") || check_name(name).is_ok());
            assert_eq!(names.insert(name.to_lowercase(), id), None, "{name:?} is taken twice");
        }
    });
}

#[test]
fn names() {
    bolero::check!(name = "names").with_iterations(RANDOM).for_each(|bytes: &[u8]| {
        let name = String::from_utf8_lossy(bytes);
        // The four who join below have these.
        let is_a_guests = (1..=4).any(|guest| key(&name) == format!("guest-{guest}"));
        if check_name(&name).is_err() || is_a_guests {
            return;
        }
        let odd = |letter: char| {
            letter.is_control() || letter.is_whitespace() || letter == ':' || letter == '\\'
        };
        assert!(
            !name.is_empty() && !name.contains(odd) && !name.starts_with(['*', '/']),
            "{name:?}"
        );
        assert_eq!(common::terminal::escape_line(&name), name, "a name is shown as it is");
        // It is one name: whoever has it, has it in small letters and in capitals, too.
        let mut room = Room::new();
        for id in 0..4 {
            room.join(id);
        }
        let take = |room: &mut Room, id, name: &str| {
            room.hear(id, Line::Complete(format!("/nick {name}").into_bytes()));
            room.name(id) == Some(name)
        };
        assert!(take(&mut room, 0, &name), "{name:?}");
        for (id, other) in
            [(1, name.to_string()), (2, name.to_lowercase()), (3, name.to_uppercase())]
        {
            assert!(!take(&mut room, id, &other), "{other:?} beside {name:?}");
        }
        room.hear(0, Line::Complete(b"/nick somebody-else".to_vec()));
        assert!(take(&mut room, 1, &name), "a name that was given up is free");
    });
}

fn heard(pieces: &[&[u8]]) -> Vec<Heard> {
    let mut messages = Messages::new("bye".parse::<EndWord>().unwrap());
    let mut all: Vec<Heard> = pieces.iter().flat_map(|piece| messages.push(piece, true)).collect();
    all.extend(messages.finish());
    all
}

#[test]
fn duplex() {
    bolero::check!(name = "duplex").with_iterations(RANDOM).for_each(|stream: &[u8]| {
        // While more is at hand, nothing is taken for an end but a line's.
        let at_once = heard(&[stream]);
        for pieces in cuts(stream) {
            assert_eq!(heard(&pieces), at_once);
        }
        let mut messages = Messages::new("bye".parse().unwrap());
        let mut all = Vec::new();
        for piece in cuts(stream).pop().unwrap() {
            all.extend(messages.push(piece, false));
        }
        all.extend(messages.finish());
        if !all.contains(&Heard::EndWord) {
            // Wherever messages are cut, no byte of them is lost or added.
            let words = |bytes: &[u8]| -> Vec<u8> {
                bytes.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect()
            };
            let said: Vec<u8> = all
                .iter()
                .flat_map(|heard| {
                    if let Heard::Message(message) = heard { words(message) } else { Vec::new() }
                })
                .collect();
            assert_eq!(said, words(stream));
        }
    });
}
