//! The next question, and the next client's.
//!
//! New here: a loop around `recv_from` and `send_to`. One socket is enough for everybody, since
//! each datagram says who sent it; without the loop the second client waits for ever.
//!
//!     cargo run -p udp-temp --example 2-next-question
//!
//! `cargo lab check udp-temp`
//! passes: listens, answer, next-request, next-client, who-asked, whole-degrees, rounding, blanks,
//!   notations
//! fails: large, not-a-number, empty, not-text, almost-numbers, half-a-number, no-temperatures,
//!   digits-only, absolute-zero, long, no-answer-to-an-answer
#![allow(clippy::print_stdout, clippy::indexing_slicing, reason = "plain for a learner")]

use std::net::UdpSocket;
use std::{env, io, str};

fn main() -> io::Result<()> {
    let addr = env::args().nth(1).unwrap_or_else(|| "127.0.0.1:9999".to_owned());
    let socket = UdpSocket::bind(addr)?;
    println!("listening on {}", socket.local_addr()?);
    let mut buffer = [0; 1024];
    loop {
        let (length, client) = socket.recv_from(&mut buffer)?;
        let text = str::from_utf8(&buffer[..length]).map_err(io::Error::other)?;
        println!("Received from {client}: {text}");
        let celsius: f64 = text.trim().parse().map_err(io::Error::other)?;
        let reply = format!("转换为华氏温度为: {:?}", hundredths(celsius * 1.8 + 32.0));
        socket.send_to(reply.as_bytes(), client)?;
    }
}

fn hundredths(x: f64) -> f64 {
    (x * 100.0).round() / 100.0
}
