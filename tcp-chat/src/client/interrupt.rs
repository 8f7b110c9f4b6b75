//! Ctrl+C at the prompt, which reads it as a key.

use std::thread;

use common::signals;

/// The program ends as it does by the signal, and this thread does nothing more.
pub(crate) fn leave() -> ! {
    signals::interrupt();
    loop {
        thread::park();
    }
}
