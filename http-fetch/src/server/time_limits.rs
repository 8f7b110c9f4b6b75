//! How long a client may take.

use std::time::Duration;

use common::cli::Idle;

/// Never, as far as a connection is concerned.
const NEVER: Duration = Duration::from_secs(100 * 366 * 86_400);

/// How long a client may take. Two of three can be had by anybody who wants to hold the server up,
/// and are short. The third is for people: who pauses a film, or pipes a page through a pager,
/// takes nothing for a while, and has asked for all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimeLimits {
    /// Between two requests.
    pub(crate) idle: Duration,
    /// For a whole head, and for a whole body.
    pub(crate) request: Duration,
    /// Without taking anything of an answer.
    pub(crate) reader: Duration,
}

impl TimeLimits {
    /// Those of `--idle-timeout`, which holds for all three, or what is usual.
    pub(crate) fn of(given: Option<Idle>) -> Self {
        match given {
            None => Self {
                idle: Duration::from_secs(10),
                request: Duration::from_secs(10),
                reader: Duration::from_secs(60),
            },
            Some(Idle(limit)) => {
                let limit = limit.unwrap_or(NEVER);
                Self { idle: limit, request: limit, reader: limit }
            }
        }
    }

    /// The limit for a reader, if there is one.
    pub(crate) fn of_reader(&self) -> Option<Duration> {
        (self.reader < NEVER).then_some(self.reader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_has_more_time_than_a_request_and_what_is_given_holds_for_all() {
        let seconds = |limits: TimeLimits| {
            [limits.idle, limits.request, limits.reader].map(|limit| limit.as_secs_f64())
        };
        assert_eq!(seconds(TimeLimits::of(None)), [10.0, 10.0, 60.0]);
        for given in [0.5, 60.0, 3600.0] {
            let limit = Duration::from_secs_f64(given);
            let limits = TimeLimits::of(Some(Idle(Some(limit))));
            assert_eq!((seconds(limits), limits.of_reader()), ([given; 3], Some(limit)));
        }
        let never = TimeLimits::of(Some(Idle(None)));
        assert_eq!(never.of_reader(), None);
        assert!([never.idle, never.request].iter().all(|limit| *limit >= NEVER));
    }
}
