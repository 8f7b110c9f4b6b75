//! What every server has besides its protocol: clients, and an orderly end.

pub(crate) mod accept_errors;
mod acceptor;
mod announce;
mod clients;
pub(crate) mod limits;
mod open_files;
mod seats;
pub(crate) mod shutdown;
mod wake;

pub use accept_errors::is_of_the_client;
pub use acceptor::Acceptor;
pub use announce::announce;
pub use clients::{Clients, notice_failure};
pub use limits::{Limits, TURNED_AWAY_AT_ONCE};
pub use open_files::raise_open_files;
pub use seats::{Seat, Seats};
pub use shutdown::{GRACE, Stop};
pub use wake::wake_datagrams_on;
