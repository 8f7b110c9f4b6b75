//! What threads synchronise by: `std::sync`, and the threads themselves.
//!
//! With the feature `interleavings` these are those of the crate `shuttle`. It runs one thread at a
//! time and changes to another at each lock and each wait, in an order of its choice, so that a
//! test meets orders that hardly ever come up. No wait ends by its time limit there: a wake-up that
//! gets lost is a deadlock, which fails the test.
//!
//! ```text
//! cargo test -p common -p tcp-chat --features common/interleavings,tcp-chat/interleavings interleavings
//! ```

#[cfg(not(feature = "interleavings"))]
pub use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc},
    thread,
};

#[cfg(feature = "interleavings")]
pub use shuttle::{
    check_random,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc},
    thread,
};

/// How many orders a test tries.
#[cfg(feature = "interleavings")]
pub const ORDERS: usize = 2_000;
