//! Limits of time and number.
//!
//! New here: `IDLE` and `MAX_CLIENTS`. Silent clients would take all threads there are.
//!
//!     cargo run -p tcp-echo --example 5-limits
//!
//! `cargo lab check tcp-echo --dialect repeat`
//! passes: listens, answer, as-it-is, no-exit-word, nothing-said, apart, not-text,
//!   half-a-character, cut-at-the-end, long-message, next-client, silent-client, reset, restart
#![allow(clippy::print_stdout, clippy::indexing_slicing, reason = "plain for a learner")]

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::{thread, time::Duration};

const IDLE: Duration = Duration::from_secs(300);
const MAX_CLIENTS: usize = 1_000;

fn main() -> io::Result<()> {
    let addr = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:50000".to_owned());
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    let seats = Arc::new(());
    loop {
        let (client, peer) = listener.accept()?;
        let seat = Arc::clone(&seats); // A thread drops its own at the end.
        if Arc::strong_count(&seats) > 1 + MAX_CLIENTS {
            continue; // That closes.
        }
        println!("{peer} connected");
        thread::spawn(move || {
            println!("{peer} closed: {:?}", converse(client, peer));
            drop(seat);
        });
    }
}

fn converse(mut client: TcpStream, peer: SocketAddr) -> io::Result<()> {
    client.set_read_timeout(Some(IDLE))?;
    client.set_write_timeout(Some(IDLE))?;
    let (mut buffer, mut held) = (vec![0; 65_536], Vec::new());
    loop {
        let received = client.read(&mut buffer)?;
        if received == 0 {
            return Ok(());
        }
        held.extend_from_slice(&buffer[..received]);
        let whole = match str::from_utf8(&held) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => held.len(),
        };
        if whole > 0 {
            let message =
                String::from_utf8(held.drain(..whole).collect()).map_err(io::Error::other)?;
            println!("{peer}: {message:?}");
            client.write_all(format!("服务端接收到了信息 {message}").as_bytes())?;
        }
    }
}
