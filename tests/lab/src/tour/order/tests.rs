//! Recordings, and the rows that are made of them.

use super::*;
use crate::tour::call::Call;
use crate::tour::possible;

const CLIENT: &str = "127.0.0.1:7";
const SERVER: &str = "127.0.0.1:9";

/// Steps of a program, from lines such as `10 send 5 "hello"`, with a state behind it.
pub(crate) fn steps(who: Who, lines: &[&str]) -> VecDeque<Step> {
    let (local, peer) = if who.is_client() { (CLIENT, SERVER) } else { (SERVER, CLIENT) };
    let step = |line: &&str| {
        let (at, line) = line.split_once(' ').unwrap();
        let at = Duration::from_micros(at.parse().unwrap());
        if line == "exits" || line == "killed" {
            let act = if line == "exits" { Act::Exits } else { Act::Killed };
            return Step { who, at, act, link: None };
        }
        let (name, rest) = line.split_once(' ').unwrap_or((line, ""));
        let mut words = rest.split(' ').filter(|word| !word.is_empty());
        let first = words.next();
        let outcome = match first {
            Some("!") => format!("! {}", words.by_ref().collect::<Vec<_>>().join(" ")),
            Some(count) if count.parse::<u64>().is_ok() => {
                let text = words.next().unwrap_or("\"\"").to_owned();
                let digits = if text == "\"\"" { "-" } else { "00" };
                format!("{count} {text} {digits}")
            }
            _ => "- - -".to_owned(),
        };
        let state = first.filter(|word| word.starts_with(char::is_uppercase));
        let state = state.or(words.next()).unwrap_or_default();
        let line = format!("00:00:00.000000 {name} {local} {peer} {outcome} {state}");
        let mut call = Call::parse(line.trim_end()).unwrap_or_else(|| panic!("{line}"));
        call.time = at;
        Step::call(who, call, false)
    };
    lines.iter().map(step).collect()
}

fn rows(client: &[&str], server: &[&str], streams: bool) -> Vec<String> {
    let queues = vec![steps(Who::Server, server), steps(Who::Client(0), client)];
    let rows = arranged(queues.clone(), streams).unwrap();
    possible::check(&queues, &rows, streams).unwrap();
    let state = |row: &Row, client: bool| {
        let of = |step: &&Step| step.who.is_client() == client;
        row.states.iter().rfind(of).and_then(Step::state).unwrap_or_default().to_owned()
    };
    let row = |row: &Row| {
        let words = match &row.shape {
            Shape::At(who, words) if who.is_client() => format!("{words} |"),
            Shape::At(_, words) => format!("| {words}"),
            Shape::Travels { lost: true, words, .. } => format!("{words} ✗"),
            Shape::Travels { from, words, .. } if from.is_client() => format!("{words} ▶"),
            Shape::Travels { words, .. } => format!("◀ {words}"),
        };
        format!("{} [{words}] {}", state(row, true), state(row, false)).trim().to_owned()
    };
    rows.iter().map(row).collect()
}

const BOTH: [&str; 2] = ["1 connect ESTABLISHED", "2 accept ESTABLISHED"];

#[test]
fn what_arrives_comes_after_what_was_sent_whatever_the_clocks_say() {
    let client = [BOTH[0], "10 send 5 \"hello\"", "20 recv 3 \"you\"", "21 shutdown FIN-WAIT-2"];
    let server = [BOTH[1], "5 recv 5 \"hello\"", "22 send 3 \"you\"", "19 recv 0 \"\" CLOSE-WAIT"];
    assert_eq!(
        rows(&client, &server, true),
        [
            "ESTABLISHED [connect, accept ▶] ESTABLISHED",
            "[5 bytes \"hello\" ▶]",
            "[◀ 3 bytes \"you\"]",
            "FIN-WAIT-2 [shutdown: end of stream ▶] CLOSE-WAIT",
        ]
    );
}

#[test]
fn a_state_stands_in_the_row_of_what_led_to_it() {
    // The client asks the kernel after the server has closed, too.
    let client =
        [BOTH[0], "10 shutdown TIME-WAIT", "11 recv 0 \"\" TIME-WAIT", "12 close TIME-WAIT"];
    let server = [BOTH[1], "20 recv 0 \"\" CLOSE-WAIT", "21 close CLOSED"];
    assert_eq!(
        rows(&client, &server, true)[1..],
        [
            "[shutdown: end of stream ▶] CLOSE-WAIT",
            "TIME-WAIT [◀ close: end of stream] CLOSED",
            "TIME-WAIT [close |]",
        ]
    );
}

#[test]
fn a_state_that_comes_before_an_end_is_shown_before_it() {
    let client = [BOTH[0], "30 shutdown FIN-WAIT-2", "31 recv 0 \"\" TIME-WAIT"];
    let server = [BOTH[1], "20 recv 0 \"\" CLOSE-WAIT", "21 close LAST-ACK"];
    assert_eq!(
        rows(&client, &server, true)[1..],
        [
            "FIN-WAIT-2 [shutdown: end of stream ▶] CLOSE-WAIT",
            "TIME-WAIT [◀ close: end of stream] LAST-ACK",
        ]
    );
}

