//! What somebody switches at a tap while it runs, and what its connections see of that: the faults,
//! whether all is held, and whether all connections are to be cut.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::settings::{CutWith, Settings};
use super::side::Side;

/// What is switched, and what the tasks of all connections look at.
#[derive(Debug)]
pub(super) struct Control {
    state: Mutex<State>,
    changes: watch::Sender<()>,
}

#[derive(Clone, Debug)]
struct State {
    /// Counts the changes, from 1 on.
    version: u64,
    settings: Settings,
    holds: bool,
    /// What may pass although all is held: of whom, and whether it is to be lost instead.
    next: Option<(Option<Side>, bool)>,
    /// How often all connections were cut, and how the last time.
    cuts: (u64, CutWith),
}

impl Control {
    pub(super) fn new(settings: Settings) -> Self {
        let cuts = (0, CutWith::Fin);
        let state = State { version: 1, settings, holds: false, next: None, cuts };
        Self { state: Mutex::new(state), changes: watch::Sender::new(()) }
    }

    /// From now on these are the faults.
    pub(super) fn set(&self, settings: Settings) {
        self.change(|state| state.settings = settings);
    }

    /// From now on each piece waits until it may pass, or none does.
    pub(super) fn hold(&self, holds: bool) {
        self.change(|state| {
            state.holds = holds;
            state.next = None;
        });
    }

    /// The next piece from there, or from anywhere, may pass, or is to be lost.
    pub(super) fn let_pass(&self, from: Option<Side>, lose: bool) {
        self.change(|state| state.next = Some((from, lose)));
    }

    /// All connections there are end.
    pub(super) fn cut(&self, how: CutWith) {
        self.change(|state| state.cuts = (state.cuts.0 + 1, how));
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.state();
        change(&mut state);
        state.version += 1;
        drop(state);
        self.changes.send_replace(());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn version(&self) -> u64 {
        self.state().version
    }

    pub(super) fn settings(&self) -> Settings {
        self.state().settings.clone()
    }

    pub(super) fn holds(&self) -> bool {
        self.state().holds
    }

    /// Whether the next piece from there may leave.
    pub(super) fn may_pass(&self, from: Side) -> bool {
        let state = self.state();
        !state.holds || state.next.is_some_and(|(side, _)| side.is_none_or(|side| side == from))
    }

    /// One has left. Whether it is to be lost.
    pub(super) fn has_passed(&self, from: Side) -> bool {
        let mut state = self.state();
        let next = state.next.take_if(|(side, _)| side.is_none_or(|side| side == from));
        next.is_some_and(|(_, lose)| lose)
    }

    /// A look at it for one connection, which knows what has been cut so far.
    pub(super) fn watch(self: &Arc<Self>) -> Watch {
        let changes = self.changes.subscribe();
        Watch { cuts: self.state().cuts.0, control: Arc::clone(self), changes }
    }
}

/// What one connection knows of what is switched.
#[derive(Debug)]
pub(super) struct Watch {
    control: Arc<Control>,
    changes: watch::Receiver<()>,
    cuts: u64,
}

impl Watch {
    pub(super) fn control(&self) -> &Arc<Control> {
        &self.control
    }

    /// The same, which from now on is known.
    pub(super) fn seen(&mut self) -> Arc<Control> {
        self.changes.mark_unchanged();
        Arc::clone(&self.control)
    }

    /// How it is to be cut, if it is.
    pub(super) fn cut(&mut self) -> Option<CutWith> {
        let (count, how) = self.control.state().cuts;
        (std::mem::replace(&mut self.cuts, count) != count).then_some(how)
    }

    /// Whether something was switched that is not known.
    pub(super) fn has_news(&self) -> bool {
        self.changes.has_changed().unwrap_or_default()
    }

    async fn switched(&mut self) {
        if self.changes.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Waits until somebody switches something.
pub(super) async fn switched(watch: &mut Option<Watch>) {
    match watch {
        Some(watch) => watch.switched().await,
        None => std::future::pending().await,
    }
}
