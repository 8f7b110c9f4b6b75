//! What every server has besides its protocol: clients, and an orderly end.
//!
//! | module | its one idea |
//! | --- | --- |
//! | `announce` | `listening on ADDR` |
//! | `clients` | what `accept` returns, served one after the other or by a thread each |
//! | `async_clients` | the same, served by a task each |
//! | `acceptor` | `accept` for tasks, and for programs that have streams of their own |
//! | `limits`, `seats` | how many clients there may be, and who has a seat |
//! | `capacity`, `cgroup` | how many clients the system has room for |
//! | `threads` | whether the system has room for more threads |
//! | `accept_errors` | an error of `accept` does not end a server |
//! | `shutdown`, `wake` | being asked to stop, and waking whoever is blocked in a call |
//! | `open_files` | the system's limit of open files |

pub(crate) mod accept_errors;
mod acceptor;
mod announce;
mod async_clients;
mod capacity;
mod cgroup;
mod clients;
pub(crate) mod limits;
mod open_files;
mod seats;
pub(crate) mod shutdown;
mod threads;
mod wake;

pub use accept_errors::is_of_the_client;
pub use acceptor::Acceptor;
pub use announce::announce;
pub use async_clients::AsyncClients;
pub use capacity::{Needs, STACK};
pub use clients::{Clients, notice_failure};
pub use limits::{Limits, TURNED_AWAY_AT_ONCE};
pub use open_files::raise_open_files;
pub use seats::{Seat, Seats};
pub use shutdown::{GRACE, Stop};
pub use threads::try_threads;
pub use wake::wake_datagrams_on;