#[test]
fn a_receiver_that_is_busy_is_not_said_to_have_received_in_between() {
    let client = [BOTH[0], "10 send 3 \"one\"", "11 send 3 \"two\"", "40 recv 2 \"ok\""];
    let server = [BOTH[1], "12 recv 3 \"one\"", "30 send 2 \"ok\"", "31 recv 3 \"two\""];
    assert_eq!(
        rows(&client, &server, true)[1..],
        [
            "[3 bytes \"one\" ▶]",
            "[send 3 bytes \"two\" ▶]",
            "[◀ 2 bytes \"ok\"]",
            "[| recv 3 bytes \"two\"]"
        ]
    );
}

#[test]
fn an_end_that_no_call_gives_is_that_of_a_program() {
    let client = [BOTH[0], "10 send 1 \"x\"", "30 exits"];
    let server = [BOTH[1], "11 recv 1 \"x\"", "20 recv 0 \"\" CLOSE-WAIT", "21 close CLOSED"];
    assert_eq!(
        rows(&client, &server, true)[2..],
        ["[exits: end of stream ▶] CLOSE-WAIT", "[| close] CLOSED"]
    );
}

#[test]
fn who_is_killed_with_bytes_unread_resets() {
    let client = [
        BOTH[0],
        "10 send 3 \"one\"",
        "11 send 3 \"two\"",
        "50 recv ! connection reset by peer",
        "60 exits",
    ];
    let server = [BOTH[1], "12 recv 3 \"one\"", "40 killed"];
    assert_eq!(
        rows(&client, &server, true)[2..],
        [
            "[send 3 bytes \"two\" ▶]",
            "[◀ is killed: reset (RST)]",
            "[recv: connection reset by peer |]",
        ]
    );
}

#[test]
fn two_threads_of_one_program_may_note_a_question_after_its_answer() {
    let client = [BOTH[0], "12 recv 2 \"ok\"", "13 send 1 \"x\""];
    let server = [BOTH[1], "10 recv 1 \"x\"", "11 send 2 \"ok\""];
    assert_eq!(rows(&client, &server, true)[1..], ["[1 byte \"x\" ▶]", "[◀ 2 bytes \"ok\"]"]);
}

#[test]
fn a_datagram_that_is_sent_again_is_the_one_that_arrives() {
    let client = [
        "1 connect",
        "10 send 2 \"hi\"",
        "300010 recv ! timed out",
        "300020 send 2 \"hi\"",
        "300050 recv 3 \"you\"",
    ];
    let server = ["300015 recvfrom 2 \"hi\"", "300030 sendto 3 \"you\""];
    assert_eq!(
        rows(&client, &server, false),
        [
            "[connect |]",
            "[2 bytes \"hi\", lost ✗]",
            "[recv: timed out |]",
            "[2 bytes \"hi\" ▶]",
            "[◀ 3 bytes \"you\"]",
        ]
    );
}

#[test]
fn a_datagram_whose_sender_was_held_up_for_long_has_not_been_lost() {
    // The sender noted it only long after its answer; and the same was said twice.
    let client = [
        "1 connect",
        "900000 send 2 \"hi\"",
        "900001 recv 3 \"you\"",
        "900002 send 2 \"hi\"",
        "900100 recv 3 \"you\"",
    ];
    let server = [
        "300 recvfrom 2 \"hi\"",
        "310 sendto 3 \"you\"",
        "900050 recvfrom 2 \"hi\"",
        "900060 sendto 3 \"you\"",
    ];
    let rows = rows(&client, &server, false);
    assert!(rows.iter().all(|row| !row.contains("lost")), "{rows:?}");
    assert_eq!(rows.len(), 5, "{rows:?}");
}

#[test]
fn a_recording_that_lacks_a_line_has_no_order() {
    for (client, server) in [
        (&[BOTH[0]][..], &[BOTH[1], "5 recv 1 \"x\""][..]),
        (&[BOTH[0]], &[BOTH[1], "5 recv 0 \"\" CLOSE-WAIT"]),
        (&[], &[BOTH[1]]),
        (&[BOTH[0], "9 shutdown TIME-WAIT"], &[BOTH[1], "10 recv 0 \"\""]),
    ] {
        let queues = vec![steps(Who::Server, server), steps(Who::Client(0), client)];
        assert!(arranged(queues, true).is_err(), "{client:?} {server:?}");
    }
}

#[test]
fn a_client_that_waits_no_longer_sees_an_end_of_its_own_making_before_the_servers() {
    // As a client of a chat in turns does on a busy machine: it ends its sending, a second later
    // its receiving, and has closed before the server has come to do so, or after that.
    for (close, last) in [
        ("50 close FIN-WAIT-2", ["FIN-WAIT-2 [close |]", "[| close] CLOSED"]),
        ("90 close TIME-WAIT", ["[| close] CLOSED", "TIME-WAIT [close |]"]),
    ] {
        let client = [
            "1 connect ESTABLISHED",
            "10 send 3 \"bye\"",
            "20 shutdown FIN-WAIT-1",
            "30 shutdown FIN-WAIT-2",
            "40 recv 0 \"\" FIN-WAIT-2",
            close,
        ];
        let server = [
            "2 accept ESTABLISHED",
            "60 recv 3 \"bye\"",
            "61 recv 0 \"\" CLOSE-WAIT",
            "70 close CLOSED",
        ];
        let rows = rows(&client, &server, true);
        let own = rows.iter().find(|row| row.contains("by its own shutdown"));
        assert_eq!(
            own.map(String::as_str),
            Some("FIN-WAIT-2 [recv: nothing more, by its own shutdown |]"),
            "{rows:#?}"
        );
        assert_eq!(rows[rows.len() - 2..], last, "{rows:#?}");
    }
}
