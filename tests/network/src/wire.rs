//! The wire: a thread that carries packets from one device to the other.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::ErrorKind;
use std::os::fd::AsFd as _;
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use common::random::Random;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use tun_rs::SyncDevice;

use crate::Faults;

/// The longest packet that IP knows (RFC 791 §3.1).
const LONGEST: usize = 65_535;

/// A running wire; it ends when it is dropped.
pub(crate) struct Wire {
    faults: Arc<Mutex<Faults>>,
    carried: Arc<AtomicU64>,
    /// Its end ends the thread.
    end: Option<UnixStream>,
    thread: Option<JoinHandle<()>>,
}

impl Wire {
    pub(crate) fn new(devices: [SyncDevice; 2]) -> Wire {
        let faults = Arc::new(Mutex::new(Faults::NONE));
        let carried = Arc::new(AtomicU64::new(0));
        let (end, ended) = UnixStream::pair().expect("a pair of sockets");
        let carrier = Carrier {
            devices,
            faults: Arc::clone(&faults),
            carried: Arc::clone(&carried),
            random: Random::new(7),
            under_way: BinaryHeap::new(),
            number: 0,
            free_at: [None; 2],
            waiting: [0; 2],
        };
        let thread = thread::spawn(move || carrier.carry(&ended));
        Wire { faults, carried, end: Some(end), thread: Some(thread) }
    }

    pub(crate) fn set(&self, faults: Faults) {
        *self.faults.lock().unwrap() = faults;
    }

    pub(crate) fn carried(&self) -> u64 {
        self.carried.load(Ordering::Relaxed)
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.end.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A packet, in the order in which packets arrive.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Packet {
    at: Instant,
    /// Of two that arrive at once the one that left first is first.
    number: u64,
    to: usize,
    bytes: Vec<u8>,
}

struct Carrier {
    devices: [SyncDevice; 2],
    faults: Arc<Mutex<Faults>>,
    carried: Arc<AtomicU64>,
    random: Random,
    under_way: BinaryHeap<Reverse<Packet>>,
    number: u64,
    /// When a slow wire has passed on what it was given, by where that goes.
    free_at: [Option<Instant>; 2],
    waiting: [usize; 2],
}

impl Carrier {
    fn carry(mut self, ended: &UnixStream) {
        let mut buffer = vec![0; LONGEST];
        loop {
            let next = self.under_way.peek().map(|Reverse(packet)| packet.at);
            let ready = {
                let [left, right] = &self.devices;
                let mut wanted = [left.as_fd(), right.as_fd(), ended.as_fd()]
                    .map(|fd| PollFd::new(fd, PollFlags::POLLIN));
                if poll(&mut wanted, timeout(next)).is_err() {
                    continue;
                }
                wanted.map(|fd| fd.any().unwrap_or_default())
            };
            if ready[2] {
                return;
            }
            for from in [0, 1] {
                if ready[from] {
                    self.drain(from, &mut buffer);
                }
            }
            self.deliver();
        }
    }

    /// Takes all that has come from one device.
    fn drain(&mut self, from: usize, buffer: &mut [u8]) {
        loop {
            match self.devices[from].recv(buffer) {
                Ok(length) => self.take(1 - from, &buffer[..length]),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(error) => panic!("the device fails: {error}"),
            }
        }
    }

    /// Takes a packet over that goes to the device `to`.
    fn take(&mut self, to: usize, packet: &[u8]) {
        let faults = *self.faults.lock().unwrap();
        if !faults.up || self.random.part() < faults.loss {
            return;
        }
        let copies = if self.random.part() < faults.duplicates { 2 } else { 1 };
        for _ in 0..copies {
            let mut at = Instant::now();
            if let Some(rate) = faults.rate {
                if self.waiting[to] >= Faults::QUEUE {
                    return;
                }
                let takes = Duration::from_secs_f64(packet.len() as f64 / f64::from(rate));
                at = self.free_at[to].map_or(at, |free| free.max(at)) + takes;
                self.free_at[to] = Some(at);
            }
            at += faults.delay + faults.jitter.mul_f64(self.random.part());
            self.number += 1;
            self.waiting[to] += 1;
            self.under_way.push(Reverse(Packet {
                at,
                number: self.number,
                to,
                bytes: packet.to_vec(),
            }));
        }
    }

    /// Hands over what has arrived by now. What is under way when a wire is cut is lost.
    fn deliver(&mut self) {
        let now = Instant::now();
        while self.under_way.peek().is_some_and(|Reverse(packet)| packet.at <= now) {
            let Some(Reverse(packet)) = self.under_way.pop() else { return };
            self.waiting[packet.to] -= 1;
            // A device whose host is gone takes nothing.
            if self.faults.lock().unwrap().up && self.devices[packet.to].send(&packet.bytes).is_ok()
            {
                self.carried.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

/// Until the next packet arrives, in whole milliseconds and not before.
fn timeout(next: Option<Instant>) -> PollTimeout {
    match next {
        None => PollTimeout::NONE,
        Some(at) => {
            let left = at.saturating_duration_since(Instant::now());
            PollTimeout::try_from(left.as_micros().div_ceil(1000) as i32)
                .unwrap_or(PollTimeout::MAX)
        }
    }
}
