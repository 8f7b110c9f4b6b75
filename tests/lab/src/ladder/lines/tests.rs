//! How events look as text, at every width.

use super::*;
use crate::ladder::{Ladder, quoted};
use proptest::prelude::*;

fn names(middle: Option<&str>) -> Names {
    Names {
        left: "client 127.0.0.1:41234".to_owned(),
        middle: middle.map(str::to_owned),
        right: "server 127.0.0.1:50000".to_owned(),
    }
}

fn arrow(at: u64, from: Column, to: Column, load: Load) -> Event {
    Event::new(Duration::from_micros(at), What::Arrow { from, to, load, fate: Fate::Arrives })
}

fn bytes(text: &str) -> Load {
    Load::Bytes(text.as_bytes().to_vec(), String::new())
}

fn look(width: usize) -> Look {
    Look { width, ..Look::default() }
}

use Column::{Left, Middle, Right};

#[test]
fn a_conversation_reads_from_the_top() {
    let ladder = Ladder {
        names: names(None),
        events: vec![
            arrow(0, Left, Right, Load::Words("connect".to_owned())),
            arrow(213, Left, Right, bytes("你好\n")),
            arrow(40_313, Right, Left, bytes("ok")),
            Event::new(Duration::from_secs(2), What::At(Right, "waits in recv".to_owned())),
            Event::new(Duration::from_secs(2), What::Note("The server was late.".to_owned())),
        ],
    };
    assert_eq!(
        ladder.text(look(65)),
        "          client 127.0.0.1:41234           server 127.0.0.1:50000
          │                                                     │
        0 │─ connect ──────────────────────────────────────────▶│
  +213 µs │─ 7 bytes \"你好\\n\" ─────────────────────────────────▶│
 +40.1 ms │◀───────────────────────────────────── 2 bytes \"ok\" ─│
  +1.96 s │                                       waits in recv │
    +0 µs │ The server was late.                                │
"
    );
}

#[test]
fn what_stands_in_the_middle_has_a_line_of_its_own() {
    let lost = Event::new(
        Duration::from_millis(3),
        What::Arrow {
            from: Middle,
            to: Right,
            load: Load::Bytes(b"c".to_vec(), "dropped".to_owned()),
            fate: Fate::Lost,
        },
    );
    let ladder = Ladder {
        names: names(Some("tap")),
        events: vec![
            arrow(0, Left, Right, bytes("all the way")),
            arrow(1_000, Left, Middle, bytes("ab")),
            arrow(2_000, Middle, Right, bytes("a")),
            arrow(2_500, Right, Middle, bytes("x")),
            arrow(2_900, Middle, Left, bytes("x")),
            lost,
            Event::new(Duration::from_millis(3), What::At(Middle, "cut after 2 bytes".to_owned())),
        ],
    };
    assert_eq!(
        ladder.text(look(80)),
        "          client 127.0.0.1:41234            tap           server 127.0.0.1:50000
          │                                  ┊                                 │
        0 │─ 11 bytes \"all the way\" ──────────────────────────────────────────▶│
  +1.0 ms │─ 2 bytes \"ab\" ──────────────────▶┊                                 │
  +1.0 ms │                                  ┊─ 1 byte \"a\" ───────────────────▶│
  +500 µs │                                  ┊◀─────────────────── 1 byte \"x\" ─│
  +400 µs │◀──────────────────── 1 byte \"x\" ─┊                                 │
  +100 µs │                                  ┊─ 1 byte, dropped \"c\" ──────✗    │
    +0 µs │                                  ┊ cut after 2 bytes               │
"
    );
}

