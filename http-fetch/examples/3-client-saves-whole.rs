//! The page is saved whole, or not at all.
//!
//! New here: the file gets its name once the status is 200, all bytes came and are on the disk.
//!
//!     cargo run -p http-fetch --example 3-client-saves-whole localhost:8080 page.html
//!
//! `cargo lab check http-fetch --client`
//! passes: connects, page, in-pieces, until-the-end, stays-open, empty-page, longer-than-told,
//!   chunked, chunks-in-pieces, not-text, any-case, not-found, server-error, redirect-nowhere,
//!   no-head, nothing, short-body, cut-chunks, reset, bad-length
//! fails: line-feeds, cut-head, two-lengths, both-lengths, bad-chunk
//!
//! `src/client/main.rs` adds limits of time and length, redirects, https, and goes on with parts.
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;

fn main() -> io::Result<()> {
    let addr = std::env::args().nth(1).unwrap_or("127.0.0.1:8080".to_owned());
    let file = std::env::args().nth(2).unwrap_or("page.html".to_owned());
    let mut server = TcpStream::connect(&addr)?; // connect
    let request = format!("GET / HTTP/1.1\r\nHost: {addr}\r\nConnection: close\r\n\r\n");
    server.write_all(request.as_bytes())?; // send

    let mut answer = BufReader::new(server);
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && answer.read_until(b'\n', &mut head)? > 0 {}
    io::stdout().write_all(&head)?;
    let head = String::from_utf8_lossy(&head);
    if head.split(' ').nth(1) != Some("200") {
        return Err(io::Error::other("this is not the page"));
    }
    let part = format!("{file}.part");
    let mut page = File::create(&part)?;
    if field(&head, "Transfer-Encoding") == Some("chunked") {
        let mut length = 1;
        while length > 0 {
            let mut line = String::new();
            answer.read_line(&mut line)?;
            length = u64::from_str_radix(line.trim(), 16).map_err(io::Error::other)?;
            io::copy(&mut answer.by_ref().take(length), &mut page)?;
            answer.read_line(&mut line)?; // CR LF behind each chunk is no part of the page
        }
    } else if let Some(length) = field(&head, "Content-Length") {
        let length = length.parse().map_err(io::Error::other)?;
        if io::copy(&mut answer.take(length), &mut page)? < length {
            return Err(io::Error::other("the page was cut")); // recv brought nothing too early
        }
    } else {
        io::copy(&mut answer, &mut page)?; // recv, until the server has closed
    }
    page.sync_all()?;
    fs::rename(part, file)
} // close

/// What a line of the head says behind its name and a colon.
fn field<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let mut fields = head.lines().filter_map(|line| line.split_once(':'));
    fields.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}
