//! Bad input is answered, and ends nothing.
//!
//! New here: what is no temperature gets a reply that says what would be right. Otherwise one
//! datagram with `abc` in it ends the server, and its sender waits for ever.
//!
//!     cargo run -p udp-temp --example 3-bad-input
//!
//! `cargo lab check udp-temp`
//! passes: listens, answer, next-request, next-client, who-asked, whole-degrees, rounding, blanks,
//!   notations, not-a-number, empty, not-text, almost-numbers, half-a-number, no-temperatures,
//!   digits-only, absolute-zero, long
//! fails: large, no-answer-to-an-answer
//!
//! `src/server/main.rs` adds: numbers as Python writes them, and silence where a server speaks.
#![allow(clippy::print_stdout, clippy::indexing_slicing, reason = "plain for a learner")]

use std::net::UdpSocket;
use std::{env, io, str};

fn main() -> io::Result<()> {
    let addr = env::args().nth(1).unwrap_or_else(|| "127.0.0.1:9999".to_owned());
    let socket = UdpSocket::bind(addr)?;
    println!("listening on {}", socket.local_addr()?);
    let mut buffer = [0; 65_535];
    loop {
        // Windows tells here that nobody was left to take an earlier reply.
        let (length, client) = match socket.recv_from(&mut buffer) {
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => continue,
            received => received?,
        };
        let question = &buffer[..length];
        println!("Received from {client}: {:?}", String::from_utf8_lossy(question));
        let reply = match fahrenheit(question) {
            Some(fahrenheit) => format!("转换为华氏温度为: {fahrenheit:?}"),
            None => "error: send degrees Celsius such as 36.6 or -40, from -273.15 up".to_owned(),
        };
        if let Err(error) = socket.send_to(reply.as_bytes(), client) {
            println!("cannot answer {client}: {error}");
        }
    }
}

/// `None`: no number, or no temperature. Rust reads `nan` and `inf` as numbers.
fn fahrenheit(question: &[u8]) -> Option<f64> {
    let celsius: f64 = str::from_utf8(question).ok()?.trim().parse().ok()?;
    let fahrenheit = celsius * 1.8 + 32.0;
    (fahrenheit.is_finite() && celsius >= -273.15).then(|| hundredths(fahrenheit))
}

fn hundredths(x: f64) -> f64 {
    (x * 100.0).round() / 100.0
}
