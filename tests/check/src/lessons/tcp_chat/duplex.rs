//! Both sides speak whenever they like.

use crate::script::{Check, Ending, Peer, Side, Step};

use super::super::{A, B, S, Steps, Suite, get, outlives, pieces, send, shown, types};

pub(in crate::lessons) const DUPLEX: Suite =
    Suite { variant: "duplex", option: "mode", checks: server, ..super::BYE };
pub(in crate::lessons) const DUPLEX_CLIENT: Suite =
    Suite { side: Side::Client, checks: client, ..DUPLEX };

/// The server's user says something, which all of these hear.
fn told(text: &str, who: &[Peer]) -> Steps {
    [vec![types(text)], who.iter().map(|who| get(who, text)).collect()].concat()
}

fn says(who: Peer, text: &str) -> Steps {
    vec![send(who, text), shown(text)]
}

/// Each client says something else, for what is shown stays there.
fn begins(who: Peer) -> Steps {
    [vec![Step::Connect(who)], says(who, &format!("你好, says {who}"))].concat()
}

/// What is the same on both sides: `who` is the other one, and comes by `opens`.
fn either(who: Peer, opens: Step) -> Vec<Check> {
    vec![
        Check {
            name: "both",
            says: "either side may speak first, and several times in a row",
            why: "While one thread waits in recv, another has to wait for what is typed: neither may wait for the other.",
            ideas: &["F5", "B10"],
            steps: [
                vec![opens.clone()],
                told("你好", &[who]),
                told("在吗", &[who]),
                says(who, "one"),
                says(who, "two"),
                told("很好", &[who]),
            ]
            .concat(),
        },
        Check {
            name: "in-pieces",
            says: "a character that comes in two pieces is shown whole",
            why: "recv cuts where it likes. Keep what is no whole character, and decode it with what comes next: an incremental decoder does.",
            ideas: &["D12", "B9"],
            steps: vec![
                opens.clone(),
                pieces(who, [&b"\xe4\xbd"[..], b"\xa0\xe5\xa5\xbd"]),
                shown("你好"),
            ],
        },
        Check {
            name: "empty-line",
            says: "an empty line is not sent, and the user may type another",
            why: "send(b'') puts nothing on the wire.",
            ideas: &["B9", "F5"],
            steps: [vec![opens, types("")], told("text", &[who])].concat(),
        },
    ]
}

fn server() -> Vec<Check> {
    const SILENT: Peer = "a silent client";
    let ends = |who| vec![send(who, "bye"), Step::ExpectEnd(who)];
    let serves = |who| [begins(who), told("welcome", &[who])].concat();
    let own = vec![
        Check {
            name: "everybody",
            says: "what the server's user says goes to every client",
            why: "Threads that all read standard input share its lines: the first goes to one client and the second to another, by chance. One thread reads, and sends to all.",
            ideas: &["F5", "F1"],
            steps: [
                begins(A),
                begins(B),
                told("hello to both", &[A, B]),
                told("and again", &[A, B]),
            ]
            .concat(),
        },
        Check {
            name: "not-text",
            says: "bytes that are no text do not end the conversation",
            why: "decode() raises UnicodeDecodeError: the tutorial's thread that receives dies of it, and half a conversation is left.",
            ideas: &["D12", "D19"],
            steps: [
                vec![Step::Connect(A), send(A, b"\xff\xfe and text"), shown("and text")],
                says(A, "one more"),
                told("still here", &[A]),
            ]
            .concat(),
        },
        Check {
            name: "word",
            says: "a client's word ends its conversation, and the others go on",
            why: "The word is bye, alone. Who hears it closes.",
            ideas: &["F5", "D13"],
            steps: [begins(A), begins(B), ends(A), says(B, "still here"), told("so am I", &[B])]
                .concat(),
        },
        Check {
            name: "gone",
            says: "a client that leaves is no longer spoken to, and the others go on",
            why: "recv brings no bytes: the peer has gone. The next send to it would succeed, and the one after raise BrokenPipe.",
            ideas: &["D10", "F4"],
            steps: [
                begins(SILENT),
                begins(A),
                vec![Step::Close(SILENT)],
                told("one", &[A]),
                told("two", &[A]),
                told("three", &[A]),
                says(A, "four"),
            ]
            .concat(),
        },
    ];
    [either(A, Step::Connect(A)), own, outlives(&begins, &serves, &ends)].concat()
}

fn client() -> Vec<Check> {
    let said = |text: &str| told(text, &[S]);
    let own = vec![
        Check {
            name: "word",
            says: "the word is sent, and ends the client",
            why: "The server shall know that this was the end, and that the connection did not break.",
            ideas: &["F5", "D13"],
            steps: [
                vec![Step::Accept(S)],
                said("hi"),
                said("bye"),
                vec![Step::Close(S), Step::ExpectExit(Ending::Well)],
            ]
            .concat(),
        },
        Check {
            name: "end-of-input",
            says: "the end of the input ends the conversation in good order",
            why: "input() raises EOFError: close the connection, and do not leave a thread behind that goes on receiving.",
            ideas: &["F5", "D13"],
            steps: [
                vec![Step::Accept(S)],
                said("hi"),
                vec![
                    Step::EndInput,
                    Step::ExpectEnd(S),
                    Step::Close(S),
                    Step::ExpectExit(Ending::Well),
                ],
            ]
            .concat(),
        },
        Check {
            name: "gone",
            says: "a server that leaves ends the client, though its user types nothing",
            why: "The thread that receives sees it, and the other waits for a line that nobody needs. The tutorial's client asks for two more lines, and dies of BrokenPipe at the second.",
            ideas: &["D10", "B5"],
            steps: [
                vec![Step::Accept(S)],
                said("hi"),
                vec![Step::Close(S), Step::ExpectExit(Ending::Anyhow)],
            ]
            .concat(),
        },
    ];
    [either(S, Step::Accept(S)), own].concat()
}
