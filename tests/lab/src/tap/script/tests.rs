//! Scripts, right and wrong.

use super::*;

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

#[test]
fn every_fault_of_a_stream_is_read() {
    let script = Script::parse(
        "# a comment\n\n\
             client byte 5 corrupt   # this one, too\n\
             client byte 9 insert \"\\r\\n#\"\n\
             server byte 100 pause 500ms\n\
             server byte 1000 cut rst\n\
             both after 1.5s pause 1s\n\
             server after 2s cut fin\r\n\
             server byte 1 replace \"你\\x00\"\n",
        false,
    )
    .unwrap();
    let client = Timetable {
        edits: [(4, vec![Edit::Corrupt]), (8, vec![Edit::Insert(b"\r\n#".to_vec())])].into(),
        timed_pauses: vec![(ms(1500), ms(1000))],
        ..Timetable::default()
    };
    let server = Timetable {
        edits: [(0, vec![Edit::Replace("你\0".into())])].into(),
        pauses: [(99, ms(500))].into(),
        timed_pauses: vec![(ms(1500), ms(1000))],
        cut_at_byte: Some((1000, Close::Reset)),
        cut_at_time: Some((ms(2000), Close::Fin)),
        ..Timetable::default()
    };
    assert_eq!(script, Script { client, server });
}

#[test]
fn every_fault_of_datagrams_is_read() {
    let script = Script::parse(
            "client datagram 3 drop\nclient datagram 3 corrupt\nclient datagram 4 duplicate\n\
             client datagram 5 delay 0.3s\nclient datagram 6 replace \"x\"\nclient after 1s drop for 250ms\n",
            true,
        )
        .unwrap();
    let client = Timetable {
        datagrams: [
            (2, vec![Fault::Drop, Fault::Corrupt]),
            (3, vec![Fault::Duplicate]),
            (4, vec![Fault::Delay(ms(300))]),
            (5, vec![Fault::Replace(b"x".to_vec())]),
        ]
        .into(),
        blackouts: vec![(ms(1000), ms(250))],
        ..Timetable::default()
    };
    assert_eq!(script, Script { client, server: Timetable::default() });
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    for (text, udp, line, why) in [
        ("clinet byte 1 corrupt", false, 1, "clinet"),
        ("\n\nclient byte 0 corrupt", false, 3, "'0'"),
        ("client byte x corrupt", false, 1, "'x'"),
        ("client byte", false, 1, "N"),
        ("client byte 1", false, 1, "corrupt"),
        ("client byte 1 explode", false, 1, "explode"),
        ("client byte 1 corrupt twice", false, 1, "twice"),
        ("client byte 1 pause soon", false, 1, "soon"),
        ("client byte 1 pause -1s", false, 1, "-1s"),
        ("client byte 1 pause nans", false, 1, "nans"),
        ("client byte 1 cut off", false, 1, "off"),
        ("client byte 1 insert x", false, 1, "x"),
        ("client byte 1 insert \"x", false, 1, "quotation mark"),
        ("client byte 1 insert \"\\q\"", false, 1, "\\q"),
        ("client byte 1 insert \"\\x5\"", false, 1, "\\x5"),
        ("# fine\nclient datagram 1 drop", false, 2, "UDP"),
        ("client byte 1 corrupt", true, 1, "TCP"),
        ("client datagram 1 cut rst", true, 1, "cut"),
        ("client after 1s corrupt", false, 1, "corrupt"),
        ("client after 1s pause 1s", true, 1, "pause"),
        ("client \"byte\" 1 corrupt", false, 1, "byte"),
    ] {
        let wrong = Script::parse(text, udp).unwrap_err();
        assert_eq!(wrong.line, line, "{text}: {wrong:?}");
        assert!(wrong.why.contains(why), "{text}: {wrong:?}");
    }
}
