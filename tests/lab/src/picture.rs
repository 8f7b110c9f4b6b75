//! A ladder as a picture: the same events as `Ladder::text`, drawn as SVG that stands in a page.
//!
//! It is drawn as narrow as a phone, so that it is read there without zooming. Colours come from
//! the page by class, so that the page decides about light and dark. What a peer sent is escaped
//! twice: control characters as everywhere in this workspace, and what is markup to the page.

use std::fmt::Write as _;

use common::terminal::{self, escape_line};

use crate::ladder::{Column, Fate, Ladder, Load, What, cut, interval, quoted, wrap};
use crate::text;

/// The width of the picture, in its own units, which are pixels where there is room.
const WIDTH: usize = 420;
const LEFT: usize = 12;
const RIGHT: usize = WIDTH - 12;
const MIDDLE: usize = WIDTH / 2;
/// From one event to the next.
const ROW: usize = 40;
/// From one row of a text to the next.
const LINE: usize = 16;
/// Above the first event: who talks.
const HEAD: usize = 44;
/// How many columns of text fit between the lines; 你 takes two.
const COLUMNS: usize = 50;
/// As many fit between a line and the middle one.
const HALF: usize = 24;

/// One picture, `<svg …>…</svg>`.
pub fn svg(ladder: &Ladder) -> String {
    let mut rows = String::new();
    let names = &ladder.names;
    // The name in the middle has a row of its own.
    let below = if names.middle.is_some() { LINE + 2 } else { 0 };
    let mut y = HEAD + below;
    let mut last = None;
    for event in &ladder.events {
        let time = match last.replace(event.at) {
            None => String::new(),
            Some(before) => format!("+{}", interval(event.at.saturating_sub(before))),
        };
        let height = match &event.what {
            What::Arrow { from, to, load, fate } => {
                arrow(&mut rows, y, *from, *to, load, *fate, &time);
                ROW
            }
            What::At(place, words) => words_at(&mut rows, y, Some(*place), words),
            What::Note(words) => words_at(&mut rows, y, None, words),
        };
        y += height;
        let states =
            [(&event.states.left, LEFT + 6, "start"), (&event.states.right, RIGHT - 6, "end")];
        if event.states.left.is_some() || event.states.right.is_some() {
            for (state, x, anchor) in states {
                if let Some(state) = state {
                    write_text(&mut rows, x, y + 8, anchor, "state", state);
                }
            }
            y += LINE;
        }
    }
    let bottom = y + 4;
    let summary = markup(&text::conversation_between(&names.left, &names.right));
    let mut svg = format!(
        "<svg viewBox=\"0 0 {WIDTH} {}\" role=\"img\" aria-label=\"{summary}\" xmlns=\"http://www.w3.org/2000/svg\">\n",
        bottom + 8
    );
    write_text(&mut svg, LEFT, 16, "start", "name", &names.left);
    write_text(&mut svg, RIGHT, 34 + below, "end", "name", &names.right);
    let mut rails = vec![(LEFT, 22, "rail"), (RIGHT, 40 + below, "rail")];
    if let Some(middle) = &names.middle {
        write_text(&mut svg, MIDDLE, 34, "middle", "name", middle);
        rails.push((MIDDLE, 40, "rail middle"));
    }
    for (x, top, class) in rails {
        let _ = writeln!(
            svg,
            "<line class=\"{class}\" x1=\"{x}\" y1=\"{top}\" x2=\"{x}\" y2=\"{bottom}\"/>"
        );
    }
    svg.push_str(&rows);
    svg.push_str("</svg>\n");
    svg
}

fn arrow(
    rows: &mut String,
    y: usize,
    from: Column,
    to: Column,
    load: &Load,
    fate: Fate,
    time: &str,
) {
    let (begin, end) = (column(from), column(to));
    let class = match (fate, begin < end) {
        (Fate::Lost, _) => "lost",
        (Fate::Arrives, true) => "right",
        (Fate::Arrives, false) => "left",
    };
    let columns = if begin.abs_diff(end) > MIDDLE { COLUMNS } else { HALF };
    let label = match load {
        Load::Words(words) => cut(&escape_line(words), columns),
        Load::Bytes(bytes, remark) => {
            let mut label = text::bytes(bytes.len() as u64);
            if !remark.is_empty() {
                label += &text::and_so(escape_line(remark));
            }
            let room = columns.saturating_sub(terminal::columns(&label) + 1).max(8);
            format!("{label} {}", quoted(bytes, room))
        }
    };
    write_text(rows, (begin + end) / 2, y + 12, "middle", class, &label);
    write_text(rows, (begin + end) / 2, y + 32, "middle", "time", time);
    let tip = if begin < end { end - 7 } else { end + 7 };
    let shaft = y + 19;
    let _ = writeln!(
        rows,
        "<line class=\"{class}\" x1=\"{begin}\" y1=\"{shaft}\" x2=\"{tip}\" y2=\"{shaft}\"/>"
    );
    let (top, low) = (shaft - 4, shaft + 4);
    let _ = match fate {
        Fate::Arrives => {
            writeln!(rows, "<path class=\"{class}\" d=\"M{end} {shaft}L{tip} {top}V{low}Z\"/>")
        }
        Fate::Lost => {
            let (near, far) = (tip.saturating_sub(4), tip + 4);
            writeln!(
                rows,
                "<path class=\"lost\" d=\"M{near} {top}L{far} {low}M{far} {top}L{near} {low}\"/>"
            )
        }
    };
}

