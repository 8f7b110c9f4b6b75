//! iperf3, which moves bytes and does nothing else.

use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::bail;
use bench::leftovers;

use crate::peers::{self, Missing, Peer, Ready};
use crate::trouble;

const IPERF: &str = "iperf3";

/// A server that answers one client after the other.
pub(crate) fn serve() -> Result<Peer, Missing> {
    let mut command = Command::new(peers::installed(IPERF)?);
    command.args(["--server", "--bind", "127.0.0.1", "--port"]);
    // A connection to see whether it listens would be a test that fails.
    Peer::on_port(command, Ready::Runs)
}

/// Bytes a second that arrive from a client that is started with these arguments.
pub(crate) fn send(server: &Peer, arguments: &[&str]) -> anyhow::Result<f64> {
    let port = server.addr().port().to_string();
    let mut client =
        Command::new(peers::installed(IPERF).map_err(|missing| anyhow::anyhow!(missing.0))?);
    client.args(["--client", "127.0.0.1", "--port", &port, "--json"]).args(arguments);
    // It may still be starting, or putting away the last client.
    for _ in 0..100 {
        let output = leftovers::output(&mut client)?;
        if let Some(bits) = bits_per_second(&String::from_utf8_lossy(&output.stdout)) {
            return Ok(bits / 8.0);
        }
        thread::sleep(Duration::from_millis(20));
    }
    bail!(trouble::no_iperf_server())
}

/// What arrived, at the end of iperf3's report: `"sum_received": { …, "bits_per_second": …`. A
/// report of a failure has none.
fn bits_per_second(report: &str) -> Option<f64> {
    let (_, sum) = report.rsplit_once("\"sum_received\"")?;
    let (_, bits) = sum.split_once("\"bits_per_second\":")?;
    bits.trim_start().split(|c: char| c == ',' || c.is_whitespace()).next()?.parse().ok()
}
