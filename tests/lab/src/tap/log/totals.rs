//! What happened at a tap in all, and how that is summed up in the end.

use crate::tap::alter::Done;
use crate::tap::text;

/// What happened in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    /// Connections, or clients that sent datagrams.
    pub(crate) clients: u64,
    /// Clients that were turned away.
    pub(crate) refused: u64,
    pub(crate) from_client: Count,
    pub(crate) from_server: Count,
    pub(crate) cut: u64,
    pub(crate) reset: u64,
    pub(crate) dropped: u64,
    pub(crate) doubled: u64,
    pub(crate) overtaken: u64,
    pub(crate) corrupted: u64,
    pub(crate) replaced: u64,
}

impl Totals {
    pub(super) fn add(&mut self, done: Done) {
        self.corrupted += done.corrupted;
        self.replaced += done.replaced;
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) messages: u64,
    pub(crate) bytes: u64,
}

/// The same in words.
pub(super) fn summary(totals: &Totals, udp: bool) -> String {
    let count = |count: &Count| {
        let bytes = crate::text::bytes(count.bytes);
        match (udp, count.messages) {
            (false, _) => bytes,
            (true, 1) => text::one_datagram(bytes),
            (true, messages) => text::datagrams(messages, bytes),
        }
    };
    let who = match (udp, totals.clients) {
        (true, 1) => text::one_client().to_owned(),
        (true, clients) => text::clients(clients),
        (false, 1) => text::one_connection().to_owned(),
        (false, clients) => text::connections(clients),
    };
    let extra = [
        (totals.reset, text::count_reset(totals.reset)),
        (totals.cut, text::count_cut(totals.cut)),
        (totals.dropped, text::count_dropped(totals.dropped)),
        (totals.doubled, text::count_doubled(totals.doubled)),
        (totals.overtaken, text::count_overtaken(totals.overtaken)),
        (totals.corrupted, text::count_corrupted(totals.corrupted)),
        (totals.replaced, text::count_replaced(totals.replaced)),
        (totals.refused, text::count_refused(totals.refused)),
    ];
    let extra: String =
        extra.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words).collect();
    text::summary(who, count(&totals.from_client), count(&totals.from_server), extra)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_tells_what_happened_and_nothing_else() {
        let count = |messages, bytes| Count { messages, bytes };
        let totals = Totals {
            clients: 1,
            from_client: count(0, 1),
            from_server: count(0, 200),
            ..Totals::default()
        };
        assert_eq!(
            summary(&totals, false),
            "1 connection: 1 byte from clients, 200 bytes from servers"
        );
        let totals =
            Totals { clients: 2, from_client: count(1, 5), dropped: 3, ..Totals::default() };
        assert_eq!(
            summary(&totals, true),
            "2 clients: 1 datagram of 5 bytes from clients, 0 datagrams of 0 bytes from servers, 3 dropped"
        );
    }
}