#[test]
fn states_stand_at_the_sides() {
    let states =
        States { left: Some("SYN-SENT".to_owned()), right: Some("SYN-RECEIVED".to_owned()) };
    let event = Event { states, ..arrow(0, Left, Right, Load::Words("connect".to_owned())) };
    let ladder = Ladder { names: names(None), events: vec![event] };
    assert_eq!(
        ladder.text(Look { states: 12, ..look(80) }),
        "                       client 127.0.0.1:41234
                                             server 127.0.0.1:50000
                       │                                          │
        0     SYN-SENT │─ connect ───────────────────────────────▶│ SYN-RECEIVED
"
    );
    // Where there is no room beside the lines, they stand beneath.
    assert_eq!(
        ladder.text(Look { states: 12, ..look(60) }),
        "          client 127.0.0.1:41234      server 127.0.0.1:50000
          │                                                │
        0 │─ connect ─────────────────────────────────────▶│
          │ (SYN-SENT)                      (SYN-RECEIVED) │
"
    );
}

/// In the width of a terminal, whoever speaks: the right line is in one column.
#[test]
fn letters_of_two_columns_keep_the_lines_straight_at_every_width() {
    let state = || Some("ESTABLISHED".to_owned());
    let states = States { left: state(), right: state() };
    let events = vec![
        Event { states, ..arrow(0, Left, Right, Load::Words("connect, accept".to_owned())) },
        arrow(1, Left, Right, bytes("服务端接收到了信息")),
        arrow(2, Right, Left, bytes("网络编程 and 你好")),
        Event::new(Duration::from_millis(3), What::At(Right, "recv：流结束".to_owned())),
        Event::new(Duration::from_millis(4), What::Note("服务端想了半秒钟。".repeat(9))),
    ];
    for (width, middle) in [60, 80, 120]
        .into_iter()
        .flat_map(|width| [None, Some("服务端 127.0.0.1:50000")].map(|middle| (width, middle)))
    {
        let ladder = Ladder { names: names(middle), events: events.clone() };
        let text = ladder.text(Look { states: 12, ..look(width) });
        let columns = |line: &str| {
            let (before, _) = line.rsplit_once('│')?;
            Some(terminal::columns(before))
        };
        let right: Vec<usize> = text.lines().filter_map(columns).collect();
        assert!(right.len() >= events.len(), "{text}");
        assert!(right.iter().all(|column| *column == right[0]), "{width}\n{text}");
        assert!(text.lines().all(|line| terminal::columns(line) <= width), "{width}\n{text}");
        assert_eq!(text.matches("ESTABLISHED").count(), 2, "{text}");
    }
}

#[test]
fn a_long_message_is_cut_and_its_count_is_not() {
    let long = "中".repeat(50);
    let mut text = Text::new(look(60), &names(None));
    let line = text.event(&arrow(0, Left, Right, bytes(&long)));
    assert_eq!(line, "        0 │─ 150 bytes \"中中中中中中中中中中中中中中中\"… ─▶│\n");
    assert_eq!(quoted(b"abcdef", 8), "\"abcdef\"");
    assert_eq!(quoted(b"abcdefg", 8), "\"abcde\"…");
    assert_eq!(quoted(b"abcd\xff\xff", 8), "\"abcd\"…");
}

