//! The same server with a task for each client: `main.rs` with `.await`.
//!
//! Whoever waits at an `.await` gives the thread to another task, so a few threads carry all
//! clients, and a client that is silent costs about a kilobyte. The tutorial has gevent for this.

use std::num::NonZero;
use std::sync::Arc;
use std::thread;

use anyhow::Context;
use common::notice;
use common::server::{AsyncClients, Limits, Needs, announce, try_threads};
use common::socket::{AsyncStream, LINGERING_CLOSE, Listener};
use tcp_echo::Conversation;
use tokio::runtime::Builder;
use tokio::time::timeout;

use crate::{Config, text};

/// Serves clients until a stop is requested, each by a task of its own.
pub(crate) fn serve(
    listener: Listener,
    limits: &Limits,
    config: &Arc<Config>,
) -> anyhow::Result<()> {
    let mut threads = Builder::new_multi_thread();
    let runtime = try_threads(workers())
        .and_then(|()| threads.worker_threads(workers()).enable_all().build());
    let runtime = runtime.context(text::cannot_start_workers())?;
    runtime.block_on(accept(listener, limits, config))?;
    // Tasks that are still there have had their time.
    runtime.shutdown_background();
    Ok(())
}

async fn accept(listener: Listener, limits: &Limits, config: &Arc<Config>) -> anyhow::Result<()> {
    let addr = listener.local_addr();
    let clients = AsyncClients::new(listener, limits, &config.stop).context(text::cannot_wait())?;
    let needs = Needs { threads: 0, heap: config.memory_for_each(), ..Needs::default() };
    let mut clients = clients.each_needs(needs).when_full(config.dialect.full());
    announce(addr)?;
    while let Some(client) = clients.accept().await {
        let config = Arc::clone(config);
        clients.spawn(client, |client| converse(client, config));
    }
    clients.close().await;
    Ok(())
}

/// One client from `accept` to `close`.
async fn converse(mut client: AsyncStream, config: Arc<Config>) -> anyhow::Result<()> {
    let peer = client.peer();
    notice!("{}", text::connected(peer));
    let mut conversation = Conversation::new(config.dialect);
    client.send_all(conversation.opening()).await?;
    loop {
        client.readable().await?;
        let mut buffer = config.buffers.lend();
        let received = client.recv(&mut buffer).await?;
        let turn = match buffer.get(..received) {
            None | Some([]) => conversation.end(),
            Some(piece) => conversation.hear(piece, received == buffer.len())?,
        };
        if let Some(said) = &turn.said {
            config.show(peer, said);
        }
        if !turn.reply.is_empty() {
            if !config.think.is_zero() {
                let _ = timeout(config.think, config.stop.requested()).await;
            }
            client.send_all(&turn.reply).await?;
        }
        if received == 0 {
            client.close();
            break;
        }
        if turn.over {
            client.close_gently(LINGERING_CLOSE).await;
            break;
        }
    }
    notice!("{}", text::closed(peer));
    Ok(())
}

/// A thread for every two processors: the kernel, and clients on the same machine, want their
/// share. Two threads on two processors would wake each other for every message.
fn workers() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get).div_ceil(2)
}
