//! Sending and receiving at the same time.
//!
//! A server answers before it has heard everything. If nobody took those answers meanwhile, the
//! buffers between the two would fill up, and each side would wait for the other to read.

use std::io::{self, ErrorKind, Read};
use std::net::Shutdown;
use std::sync::Arc;
use std::thread;

use anyhow::{Context, anyhow, bail};
use common::socket::Stream;
use common::terminal::{Patient, Stdout};
use common::text::cannot_start_thread;

use crate::messages::Messages;
use crate::replies::Replies;
use crate::reply_deadline::ReplyDeadline;
use crate::{Client, text};

/// Sends a message that is longer than the buffers, and prints its reply.
pub(crate) fn exchange(
    client: &Client,
    server: &Stream,
    message: &[u8],
    replies: &mut Replies,
) -> anyhow::Result<()> {
    thread::scope(|scope| {
        let sending = thread::Builder::new()
            .spawn_scoped(scope, || client.send(server, message))
            .context(cannot_start_thread())?;
        let received = client.recv(server, message, replies);
        if received.is_err() {
            // Nobody takes any more answers: the thread would go on until the deadline.
            let _ = server.shutdown(Shutdown::Both);
        }
        let sent = sending.join().map_err(|_| anyhow!(text::sender_failed()))?;
        received.and(sent)
    })
}

/// Everything at once. What one `recv` brings is one line here, whether that is a reply, a part of
/// one, or several.
pub(crate) fn burst(client: &Client, messages: &mut Messages) -> anyhow::Result<()> {
    let target = &client.target;
    let server = client.connect()?;
    server.set_idle(Some(client.options.timeout))?;
    let mut replies = server.try_clone()?;
    let deadline = Arc::new(ReplyDeadline::new(client.options.timeout));
    let owed = Arc::clone(&deadline);
    let printer = messages.printer();
    let printing = thread::Builder::new().spawn(move || {
        let printed = owed.recv_all(&mut replies, |bytes| printer.line("", bytes));
        if printed.is_err() {
            // Replies that nobody takes stop the server, and it would stop our `send`.
            let _ = replies.shutdown(Shutdown::Both);
        }
        printed
    });
    let printing = printing.context(cannot_start_thread())?;
    let said = say_all(client, &server, messages);
    deadline.begin();
    if said.is_err() {
        // Nothing more is waited for.
        let _ = server.shutdown(Shutdown::Both);
    }
    let printed = printing.join().map_err(|_| anyhow!(text::printer_failed()))?;
    printed.with_context(|| text::cannot_receive(target))?;
    said.with_context(|| text::cannot_send_all(target))
}

fn say_all(client: &Client, server: &Stream, messages: &mut Messages) -> anyhow::Result<()> {
    while let Some(message) = messages.next()? {
        server.send_all(&message)?;
    }
    server.send_all(client.dialect.farewell())?;
    Ok(server.shutdown(Shutdown::Write)?)
}

/// Standard input to the server and the echo to standard output, byte for byte.
pub(crate) fn pump(client: &Client) -> anyhow::Result<()> {
    let target = &client.target;
    let mut server = client.connect()?;
    server.set_idle(Some(client.options.timeout))?;
    let sender = server.try_clone()?;
    let deadline = Arc::new(ReplyDeadline::new(client.options.timeout));
    let owed = Arc::clone(&deadline);
    let sending = thread::Builder::new().spawn(move || {
        let sent = copy(&mut Patient(io::stdin().lock()), |bytes| sender.send_all(bytes));
        owed.begin();
        // The half-close: the server sees the end, and what it still has to send arrives all the
        // same. If something has failed, nothing more is waited for.
        let how = if sent.is_ok() { Shutdown::Write } else { Shutdown::Both };
        sent.and(sender.shutdown(how))
    });
    let sending = sending.context(cannot_start_thread())?;
    let mut stdout = Stdout::new();
    let received = deadline.recv_all(&mut server, |bytes| stdout.text(bytes));
    received.with_context(|| text::cannot_receive(target))?;
    stdout.end_text()?;
    if !deadline.has_begun() {
        // The thread may wait for standard input for ever.
        bail!(text::closed_early(target));
    }
    let sent = sending.join().map_err(|_| anyhow!(text::sender_failed()))?;
    sent.with_context(|| text::cannot_send_all(target))
}

fn copy(from: &mut impl Read, mut to: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let length = match from.read(&mut buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            result => result?,
        };
        match buffer.get(..length) {
            None | Some([]) => return Ok(()),
            Some(bytes) => to(bytes)?,
        }
    }
}
