//! One question, one answer: bind, recv_from, send_to.
//!
//! New here: a datagram is a whole question. Nothing in it says where it ends, for it ends where
//! the datagram does.
//!
//!     cargo run -p udp-temp --example 1-one-question
//!
//! `cargo lab check udp-temp`
//! passes: listens, answer, whole-degrees
//! fails: next-request, next-client, who-asked, rounding, blanks, notations, large, not-a-number,
//!   empty, not-text, almost-numbers, half-a-number, no-temperatures, digits-only, absolute-zero,
//!   long, no-answer-to-an-answer
#![allow(clippy::print_stdout, clippy::indexing_slicing, reason = "plain for a learner")]

use std::net::UdpSocket;
use std::{env, io, str};

fn main() -> io::Result<()> {
    let addr = env::args().nth(1).unwrap_or_else(|| "127.0.0.1:9999".to_owned());
    let socket = UdpSocket::bind(addr)?;
    println!("listening on {}", socket.local_addr()?);
    let mut buffer = [0; 1024];
    let (length, client) = socket.recv_from(&mut buffer)?;
    let text = str::from_utf8(&buffer[..length]).map_err(io::Error::other)?;
    println!("Received from {client}: {text}");
    let celsius: f64 = text.trim().parse().map_err(io::Error::other)?;
    let reply = format!("转换为华氏温度为: {:?}", hundredths(celsius * 1.8 + 32.0));
    socket.send_to(reply.as_bytes(), client)?;
    Ok(())
}

fn hundredths(x: f64) -> f64 {
    (x * 100.0).round() / 100.0
}
