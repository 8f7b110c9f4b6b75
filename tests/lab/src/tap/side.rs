//! The two sides of a tap: who sends, and the addresses of both and of the tap in between.

use std::net::SocketAddr;

use super::capture::{Leg, Speaker};
use crate::ladder::Column;

/// Who sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Who has connected to the tap, or sent it a first datagram.
    Client,
    /// Whom the tap has connected to.
    Server,
}

impl Side {
    pub(super) fn other(self) -> Self {
        match self {
            Self::Client => Self::Server,
            Self::Server => Self::Client,
        }
    }

    /// Where it stands in a ladder.
    pub(super) fn place(self) -> Column {
        match self {
            Self::Client => Column::Left,
            Self::Server => Column::Right,
        }
    }

    /// The connection between this side and the tap.
    pub(super) fn leg(self) -> Leg {
        match self {
            Self::Client => Leg::Client,
            Self::Server => Leg::Server,
        }
    }

    /// What it is on either leg.
    pub(super) fn speaker(self) -> Speaker {
        match self {
            Self::Client => Speaker::Caller,
            Self::Server => Speaker::Called,
        }
    }
}

/// Who talks, and through which of the tap's own addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// The client's own address.
    pub client: SocketAddr,
    /// Where the client reaches the tap.
    pub front: SocketAddr,
    /// From where the tap reaches the server.
    pub back: SocketAddr,
    /// The server's own address.
    pub server: SocketAddr,
}
