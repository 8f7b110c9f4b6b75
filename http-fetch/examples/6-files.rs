//! Files are served, and nothing outside the directory in which the server was started.
//!
//! New here: the client chooses names (`/../secret`, a link, `/C:\`): where each leads is asked.
//!
//!     cargo run -p http-fetch --example 6-files
//!
//! `cargo lab check http-fetch`
//! passes: listens, page, type, length, head-only, byte-by-byte, long-request, post,
//!   body-is-no-request, not-found, outside, method, nonsense, half-a-head, nothing, not-text,
//!   next-client, silent-client, reset, restart
//! fails: any-case, host, both-lengths, two-lengths, blank-before-colon
//!
//! `src/server/main.rs` adds limits of time and length, names in Chinese, types, ranges and a log.
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::{fs, thread};

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
    let mut requests = BufReader::new(client.try_clone()?);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if requests.read_line(&mut head)? == 0 {
                return Ok(()); // recv has brought nothing: the client has closed
            }
        }
        let words: Vec<_> = head.lines().next().unwrap_or_default().split(' ').collect();
        let path = format!(".{}", words.get(1).unwrap_or(&"/"));
        let (root, file) = (fs::canonicalize(".")?, fs::canonicalize(&path).unwrap_or_default());
        let is_inside = file.starts_with(&root) && file.is_file() && !path.contains("/.");
        let (status, page) = match words.as_slice() {
            ["GET" | "HEAD", "/", "HTTP/1.1"] => ("200 OK", "<h1>你好, welcome</h1>\n".into()),
            ["GET" | "HEAD", _, "HTTP/1.1"] if is_inside => ("200 OK", fs::read(file)?),
            ["GET" | "HEAD", _, "HTTP/1.1"] => ("404 Not Found", "There is no such page.\n".into()),
            [_, _, "HTTP/1.1"] => ("405 Method Not Allowed", "This can only be read.\n".into()),
            _ => ("400 Bad Request", "This is no request of HTTP/1.1.\n".into()),
        };
        let fields = head.to_ascii_lowercase();
        let length = fields.lines().find_map(|line| line.strip_prefix("content-length:"));
        let length = length.unwrap_or("0").trim().parse().map_err(io::Error::other)?;
        io::copy(&mut requests.by_ref().take(length), &mut io::sink())?; // over its body
        let kind = "Allow: GET, HEAD\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length:";
        let mut answer = format!("HTTP/1.1 {status}\r\n{kind} {}\r\n\r\n", page.len()).into_bytes();
        answer.extend(if head.starts_with("HEAD ") { Vec::new() } else { page });
        client.write_all(&answer)?; // send, head and page at once
        if status.starts_with("400") || fields.contains("\r\nconnection: close\r\n") {
            return Ok(());
        }
    }
} // close
