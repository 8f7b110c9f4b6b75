//! The experiments, in the order in which a learner meets their ideas.

macro_rules! experiments {
    ($($module:ident),* $(,)?) => {
        $(mod $module;)*
        /// All of them.
        pub(crate) const ALL: &[&Experiment] = &[$(&$module::EXPERIMENT),*];
    };
}

use super::experiment::Experiment;

experiments![
    refused,
    backlog,
    half_close,
    time_wait,
    reset,
    sticky,
    leftover,
    framing,
    short_read,
    nagle,
    cut_character,
    kernel_buffers,
    stream_and_datagram,
    overflow,
];
