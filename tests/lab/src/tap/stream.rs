//! TCP through the tap: two connections for each client, and what the shape of each direction says
//! in between.
//!
//! One task has both sockets of a client, so that an end, a reset and a receiver that does not read
//! are passed on as they are: a half-close is a half-close on the other side, a reset closes the
//! other side by a reset, and who reads nothing makes the other wait, once the bounded store of
//! [`Shaper`](super::shape::Shaper) and the kernel's buffers are full.

mod half;
mod relay;

use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use common::addr::Target;
use common::addr::canonical;
use common::error_text::cause;
use common::server::{Acceptor, GRACE, Limits, Seat, Stop};
use common::socket::Listener;
use common::text::because;
use tokio::net::TcpStream;
use tokio::time::timeout;

use self::half::Half;
use self::relay::Relay;
use super::close::Close;
use super::control::Control;
use super::log::Log;
use super::log::connection::Connection;
use super::script::Script;
use super::settings::Faults;
use super::shape::Shape;
use super::side::{Addresses, Side};
use super::text;

/// How long the server may take to answer a connection.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// The most bytes of one `recv`.
const RECEIVED: usize = 64 * 1024;

/// What is done with every connection.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) target: Target,
    pub(super) up: Faults<Shape>,
    pub(super) down: Faults<Shape>,
    pub(super) cut_with: Close,
    pub(super) seed: u64,
    pub(super) max_clients: usize,
    /// Who switches faults while it runs, if anybody does: it has them all, and there is no script.
    pub(super) live: Option<Arc<Control>>,
}

impl Plan {
    fn faults(&self) -> [Faults<Shape>; 2] {
        match &self.live {
            Some(control) => control.settings().stream_faults(Script::default()),
            None => [self.up.clone(), self.down.clone()],
        }
    }
}

/// Serves clients until it is stopped.
pub(super) async fn serve(
    listener: Listener,
    plan: Plan,
    log: Arc<Log>,
    stop: Stop,
) -> anyhow::Result<()> {
    let limits = Limits { max_clients: plan.max_clients, idle_timeout: None, once: false };
    let mut clients =
        Acceptor::new(listener, &limits, &stop).context(text::cannot_wait_for_clients())?;
    let plan = Arc::new(plan);
    let mut number = 0;
    while let Some((client, addr)) = clients.accept().await {
        let Some(seat) = clients.seat() else {
            log.notice(format_args!("{}", text::refused(addr)));
            log.count(|totals| totals.refused += 1);
            let _ = client.set_zero_linger();
            continue;
        };
        number += 1;
        tokio::spawn(attend(
            client,
            number,
            Arc::clone(&plan),
            Arc::clone(&log),
            stop.clone(),
            seat,
        ));
    }
    // Nothing is held back any more, so that only a receiver that does not read takes longer. What
    // is left of the time of grace is for the summary.
    let _ = timeout(GRACE / 2, clients.close()).await;
    Ok(())
}

/// One client, from its connection to the last byte.
async fn attend(
    client: TcpStream,
    number: u64,
    plan: Arc<Plan>,
    log: Arc<Log>,
    stop: Stop,
    seat: Seat,
) {
    if let Err(error) = relay(client, number, &plan, &log, &stop).await {
        log.notice(format_args!("{}", because(format_args!("#{number}"), cause(&error))));
    }
    drop(seat);
}

async fn relay(
    client: TcpStream,
    number: u64,
    plan: &Plan,
    log: &Log,
    stop: &Stop,
) -> io::Result<()> {
    client.set_nodelay(true)?;
    let front = canonical(client.local_addr()?);
    let own = canonical(client.peer_addr()?);
    let addresses = Addresses { client: own, front, back: front, server: front };
    let watch = plan.live.as_ref().map(Control::watch);
    let [up, down] = plan.faults();
    let plain = [(Side::Client, up.is_plain()), (Side::Server, down.is_plain())];
    let middle = plan.live.is_some() || plain.iter().any(|(_, plain)| !plain);
    let mut told = Connection::new(log, number, addresses, &plan.target.name, plain, middle);
    let server = tokio::select! {
        server = connect(&plan.target) => server,
        () = stop.requested() => Err(ErrorKind::Interrupted.into()),
    };
    let server = match server {
        Ok(server) => server,
        Err(error) => {
            told.not_connected(&cause(&error));
            return client.set_zero_linger();
        }
    };
    told.connected(canonical(server.local_addr()?), canonical(server.peer_addr()?));
    let half = |from, faults, stream| Half::new(from, faults, plan, 2 * number + stream);
    let relay = Relay {
        client,
        server,
        up: half(Side::Client, up, 0),
        down: half(Side::Server, down, 1),
        began: Instant::now(),
        told,
        buffer: vec![0; RECEIVED],
        watch,
    };
    relay.run(plan, stop).await
}

/// Each address in turn, all within one limit.
async fn connect(target: &Target) -> io::Result<TcpStream> {
    let server = timeout(CONNECT_LIMIT, TcpStream::connect(target.addrs.as_slice()))
        .await
        .unwrap_or_else(|_| Err(ErrorKind::TimedOut.into()))?;
    server.set_nodelay(true)?;
    Ok(server)
}
