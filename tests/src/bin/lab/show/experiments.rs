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
    ip_number,
    interfaces,
    loopback_only,
    families,
    names,
    services,
    low_port,
    port_zero,
    port_taken,
    same_port,
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
    one_socket,
    overflow,
    stranger,
    retries,
    broadcast,
    multicast,
    round_trips,
];
