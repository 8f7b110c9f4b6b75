//! The server, from its socket to its end.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use common::server::{Stop, announce, raise_open_files};
use common::socket::{BACKLOG, Listener};
use common::trace::Trace;

use crate::access::Access;
use crate::options::Arguments;
use crate::routes::{self, Server};
use crate::sessions::Sessions;
use crate::{lessons, strangers, text};

/// How long sessions have to end when the server does; common's grace is two seconds.
const GRACE: Duration = Duration::from_millis(1600);

/// Sockets, and pipes of sessions.
const OPEN_FILES: usize = 1024;

/// Serves the page until it is stopped.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    // First of all: where a program was, once another has taken its place, is not told any more.
    let program = std::env::current_exe().with_context(|| text::cannot_start("web"))?;
    let (addrs, own) = (arguments.addrs()?, arguments.own());
    // Nobody waits for a build in front of a page.
    for lesson in lessons::ALL {
        for side in ["server", "client"] {
            harness::find_binary(&format!("{}-{side}", lesson.name)).map_err(lab::not_built)?;
        }
    }
    let stop = Stop::on_signals()?;
    raise_open_files(OPEN_FILES);
    let listener = Listener::bind(&addrs, BACKLOG, Trace::default())?;
    let addr = listener.local_addr();
    let access = Arc::new(Access::new(addr)?);
    let sessions = Arc::new(Sessions::default());
    let server =
        Server { sessions: Arc::clone(&sessions), program: program.into(), own: own.map(Arc::new) };
    let pages = routes::router(server, Arc::clone(&access));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context(text::cannot_serve())?;
    runtime.block_on(async {
        let listener = listener.into_std();
        listener.set_nonblocking(true).context(text::cannot_serve())?;
        let listener = tokio::net::TcpListener::from_std(listener).context(text::cannot_serve())?;
        announce(addr)?;
        let mut stdout = std::io::stdout().lock();
        writeln!(stdout, "{}", access.url(addr))
            .and_then(|()| stdout.flush())
            .context(text::cannot_print())?;
        drop(stdout);
        tokio::select! {
            () = strangers::serve(listener, pages) => {}
            () = sessions.watch() => {}
            () = stop.requested() => {}
        }
        sessions.end_all(GRACE).await;
        Ok(())
    })
}
