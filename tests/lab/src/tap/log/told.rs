//! What a tap tells the program that it is a part of.

use std::sync::Arc;

use crate::ladder::What;
use crate::tap::side::Addresses;

/// What happens at a tap.
#[derive(Clone, Debug)]
pub enum Told {
    /// The tap knows both ends of a connection, or of what a client sends by UDP. Connections are
    /// numbered from 1.
    Connected {
        /// Its number.
        connection: u64,
        /// Who talks. Where the server could not be reached, `back` and `server` are the tap.
        addresses: Addresses,
    },
    /// Something travels, or stands still, as a ladder has it: client left, tap in the middle,
    /// server right.
    Happened {
        /// The number of its connection.
        connection: u64,
        /// What it is.
        what: What,
    },
    /// So many pieces wait until they are told to pass.
    Held {
        /// The number of their connection.
        connection: u64,
        /// Of what the client sent.
        client: usize,
        /// Of what the server sent.
        server: usize,
    },
    /// The next bytes of a capture (pcapng) of all that passes.
    Packets(Vec<u8>),
    /// Something that a person is to know.
    Notice(String),
}

/// Takes down what happens; called by the thread of the tap, which waits meanwhile.
pub(super) type Teller = Arc<dyn Fn(Told) + Send + Sync>;