#[test]
fn what_a_terminal_obeys_is_shown() {
    let mut text = Text::new(look(80), &names(None));
    let line = text.event(&arrow(0, Left, Right, bytes("\x1b[2J\"\r\n")));
    assert!(line.contains(r#"7 bytes "\x1b[2J\"\r\n""#), "{line}");
    let line = text.event(&Event::new(Duration::ZERO, What::Note("\x1b[31m".to_owned())));
    assert!(line.contains(r"\x1b[31m"), "{line}");
}

#[test]
fn colours_are_used_only_when_asked_for() {
    let event = arrow(0, Left, Right, bytes("x"));
    let plain = Text::new(look(80), &names(None)).event(&event);
    let colourful = Text::new(Look { colour: true, ..look(80) }, &names(None)).event(&event);
    assert!(!plain.contains('\x1b'));
    assert!(colourful.contains("\x1b[36m─ 1 byte"), "{colourful}");
    let stripped = ["\x1b[2m", "\x1b[36m", "\x1b[0m"];
    assert_eq!(stripped.iter().fold(colourful, |text, code| text.replace(code, "")), plain);
}

#[test]
fn ladders_that_grow_at_once_are_told_apart_by_their_tags() {
    let mut text = Text::new(Look { tag: "#3".to_owned(), ..look(60) }, &names(None));
    assert!(text.head(&names(None)).lines().all(|line| line.starts_with("#3 ")));
    assert!(text.event(&arrow(0, Left, Right, bytes("x"))).starts_with("#3         0 │─ 1 byte"));
}

#[test]
fn an_interval_has_the_unit_that_suits_it() {
    let shown = [0, 999, 1_000, 43_210, 999_949, 999_950, 1_250_000, 99_990_000, 100_000_000];
    let shown = shown.map(|micros| interval(Duration::from_micros(micros)));
    assert_eq!(
        shown,
        ["0 µs", "999 µs", "1.0 ms", "43.2 ms", "999.9 ms", "1.00 s", "1.25 s", "99.99 s", "100 s"]
    );
}

#[test]
fn long_words_take_more_rows_and_chinese_is_parted_anywhere() {
    assert_eq!(wrap("one two three", 7), ["one two", "three"]);
    assert_eq!(wrap("一二三四五", 5), ["一二", "三四", "五"]);
    assert_eq!(wrap("", 5), [""]);
}

fn any_place() -> impl Strategy<Value = Column> {
    prop_oneof![Just(Left), Just(Middle), Just(Right)]
}

fn any_load() -> impl Strategy<Value = Load> {
    prop_oneof![
        (any::<Vec<u8>>(), "[ -~]{0,12}").prop_map(|(bytes, remark)| Load::Bytes(bytes, remark)),
        any::<String>().prop_map(Load::Words),
    ]
}

fn any_what() -> impl Strategy<Value = What> {
    let fate = prop_oneof![Just(Fate::Arrives), Just(Fate::Lost)];
    let arrow = (any_place(), any_place(), any_load(), fate)
        .prop_filter("an arrow goes somewhere", |(from, to, _, _)| from != to)
        .prop_map(|(from, to, load, fate)| What::Arrow { from, to, load, fate });
    let at = (any_place(), any::<String>()).prop_map(|(place, words)| What::At(place, words));
    prop_oneof![
        arrow,
        at,
        any::<String>().prop_map(What::Note),
        "[一-龥 a]{0,80}".prop_map(What::Note)
    ]
}

proptest! {
    #[test]
    fn every_line_is_straight_and_harmless(
        what in any_what(), width in 0_usize..200, states in 0_usize..16, middle in any::<bool>(),
        at in 0_u64..1_000_000_000,
    ) {
        let names = names(middle.then_some("tap"));
        let mut text = Text::new(Look { states, ..look(width) }, &names);
        let event = Event::new(Duration::from_micros(at), what);
        let lines = text.event(&event) + &text.event(&event);
        let least = TIME + 3 + LEAST;
        let beside = if text.beside { states + 1 } else { 0 };
        let wanted = width.max(least) - beside;
        for line in lines.lines() {
            prop_assert_eq!(terminal::columns(line), wanted, "{}", line);
            prop_assert!(!line.chars().any(char::is_control));
        }
    }

    #[test]
    fn the_head_is_as_wide_as_the_ladder(
        left in any::<String>(), middle in prop::option::of(any::<String>()), right in any::<String>(),
        width in 0_usize..200,
    ) {
        let names = Names { left, middle, right };
        let head = Text::new(look(width), &names).head(&names);
        let least = width.max(TIME + 3 + LEAST);
        prop_assert!(head.lines().all(|line| terminal::columns(line) <= least), "{}", head);
    }

    #[test]
    fn a_quotation_keeps_to_its_room(bytes in any::<Vec<u8>>(), room in 3_usize..100) {
        prop_assert!(terminal::columns(&quoted(&bytes, room)) <= room);
    }

    #[test]
    fn nothing_is_lost_by_wrapping(text in "[一-龥a-z ]{0,100}", columns in 2_usize..40) {
        let rows = wrap(&text, columns);
        prop_assert!(rows.iter().all(|row| terminal::columns(row) <= columns));
        let letters = |text: &str| text.chars().filter(|letter| *letter != ' ').collect::<String>();
        prop_assert_eq!(letters(&rows.concat()), letters(&text));
    }
}
