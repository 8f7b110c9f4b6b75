//! Two programs' calls in one order, in which nothing arrives before it was sent.
//!
//! A line's time is that of the call's *return*: `recv` on one processor may return before the
//! `send` that it answers to has on another. So times alone would now and then show an answer
//! before its question.

use super::call::Call;

/// Which of the two programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Side {
    Client,
    Server,
}

impl Side {
    pub(crate) fn other(self) -> Self {
        match self {
            Self::Client => Self::Server,
            Self::Server => Self::Client,
        }
    }
}

/// What has been sent and received in one direction.
#[derive(Clone, Copy, Default)]
struct Direction {
    sent: u64,
    received: u64,
    ended: bool,
}

/// Merges by time, but holds back what receives more than has been sent.
pub(crate) fn merged(client: Vec<Call>, server: Vec<Call>) -> Vec<(Side, Call)> {
    let mut queues = [client.into_iter().peekable(), server.into_iter().peekable()];
    // What the client sends, what the server sends.
    let mut directions = [Direction::default(); 2];
    let mut order = Vec::new();
    loop {
        let [client, server] = &mut queues;
        let next = match (client.peek(), server.peek()) {
            (None, None) => return order,
            (Some(_), None) => Side::Client,
            (None, Some(_)) => Side::Server,
            (Some(ours), Some(theirs)) => {
                let [to_server, to_client] = directions;
                match (is_possible(ours, to_client), is_possible(theirs, to_server)) {
                    (true, false) => Side::Client,
                    (false, true) => Side::Server,
                    // Neither, if another program has a part in it: then the times have to do.
                    _ if ours.time <= theirs.time => Side::Client,
                    _ => Side::Server,
                }
            }
        };
        let queue = if next == Side::Client { client } else { server };
        let Some(call) = queue.next() else { return order };
        note(&call, next, &mut directions);
        order.push((next, call));
    }
}

fn is_possible(call: &Call, incoming: Direction) -> bool {
    match call.bytes() {
        Some(0) if call.receives() && call.name == "recv" => incoming.ended,
        Some(count) if call.receives() => incoming.received + count <= incoming.sent,
        _ => true,
    }
}

fn note(call: &Call, side: Side, [to_server, to_client]: &mut [Direction; 2]) {
    let (outgoing, incoming) = match side {
        Side::Client => (to_server, to_client),
        Side::Server => (to_client, to_server),
    };
    match call.bytes() {
        Some(count) if call.sends() => outgoing.sent += count,
        Some(count) if call.receives() => incoming.received += count,
        _ => outgoing.ended |= matches!(call.name.as_str(), "shutdown" | "close"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calls(lines: &[&str]) -> Vec<Call> {
        lines.iter().map(|line| Call::parse(line).unwrap()).collect()
    }

    fn names(order: &[(Side, Call)]) -> Vec<String> {
        order.iter().map(|(side, call)| format!("{side:?} {}", call.name)).collect()
    }

    #[test]
    fn what_arrives_comes_after_what_was_sent_whatever_the_clocks_say() {
        let client = calls(&[
            "00:00:00.000010 send - - 5 \"hello\" 00",
            "00:00:00.000020 recv - - 3 \"you\" 00",
            "00:00:00.000021 shutdown - - - - -",
        ]);
        let server = calls(&[
            "00:00:00.000005 recv - - 5 \"hello\" 00",
            "00:00:00.000022 send - - 3 \"you\" 00",
            "00:00:00.000019 recv - - 0 \"\" -",
        ]);
        assert_eq!(
            names(&merged(client, server)),
            [
                "Client send",
                "Server recv",
                "Server send",
                "Client recv",
                "Client shutdown",
                "Server recv"
            ]
        );
    }

    #[test]
    fn without_a_reason_to_wait_time_decides() {
        let client =
            calls(&["00:00:00.000010 socket - - - - -", "00:00:00.000030 connect - - - - -"]);
        let server =
            calls(&["00:00:00.000001 socket - - - - -", "00:00:00.000020 accept - - - - -"]);
        assert_eq!(
            names(&merged(client, server)),
            ["Server socket", "Client socket", "Server accept", "Client connect"]
        );
    }
}
