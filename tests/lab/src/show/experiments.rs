//! The experiments, in the order in which a learner meets their ideas.

mod backlog;
mod broadcast;
mod close_wait;
mod cut_character;
mod dialects;
mod eof;
mod families;
mod four_tuple;
mod four_way_close;
mod framing;
mod gbk;
mod half_close;
mod handshake;
mod http_head;
mod http_request;
mod interfaces;
mod ip_number;
mod kernel_buffers;
mod leftover;
mod listener;
mod loopback_only;
mod low_port;
mod makefile;
mod models;
mod multicast;
mod nagle;
mod names;
mod not_connected;
mod one_socket;
mod options;
mod overflow;
mod partial_send;
mod port_taken;
mod port_zero;
mod refused;
mod reset;
mod retries;
mod round_trips;
mod same_port;
mod services;
mod short_read;
mod silly_window;
mod sticky;
mod stranger;
mod stream_and_datagram;
mod survive;
mod text;
mod time_wait;
mod waiting;
mod who_first;

use super::experiment::Experiment;

/// All of them.
pub const ALL: &[&Experiment] = &[
    &ip_number::EXPERIMENT,
    &interfaces::EXPERIMENT,
    &loopback_only::EXPERIMENT,
    &families::EXPERIMENT,
    &names::EXPERIMENT,
    &services::EXPERIMENT,
    &low_port::EXPERIMENT,
    &port_zero::EXPERIMENT,
    &port_taken::EXPERIMENT,
    &same_port::EXPERIMENT,
    &not_connected::EXPERIMENT,
    &handshake::EXPERIMENT,
    &refused::EXPERIMENT,
    &listener::EXPERIMENT,
    &four_tuple::EXPERIMENT,
    &backlog::EXPERIMENT,
    &waiting::EXPERIMENT,
    &options::EXPERIMENT,
    &kernel_buffers::EXPERIMENT,
    &partial_send::EXPERIMENT,
    &eof::EXPERIMENT,
    &half_close::EXPERIMENT,
    &four_way_close::EXPERIMENT,
    &close_wait::EXPERIMENT,
    &time_wait::EXPERIMENT,
    &reset::EXPERIMENT,
    &survive::EXPERIMENT,
    &models::EXPERIMENT,
    &stream_and_datagram::EXPERIMENT,
    &one_socket::EXPERIMENT,
    &overflow::EXPERIMENT,
    &stranger::EXPERIMENT,
    &retries::EXPERIMENT,
    &broadcast::EXPERIMENT,
    &multicast::EXPERIMENT,
    &round_trips::EXPERIMENT,
    &sticky::EXPERIMENT,
    &leftover::EXPERIMENT,
    &framing::EXPERIMENT,
    &short_read::EXPERIMENT,
    &nagle::EXPERIMENT,
    &silly_window::EXPERIMENT,
    &cut_character::EXPERIMENT,
    &gbk::EXPERIMENT,
    &makefile::EXPERIMENT,
    &who_first::EXPERIMENT,
    &dialects::EXPERIMENT,
    &http_request::EXPERIMENT,
    &http_head::EXPERIMENT,
];
