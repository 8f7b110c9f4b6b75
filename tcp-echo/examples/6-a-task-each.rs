//! A task for each client.
//!
//! New here: `.await`. Whoever waits there gives the thread to another task.
//!
//!     cargo run -p tcp-echo --example 6-a-task-each
//!
//! `cargo lab check tcp-echo --dialect repeat`
//! passes: listens, answer, as-it-is, no-exit-word, nothing-said, apart, not-text,
//!   half-a-character, cut-at-the-end, long-message, next-client, silent-client, reset, restart
//!
//! `src/server/main.rs` adds: an orderly end, words for a client too many, an accept that may fail.
#![allow(clippy::print_stdout, clippy::indexing_slicing, reason = "plain for a learner")]

use std::{io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{io::AsyncReadExt, io::AsyncWriteExt, net::TcpListener, net::TcpStream, time::timeout};

const IDLE: Duration = Duration::from_secs(300);
const MAX_CLIENTS: usize = 1_000;

#[tokio::main]
async fn main() -> io::Result<()> {
    let addr = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:50000".to_owned());
    let listener = TcpListener::bind(addr).await?;
    println!("listening on {}", listener.local_addr()?);
    let seats = Arc::new(());
    loop {
        let (client, peer) = listener.accept().await?;
        let seat = Arc::clone(&seats); // A task drops its own at the end.
        if Arc::strong_count(&seats) > 1 + MAX_CLIENTS {
            continue; // That closes.
        }
        println!("{peer} connected");
        tokio::spawn(async move {
            println!("{peer} closed: {:?}", converse(client, peer).await);
            drop(seat);
        });
    }
}

async fn converse(mut client: TcpStream, peer: SocketAddr) -> io::Result<()> {
    let (mut buffer, mut held) = (vec![0; 65_536], Vec::new());
    loop {
        let received = timeout(IDLE, client.read(&mut buffer)).await??;
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
            let reply = format!("服务端接收到了信息 {message}");
            timeout(IDLE, client.write_all(reply.as_bytes())).await??;
        }
    }
}
