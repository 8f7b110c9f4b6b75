//! Frames as the field does them: tokio-util's codec, on tasks.

use std::io;
use std::net::TcpStream;
use std::time::Instant;

use futures_util::{SinkExt as _, StreamExt as _};
use tokio_util::bytes::Bytes;
use tokio_util::codec::{FramedRead, FramedWrite, LengthDelimitedCodec};

use super::{GATHER, MAX};

/// A write for each frame, as `common::frame` does.
pub(super) fn send(stream: TcpStream, payload: &[u8], end: Instant) -> anyhow::Result<()> {
    let payload = Bytes::copy_from_slice(payload);
    runtime()?.block_on(async {
        let mut frames = FramedWrite::new(to_tokio(stream)?, codec());
        while Instant::now() < end {
            frames.send(payload.clone()).await?;
        }
        Ok(())
    })
}

/// A write when so much is there.
pub(super) fn send_gathered(stream: TcpStream, payload: &[u8], end: Instant) -> anyhow::Result<()> {
    let payload = Bytes::copy_from_slice(payload);
    runtime()?.block_on(async {
        let mut frames = FramedWrite::new(to_tokio(stream)?, codec());
        frames.set_backpressure_boundary(GATHER);
        while Instant::now() < end {
            frames.feed(payload.clone()).await?;
        }
        Ok(futures_util::SinkExt::<Bytes>::close(&mut frames).await?)
    })
}

type Reader = FramedRead<tokio::net::TcpStream, LengthDelimitedCodec>;

pub(super) fn receive(stream: TcpStream) -> anyhow::Result<usize> {
    receive_through(stream, |stream| FramedRead::new(stream, codec()))
}

pub(super) fn receive_gathered(stream: TcpStream) -> anyhow::Result<usize> {
    receive_through(stream, |stream| FramedRead::with_capacity(stream, codec(), GATHER))
}

fn receive_through(
    stream: TcpStream,
    framed: fn(tokio::net::TcpStream) -> Reader,
) -> anyhow::Result<usize> {
    runtime()?.block_on(async {
        let mut frames = framed(to_tokio(stream)?);
        let mut received = 0;
        while let Some(payload) = frames.next().await {
            received += payload?.len();
        }
        Ok(received)
    })
}

fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_io().build()
}

fn to_tokio(stream: TcpStream) -> io::Result<tokio::net::TcpStream> {
    stream.set_nonblocking(true)?;
    tokio::net::TcpStream::from_std(stream)
}

fn codec() -> LengthDelimitedCodec {
    LengthDelimitedCodec::builder().max_frame_length(MAX).new_codec()
}
