//! What every server has besides its protocol: clients, and an orderly end.

pub(crate) mod accept_errors;
#[cfg(feature = "tokio")]
mod acceptor;
mod announce;
mod clients;
mod open_files;
pub(crate) mod shutdown;
mod wake;

pub use accept_errors::is_of_the_client;
#[cfg(feature = "tokio")]
pub use acceptor::Acceptor;
pub use announce::announce;
pub use clients::{Limits, Model, TURNED_AWAY_AT_ONCE, serve};
pub use open_files::raise_open_files;
pub use shutdown::{GRACE, Stop};
pub use wake::wake_datagrams_on;
