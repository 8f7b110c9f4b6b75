//! Connections: those that have shown the token stay as long as they like, and strangers do not.
//!
//! Every user of this machine can connect, and each connection takes a file descriptor. So those on
//! which the token has not come yet have a number of seats, and a time for the head of a request. A
//! newcomer gets the seat of who has sat longest: a tab shows its token at once, and is let in
//! however many hold on.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::{AbortHandle, yield_now};
use tokio::time::{Instant, sleep_until};

/// How many strangers there may be.
const SEATS: usize = 128;
/// How long a stranger has for the whole head of a request, and for taking the answer.
const HEAD: Duration = Duration::from_secs(10);

/// Who has connected, in the extensions of each of its requests.
#[derive(Clone, Debug, Default)]
pub(crate) struct Visitor(Arc<Seen>);

#[derive(Debug, Default)]
struct Seen {
    token: AtomicBool,
    /// A head has come.
    asked: Notify,
}

impl Visitor {
    /// It is no stranger from here on.
    pub(crate) fn has_the_token(&self) {
        self.0.token.store(true, Ordering::Relaxed);
        self.0.asked.notify_one();
    }

    fn is_stranger(&self) -> bool {
        !self.0.token.load(Ordering::Relaxed)
    }
}

/// Answers whoever connects, without an end.
pub(crate) async fn serve(mut listener: TcpListener, pages: Router) {
    let pages = TowerToHyperService::new(pages);
    let mut seats: VecDeque<(Visitor, AbortHandle)> = VecDeque::with_capacity(SEATS);
    loop {
        // axum's, which waits a while where no file descriptor is left.
        let (stream, _) = axum::serve::Listener::accept(&mut listener).await;
        seats.retain(|(visitor, task)| visitor.is_stranger() && !task.is_finished());
        if seats.len() >= SEATS
            && let Some((_, longest)) = seats.pop_front()
        {
            longest.abort();
        }
        let visitor = Visitor::default();
        let task = tokio::spawn(answer(stream, pages.clone(), visitor.clone()));
        seats.push_back((visitor, task.abort_handle()));
        // Who is here already may show the token before the next one takes the seat.
        yield_now().await;
    }
}

/// Answers on one connection, until either side closes it.
async fn answer(stream: TcpStream, pages: TowerToHyperService<Router>, visitor: Visitor) {
    let asks = visitor.clone();
    let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        asks.0.asked.notify_one();
        request.extensions_mut().insert(asks.clone());
        pages.call(request)
    });
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    let mut until = Instant::now() + HEAD;
    loop {
        tokio::select! {
            _ = connection.as_mut() => return,
            () = visitor.0.asked.notified() => until = Instant::now() + HEAD,
            () = sleep_until(until), if visitor.is_stranger() => return,
        }
    }
}
