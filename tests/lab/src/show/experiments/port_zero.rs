//! Port 0 means any.

use std::collections::HashSet;
use std::net::{Ipv4Addr, TcpListener};

use crate::show::ends::{listen, outcome, pair, pair_on};
use crate::show::experiment::Experiment;
use crate::show::kernel::setting;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "port-zero",
    idea: "port 0 asks the system for a free one; every client's port comes that way",
    rows: &["A9", "A13", "D14"],
    tutorials: &[
        "002:49",
        "002:139 ⚠ a port above 1024 may be taken by any client",
        "000:46 ⚠ 50000 is such a port",
    ],
    predict: "Four servers that bind port 0 get four different ports, and getsockname says which. A client, \
              which binds nothing, gets one of the same range. A server that wants the port that some client \
              happens to hold fails with EADDRINUSE.",
    run,
    why: "Every connection needs a port at either end. The system gives a free one from its ephemeral range \
          (RFC 6056) to who names none. A fixed port in that range can be in use by chance, once in a while, \
          on any machine.",
    mend: "Tests bind port 0 and read the real port, as all tests here do. Services take a port below the \
           range: on Linux below 32768.",
    lesson: "tcp-echo",
    try_next: &["cargo run -q -p tcp-echo -- --addr :0", "cargo lab show port-taken"],
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let servers = [listen()?, listen()?, listen()?, listen()?];
    let mut ports = Vec::new();
    for server in &servers {
        ports.push(server.local_addr()?.port());
    }
    report.see(format_args!("four times bind to port 0, then getsockname: {ports:?}"));
    report.check("different ones", 4, ports.iter().collect::<HashSet<_>>().len());

    let [first, ..] = &servers;
    let (client, _server) = pair_on(first)?;
    let port = client.local_addr()?.port();
    report.see(format_args!("a client that bound nothing has port {port}"));
    match ephemeral_range() {
        Some((low, high)) => {
            let inside =
                ports.iter().chain([&port]).filter(|port| (low..=high).contains(*port)).count();
            report.check(&format!("of these 5 in this system's range, {low} to {high}"), 5, inside);
            let fate = if (low..=high).contains(&50000) {
                "lies in it, so a client may hold it"
            } else {
                "does not lie in it"
            };
            report.see(format_args!("the tutorial's port 50000 {fate}"));
        }
        None => report.cannot("only Linux tells the range under /proc/sys"),
    }

    let (client, server) = pair()?;
    // The port of the client alone: nobody listens there.
    let taken = client.local_addr()?.port();
    report.check(
        "a server that binds the client's port",
        "EADDRINUSE",
        outcome(&TcpListener::bind((Ipv4Addr::LOCALHOST, taken))),
    );
    drop((client, server));
    Ok(())
}

fn ephemeral_range() -> Option<(u16, u16)> {
    let text = setting("net/ipv4/ip_local_port_range")?;
    let mut numbers = text.split_ascii_whitespace().map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}