/// Draws words beside the line of a place, or in the middle of all, and tells their height.
fn words_at(rows: &mut String, y: usize, place: Option<Column>, words: &str) -> usize {
    let (x, anchor, columns) = match place {
        Some(Column::Left) => (LEFT + 6, "start", COLUMNS),
        Some(Column::Middle) => (MIDDLE + 6, "start", HALF),
        Some(Column::Right) => (RIGHT - 6, "end", COLUMNS),
        None => (MIDDLE, "middle", COLUMNS),
    };
    let lines = wrap(&escape_line(words), columns);
    for (number, line) in lines.iter().enumerate() {
        write_text(rows, x, y + 12 + number * LINE, anchor, "words", line);
    }
    lines.len() * LINE + 4
}

fn column(place: Column) -> usize {
    match place {
        Column::Left => LEFT,
        Column::Middle => MIDDLE,
        Column::Right => RIGHT,
    }
}

fn write_text(svg: &mut String, x: usize, y: usize, anchor: &str, class: &str, words: &str) {
    if !words.is_empty() {
        let words = markup(&escape_line(words));
        let _ = writeln!(
            svg,
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{words}</text>"
        );
    }
}

/// Text as it may stand in a page, also within an attribute.
pub fn markup(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            letter => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ladder::{Event, Names, States};
    use common::text::{Lang, speaking};
    use proptest::prelude::*;
    use std::time::Duration;

    fn ladder(what: Vec<What>) -> Ladder {
        let names = Names { left: "client".to_owned(), middle: None, right: "server".to_owned() };
        let event = |(at, what)| Event::new(Duration::from_millis(at), what);
        Ladder { names, events: (0..).zip(what).map(event).collect() }
    }

    fn arrow_of(load: Load, from: Column, to: Column) -> What {
        What::Arrow { from, to, load, fate: Fate::Arrives }
    }

    #[test]
    fn every_event_is_drawn_in_its_place() {
        let mut ladder = ladder(vec![
            arrow_of(Load::Words("connect".to_owned()), Column::Left, Column::Right),
            arrow_of(
                Load::Bytes("你好".as_bytes().to_vec(), String::new()),
                Column::Right,
                Column::Left,
            ),
            What::At(Column::Right, "waits".to_owned()),
        ]);
        ladder.events[0].states = States { left: Some("ESTABLISHED".to_owned()), right: None };
        let svg = svg(&ladder);
        assert!(svg.contains(">connect</text>") && svg.contains("class=\"right\""), "{svg}");
        assert!(
            svg.contains(">6 bytes &quot;你好&quot;</text>") && svg.contains("class=\"left\""),
            "{svg}"
        );
        assert!(svg.contains("text-anchor=\"end\">waits</text>"), "{svg}");
        assert!(svg.contains(">ESTABLISHED</text>") && svg.contains(">+1.0 ms</text>"), "{svg}");
    }

    #[test]
    fn what_became_of_a_message_is_parted_as_its_language_parts_it() {
        let lost = || Load::Bytes(b"hi".to_vec(), "丢弃".to_owned());
        let picture = || svg(&ladder(vec![arrow_of(lost(), Column::Left, Column::Right)]));
        let (english, chinese) = (speaking(Lang::En, picture), speaking(Lang::Zh, picture));
        assert!(english.contains(">2 bytes, 丢弃 &quot;hi&quot;<"), "{english}");
        assert!(chinese.contains(">2 字节，丢弃 &quot;hi&quot;<"), "{chinese}");
    }

    #[test]
    fn what_a_peer_sent_is_no_markup() {
        let hostile = b"</text><script>alert(1)</script>\x1b".to_vec();
        let picture = svg(&ladder(vec![arrow_of(
            Load::Bytes(hostile, String::new()),
            Column::Left,
            Column::Right,
        )]));
        assert!(!picture.contains("<script>"), "{picture}");
        assert!(picture.contains("&lt;script&gt;") && !picture.contains('\x1b'), "{picture}");
    }

    proptest! {
        #[test]
        fn whatever_is_said_the_picture_is_whole(words in any::<String>(), bytes in any::<Vec<u8>>()) {
            let picture = svg(&ladder(vec![
                What::At(Column::Left, words.clone()),
                arrow_of(Load::Bytes(bytes, words), Column::Left, Column::Right),
            ]));
            prop_assert_eq!(picture.matches("<text").count(), picture.matches("</text>").count());
            prop_assert_eq!(picture.matches("<svg").count(), 1);
            prop_assert!(!picture.chars().any(|letter| letter.is_control() && letter != '\n'));
        }
    }
}
