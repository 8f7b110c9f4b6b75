//! A page is asked for and saved: connect, send, recv until the end, close.
//!
//! New here: the client speaks first, in lines of text. An empty line ends its request; an empty
//! line ends the head of the answer, and what comes behind it, up to the end, is the page.
//!
//!     cargo run -p http-fetch --example 1-client-until-the-end localhost:8080 page.html
//!
//! `cargo lab check http-fetch --client`
//! passes: connects, page, in-pieces, until-the-end, not-text
//! fails: stays-open, empty-page, longer-than-told, chunked, chunks-in-pieces, any-case,
//!   line-feeds, not-found, server-error, redirect-nowhere, no-head, nothing, cut-head,
//!   short-body, cut-chunks, reset, two-lengths, both-lengths, bad-length, bad-chunk

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpStream;

fn main() -> io::Result<()> {
    let addr = std::env::args().nth(1).unwrap_or("127.0.0.1:8080".to_owned());
    let file = std::env::args().nth(2).unwrap_or("page.html".to_owned());
    let mut server = TcpStream::connect(&addr)?; // connect
    let request = format!("GET / HTTP/1.1\r\nHost: {addr}\r\nConnection: close\r\n\r\n");
    server.write_all(request.as_bytes())?; // send

    // One recv may bring half a line, or a head and half a page: the reader hands out whole lines.
    let mut answer = BufReader::new(server);
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && answer.read_until(b'\n', &mut head)? > 0 {}
    io::stdout().write_all(&head)?;

    let mut page = File::create(&file)?;
    io::copy(&mut answer, &mut page)?; // recv, until it brings nothing: the server has closed
    Ok(())
} // close
