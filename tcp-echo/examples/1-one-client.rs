//! One client: bind, listen, accept, recv, send, close.
//!
//! New here: the calls of a server, in their order. The program ends with its first client; a
//! second one is connected and not served.
//!
//!     cargo run -p tcp-echo --example 1-one-client
//!
//! `cargo lab check tcp-echo --dialect repeat`
//! passes: listens, answer, as-it-is, no-exit-word, restart
//! fails: nothing-said, apart, not-text, half-a-character, cut-at-the-end, long-message,
//!   next-client, silent-client, reset

#![allow(clippy::print_stdout, clippy::indexing_slicing, reason = "plain for a learner")]

use std::io::{self, Read, Write};
use std::net::TcpListener;

fn main() -> io::Result<()> {
    let addr = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:50000".to_owned());
    // bind takes the port; listen, in the same call, has the kernel complete connections to it.
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);

    // accept waits for a client and returns a socket for this client alone.
    let (mut client, peer) = listener.accept()?;
    println!("{peer} connected");

    let mut buffer = [0; 512];
    loop {
        // recv waits until bytes have come and takes at most 512. 0 bytes: the client has closed.
        let received = client.read(&mut buffer)?;
        if received == 0 {
            break;
        }
        // Bytes travel. Text is made of them by whoever knows that they are UTF-8.
        let message = str::from_utf8(&buffer[..received]).map_err(io::Error::other)?;
        println!("{peer}: {message:?}");
        // send may take a part only; write_all calls it until everything is on its way.
        client.write_all(format!("服务端接收到了信息 {message}").as_bytes())?;
    }

    // close: Rust closes a socket where its variable ends.
    drop(client);
    println!("{peer} closed");
    Ok(())
}
