//! `lab tap`: a proxy between any client and any server.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Shutdown, SocketAddr};
use std::thread;
use std::time::Duration;

use common::addr::{Addr, Target};
use common::serve::{Limits, Model, announce, serve};
use common::shutdown::Stop;
use common::socket::{BACKLOG, Listener, Stream};
use common::trace::Trace;

/// What an address leaves out: this machine, and any free port.
const DEFAULT_ADDR: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// How long the server may take to answer a connection.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// Stand between any client and any server
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Where clients connect to
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    listen: Addr,
    /// Where the server is
    #[arg(long, value_name = "ADDR")]
    to: Addr,
}

/// Runs until Ctrl+C.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let target = arguments.to.to_connect(DEFAULT_ADDR)?;
    let stop = Stop::on_signals()?;
    let listener = Listener::bind(&arguments.listen.to_listen(DEFAULT_ADDR)?, BACKLOG, Trace::default())?;
    announce(listener.local_addr())?;
    let limits = Limits { max_clients: 64, idle_timeout: None, once: false };
    serve(listener, &stop, Model::Threads, &limits, b"", move |client| relay(&client, &target))
}

fn relay(client: &Stream, target: &Target) -> anyhow::Result<()> {
    let server = &Stream::connect(target, CONNECT_LIMIT, Trace::default())?;
    thread::scope(|scope| {
        let answers = scope.spawn(|| pass_on(server, client));
        pass_on(client, server)?;
        answers.join().unwrap_or(Ok(()))
    })?;
    Ok(())
}

fn pass_on(mut from: &Stream, mut to: &Stream) -> io::Result<()> {
    io::copy(&mut from, &mut to)?;
    to.shutdown(Shutdown::Write)
}
