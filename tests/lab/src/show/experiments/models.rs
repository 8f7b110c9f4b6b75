//! One server, three ways to have many clients.

use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::text::models as said;
use crate::show::ends::{SILENCE, bounded, connect, listen, ms, outcome, quoted, recv};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "models",
    rows: &["B14", "D7", "F1", "F12"],
    tutorials: &["002:227", "002:266", "003:71", "004:36-38"],
    lesson: "tcp-echo",
    words: &said::WORDS,
    run,
    source: source!("models.rs"),
};

const CLIENTS: usize = 5;
const THINK: Duration = Duration::from_millis(100);
/// Timers of kernels may be early by their grain.
const GRAIN: Duration = Duration::from_millis(10);

/// Serves so many clients, then returns.
type Serve = fn(TcpListener, usize) -> io::Result<()>;

const MODELS: [(&str, Serve); 3] = [("queue", queue), ("threads", threads), ("tasks", tasks)];

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let [(_, queue), others @ ..] = MODELS;
    let queue = five_at_once(queue)?;
    report.answer(match queue {
        short if short < THINK * 5 / 2 => "100",
        long if long < THINK * 15 => "500",
        _ => "longer",
    });
    report.holds(said::queue(), said::at_least(), ms(queue), queue + GRAIN >= THINK * 5);
    for (name, serve) in others {
        // Other programs can only make it slower, so that the best of three says what the model
        // takes.
        let mut time = five_at_once(serve)?;
        for _ in 0..2 {
            time = time.min(five_at_once(serve)?);
        }
        report.holds(said::served(name), said::half(), ms(time), time * 2 < queue);
    }
    for ((name, serve), predicted) in
        MODELS.into_iter().zip(["EAGAIN", "\"Hello, you!\"", "\"Hello, you!\""])
    {
        let what = said::behind(name, (THINK + SILENCE * 9).as_millis());
        report.check(what, predicted, behind_a_silent_client(serve)?);
    }
    Ok(())
}

/// The time until the last of them has its answer.
fn five_at_once(serve: Serve) -> anyhow::Result<Duration> {
    let listener = listen()?;
    let addr = listener.local_addr()?;
    let server = thread::spawn(move || serve(listener, CLIENTS));
    let mut clients = Vec::new();
    let start = Instant::now();
    for _ in 0..CLIENTS {
        let mut client = connect(addr)?;
        client.write_all(b"you")?;
        clients.push(client);
    }
    for client in &clients {
        recv(client, 1024)?;
    }
    let time = start.elapsed();
    ended(server)?;
    Ok(time)
}

/// What the second client hears while the first says nothing.
fn behind_a_silent_client(serve: Serve) -> anyhow::Result<String> {
    let listener = listen()?;
    let addr = listener.local_addr()?;
    let server = thread::spawn(move || serve(listener, 2));
    let silent = connect(addr)?;
    let mut second = connect(addr)?;
    second.set_read_timeout(Some(THINK + SILENCE * 9))?;
    second.write_all(b"you")?;
    let heard = recv(&second, 1024);
    drop((silent, second));
    ended(server)?;
    Ok(heard.as_ref().map_or_else(|_| outcome(&heard), |heard| quoted(heard)))
}

fn ended(server: thread::JoinHandle<io::Result<()>>) -> io::Result<()> {
    server.join().unwrap_or_else(|_| Err(io::Error::other("the server's thread")))
}

/// One client after the other.
fn queue(listener: TcpListener, clients: usize) -> io::Result<()> {
    for _ in 0..clients {
        converse(listener.accept()?.0);
    }
    Ok(())
}

/// A thread for each client.
fn threads(listener: TcpListener, clients: usize) -> io::Result<()> {
    thread::scope(|scope| {
        for _ in 0..clients {
            let (stream, _) = listener.accept()?;
            scope.spawn(move || converse(stream));
        }
        Ok(())
    })
}

/// A question, time to think, an answer. A client that leaves is no failure.
fn converse(stream: TcpStream) {
    let Ok(mut stream) = bounded(stream) else { return };
    let mut name = [0; 64];
    if let Ok(got @ 1..) = stream.read(&mut name) {
        thread::sleep(THINK);
        let _ = stream.write_all(&answer(&name, got));
    }
}

/// A task for each client, all on this one thread.
fn tasks(listener: TcpListener, clients: usize) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let mut conversations = tokio::task::JoinSet::new();
        for _ in 0..clients {
            let (stream, _) = listener.accept().await?;
            conversations.spawn(converse_as_task(stream));
        }
        conversations.join_all().await;
        Ok(())
    })
}

async fn converse_as_task(mut stream: tokio::net::TcpStream) {
    let mut name = [0; 64];
    if let Ok(got @ 1..) = stream.read(&mut name).await {
        tokio::time::sleep(THINK).await;
        let _ = stream.write_all(&answer(&name, got)).await;
    }
}

fn answer(name: &[u8], len: usize) -> Vec<u8> {
    [b"Hello, ", name.get(..len).unwrap_or_default(), b"!"].concat()
}
