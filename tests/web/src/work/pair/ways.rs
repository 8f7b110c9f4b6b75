//! By which way something travels, and which flow that is: of a call, and of what the tap tells.

use lab::ladder::{Column, Fate};
use lab::tap::{Addresses, Side};
use lab::tour::{Call, Effect};

use crate::work::flows::{Flow, Leg};

/// The way of what travels.
#[derive(Clone, Copy)]
pub(super) struct Way {
    pub(super) from: Side,
    pub(super) path: &'static str,
    /// It reaches the tap.
    pub(super) arrives: bool,
    /// It leaves the tap for the other end.
    pub(super) leaves: bool,
}

impl Way {
    pub(super) fn of(from: Column, to: Column, fate: Fate) -> Option<Self> {
        let lost = fate == Fate::Lost;
        let (side, path, arrives, leaves) = match (from, to) {
            (Column::Left, Column::Right) => (Side::Client, "whole", true, !lost),
            (Column::Right, Column::Left) => (Side::Server, "whole", true, !lost),
            (Column::Left, Column::Middle) => (Side::Client, "in", true, false),
            (Column::Right, Column::Middle) => (Side::Server, "in", true, false),
            (Column::Middle, Column::Right) => (Side::Client, "out", false, !lost),
            (Column::Middle, Column::Left) => (Side::Server, "out", false, !lost),
            _ => return None,
        };
        Some(Self { from: side, path: if lost { "lost" } else { path }, arrives, leaves })
    }
}

/// The flow by which what this side sends reaches the tap.
pub(super) fn arriving(from: Side, addresses: &Addresses) -> Flow {
    match from {
        Side::Client => Flow { leg: Leg::Client, port: addresses.client.port(), from },
        Side::Server => Flow { leg: Leg::Server, port: addresses.back.port(), from },
    }
}

/// The flow by which it leaves the tap.
pub(super) fn leaving(from: Side, addresses: &Addresses) -> Flow {
    match from {
        Side::Client => Flow { leg: Leg::Server, port: addresses.back.port(), from },
        Side::Server => Flow { leg: Leg::Client, port: addresses.client.port(), from },
    }
}

/// The port that tells connections apart: the client's own, and at the server that of its peer.
pub(super) fn port_of(side: Side, call: &Call) -> Option<u16> {
    match side {
        Side::Client => call.local,
        Side::Server => call.peer,
    }
    .map(|addr| addr.port())
}

/// What a call gives to the tap.
pub(super) fn sent(side: Side, call: &Call, udp: bool) -> Option<(Flow, u64)> {
    let leg = if side == Side::Client { Leg::Client } else { Leg::Server };
    let flow = Flow { leg, port: port_of(side, call)?, from: side };
    moved(call, &["send", "sendto"], udp).map(|count| (flow, count))
}

/// What it takes from the tap.
pub(super) fn received(side: Side, call: &Call, udp: bool) -> Option<(Flow, u64)> {
    let (leg, from) = match side {
        Side::Client => (Leg::Client, Side::Server),
        Side::Server => (Leg::Server, Side::Client),
    };
    let flow = Flow { leg, port: port_of(side, call)?, from };
    moved(call, &["recv", "recvfrom"], udp).map(|count| (flow, count))
}

fn moved(call: &Call, names: &[&str], udp: bool) -> Option<u64> {
    match call.outcome {
        Effect::Bytes(count, _) if names.contains(&call.name.as_str()) => {
            Some(if udp { 1 } else { count })
        }
        _ => None,
    }
}
