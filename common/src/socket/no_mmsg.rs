//! In place of `mmsg`, on a system that moves one datagram with each call.

use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};

use super::arrival::Arrival;

/// How many datagrams one call moves at most.
pub(super) const BATCH: usize = 1;

/// There is none.
pub(super) enum Receiver {}

impl Receiver {
    pub(super) fn new(_: SocketAddr, _: bool) -> Option<Self> {
        None
    }

    pub(super) fn receive<'a>(
        &mut self,
        _: &UdpSocket,
        _: impl Iterator<Item = &'a mut [u8]>,
        _: &mut Vec<Arrival>,
    ) -> io::Result<()> {
        match *self {}
    }
}

/// There is none.
pub(super) enum Sender {}

impl Sender {
    pub(super) fn new(_: SocketAddr, _: bool) -> Option<Self> {
        None
    }

    pub(super) fn send<'a>(
        &mut self,
        _: &UdpSocket,
        _: Option<IpAddr>,
        _: impl ExactSizeIterator<Item = (&'a [u8], SocketAddr)>,
    ) -> io::Result<usize> {
        match *self {}
    }
}
