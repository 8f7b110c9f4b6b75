//! Something that has happened and is to be told, and what it waits for: bytes are told by who
//! brings them before they are told by who takes them.

use std::collections::HashMap;

use lab::ladder::{Load, What};
use lab::tap::{Addresses, Side, Told};
use lab::tour::Call;
use serde_json::Value;

use super::ways::{Way, arriving, received, sent};
use crate::work::flows::Flow;

/// Something that is to be told.
#[derive(Debug)]
pub(super) enum Occurrence {
    Call {
        side: Side,
        call: Call,
        bytes: Vec<u8>,
        marks: Option<String>,
    },
    Tap(Told),
    /// Nothing that others depend on: a kind of event, and its fields.
    Plain(&'static str, Value),
}

impl Occurrence {
    /// What must have been brought before this can be told: so much by this flow.
    pub(super) fn takes(
        &self,
        connections: &HashMap<u64, Addresses>,
        udp: bool,
    ) -> Option<(Flow, u64)> {
        match self {
            Self::Call { side, call, .. } => received(*side, call, udp),
            Self::Tap(Told::Happened {
                connection,
                what: What::Arrow { from, to, load: Load::Bytes(bytes, _), fate },
            }) => {
                let way = Way::of(*from, *to, *fate).filter(|way| way.arrives)?;
                let addresses = connections.get(connection)?;
                Some((arriving(way.from, addresses), if udp { 1 } else { bytes.len() as u64 }))
            }
            Self::Tap(_) | Self::Plain(..) => None,
        }
    }

    /// Whether it is a call that brings what others wait for.
    pub(super) fn brings(&self, udp: bool) -> bool {
        match self {
            Self::Call { side, call, .. } => sent(*side, call, udp).is_some(),
            Self::Tap(_) | Self::Plain(..) => false,
        }
    }
}
