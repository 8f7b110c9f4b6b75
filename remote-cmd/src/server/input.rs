//! What a client sends for the standard input of a command, from the thread that receives it to the
//! one that hands it to the command.

use std::collections::VecDeque;
#[cfg(unix)]
use std::io;
use std::io::Write;
#[cfg(windows)]
use std::sync::Condvar;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::ensure;
use remote_cmd::stream::INPUT_WINDOW;

use crate::text;

/// The input of one command. Memory is bounded by the window that every client keeps to.
#[derive(Default)]
pub(crate) struct Input {
    state: Mutex<State>,
    #[cfg(windows)]
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<u8>,
    /// Bytes that have come and of which the client has not been told that they were taken.
    on_their_way: usize,
    /// Bytes that the command has taken, and of which that is still to be told.
    taken: usize,
    /// The client has sent the end.
    has_end: bool,
    /// The command takes no more.
    is_closed: bool,
    wake: Option<Box<dyn Fn() + Send>>,
}

impl Input {
    /// A piece has come; an empty one is the end.
    ///
    /// # Errors
    /// The client does not keep to the window, or goes on behind the end.
    pub(crate) fn push(&self, piece: &[u8]) -> anyhow::Result<()> {
        let mut state = self.lock();
        if state.is_closed {
            return Ok(());
        }
        ensure!(!state.has_end, text::INPUT_AFTER_END);
        let on_their_way = state.on_their_way + piece.len();
        ensure!(on_their_way <= INPUT_WINDOW, text::TOO_MUCH_INPUT);
        state.on_their_way = on_their_way;
        state.has_end = piece.is_empty();
        state.waiting.extend(piece);
        if let Some(wake) = &state.wake {
            wake();
        }
        #[cfg(windows)]
        self.changed.notify_all();
        Ok(())
    }

    /// The command takes no more: what still waits or comes goes nowhere.
    pub(crate) fn close(&self) {
        let mut state = self.lock();
        *state = State { is_closed: true, ..State::default() };
        #[cfg(windows)]
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// For a thread that must not wait here.
#[cfg(unix)]
impl Input {
    /// Calls this whenever something has come.
    pub(crate) fn on_piece(&self, wake: impl Fn() + Send + 'static) {
        self.lock().wake = Some(Box::new(wake));
    }

    /// Whether something waits.
    pub(crate) fn waits(&self) -> bool {
        !self.lock().waiting.is_empty()
    }

    /// Whether all of it has been taken.
    pub(crate) fn is_over(&self) -> bool {
        let state = self.lock();
        state.is_closed || state.has_end && state.waiting.is_empty()
    }

    /// Gives the command as much as it takes at the moment.
    ///
    /// # Errors
    /// `WouldBlock` where it takes nothing now; others where it takes no more.
    pub(crate) fn write_to(&self, stdin: &mut impl Write) -> io::Result<()> {
        let mut state = self.lock();
        while let (piece @ [_, ..], _) = state.waiting.as_slices() {
            let written = stdin.write(piece)?;
            state.waiting.drain(..written);
            state.taken += written;
        }
        Ok(())
    }

    /// What the client is to be told of, if that is worth a message: a quarter of the window, or
    /// all that has come.
    pub(crate) fn to_tell(&self) -> Option<usize> {
        let mut state = self.lock();
        let worth = state.taken >= INPUT_WINDOW / 4 || state.waiting.is_empty();
        let taken = std::mem::take(if worth { &mut state.taken } else { return None });
        state.on_their_way -= taken;
        (taken > 0).then_some(taken)
    }
}

/// For threads that wait: Windows cannot wait for a pipe and something else.
#[cfg(windows)]
impl Input {
    /// Hands all input to the command, until it has ended or the command takes no more.
    pub(crate) fn feed(&self, mut stdin: impl Write) {
        loop {
            let waited = self.changed.wait_while(self.lock(), |state| {
                state.waiting.is_empty() && !state.has_end && !state.is_closed
            });
            let mut state = waited.unwrap_or_else(PoisonError::into_inner);
            let piece: Vec<u8> = state.waiting.drain(..).collect();
            drop(state);
            if piece.is_empty() {
                return;
            }
            if stdin.write_all(&piece).is_err() {
                return self.close();
            }
            self.lock().taken += piece.len();
            self.changed.notify_all();
        }
    }

    /// Waits for something that the client is to be told of; 0 is that no more is taken.
    pub(crate) fn wait_to_tell(&self) -> usize {
        let waited =
            self.changed.wait_while(self.lock(), |state| state.taken == 0 && !state.is_closed);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        let taken = std::mem::take(&mut state.taken);
        state.on_their_way = state.on_their_way.saturating_sub(taken);
        taken
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// Takes so many bytes, and then no more at the moment.
    struct Room(usize, Vec<u8>);

    impl Write for Room {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let taken = bytes.len().min(self.0);
            if taken == 0 {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            self.0 -= taken;
            self.1.extend(bytes.iter().take(taken));
            Ok(taken)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn input_comes_out_as_it_went_in_whatever_the_room() {
        let input = Input::default();
        let mut room = Room(0, Vec::new());
        let mut told = 0;
        for piece in [&b"one"[..], b"\0", b"three"] {
            input.push(piece).unwrap();
            room.0 = 1;
            assert!(input.write_to(&mut room).is_err());
            told += input.to_tell().unwrap_or(0);
        }
        input.push(b"").unwrap();
        assert!(!input.is_over());
        room.0 = 100;
        input.write_to(&mut room).unwrap();
        told += input.to_tell().unwrap_or(0);
        assert!(input.is_over());
        assert_eq!((room.1.as_slice(), told), (&b"one\0three"[..], 9));
    }

    #[test]
    fn more_than_the_window_is_refused_and_what_was_told_of_makes_room() {
        let input = Input::default();
        let most = vec![0; INPUT_WINDOW];
        input.push(&most).unwrap();
        input.write_to(&mut Room(INPUT_WINDOW / 4, Vec::new())).unwrap_err();
        assert!(input.push(b"x").is_err(), "it has not been told that there is room");
        assert_eq!(input.to_tell(), Some(INPUT_WINDOW / 4));
        input.push(&vec![0; INPUT_WINDOW / 4]).unwrap();
        assert!(input.push(b"x").is_err());
    }

    #[test]
    fn nothing_may_follow_the_end_and_nothing_is_kept_for_a_command_that_takes_no_more() {
        let input = Input::default();
        input.push(b"").unwrap();
        assert!(input.push(b"x").is_err());
        let closed = Input::default();
        closed.push(b"x").unwrap();
        closed.close();
        for _ in 0..3 {
            closed.push(&vec![0; INPUT_WINDOW]).unwrap();
        }
        assert!(closed.is_over() && !closed.waits());
    }
}
