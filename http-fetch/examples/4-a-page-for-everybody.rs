//! A server with one page for everybody: bind, listen, accept, recv, send, close.
//!
//! New here: the other side. The head of an answer has a colon in each line, or curl refuses it;
//! the type names the encoding of the text, and the length says where the page ends.
//!
//!     cargo run -p http-fetch --example 4-a-page-for-everybody
//!
//! `cargo lab check http-fetch`
//! passes: listens, page, type, length, any-case, body-is-no-request, not-text, next-client,
//!   silent-client, reset, restart
//! fails: head-only, byte-by-byte, long-request, post, not-found, outside, method, nonsense,
//!   half-a-head, nothing, host, both-lengths, two-lengths, blank-before-colon

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

fn main() -> io::Result<()> {
    let addr = std::env::args().nth(1).unwrap_or("127.0.0.1:8080".to_owned());
    let listener = TcpListener::bind(&addr)?; // bind, listen
    writeln!(io::stdout(), "listening on {}", listener.local_addr()?)?;
    loop {
        let (client, _) = listener.accept()?; // accept
        thread::spawn(move || converse(client)); // what fails in there ends this client alone
    }
}

fn converse(mut client: TcpStream) -> io::Result<()> {
    let mut request = [0; 1024];
    let length = client.read(&mut request)?; // recv
    io::stdout().write_all(request.get(..length).unwrap_or_default())?;
    let page = "<h1>你好, welcome</h1>\n";
    let kind = "Content-Type: text/html; charset=utf-8\r\nContent-Length:";
    let answer = format!("HTTP/1.1 200 OK\r\n{kind} {}\r\n\r\n", page.len());
    client.write_all((answer + page).as_bytes()) // send, head and page at once
} // close
