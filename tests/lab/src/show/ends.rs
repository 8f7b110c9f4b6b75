//! The two ends of a conversation, in one program: what every experiment starts from. Every wait is
//! bounded by [`LIMIT`].

use std::io::{self, Read as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use common::terminal::bytes_as_line;

use super::text;

/// Far more than anything takes here; what lasts longer is a failure.
pub(crate) const LIMIT: Duration = Duration::from_secs(5);

/// How long to listen where nothing is expected.
pub(crate) const SILENCE: Duration = Duration::from_millis(100);

/// Between two looks at something that cannot be waited for otherwise.
const TICK: Duration = Duration::from_millis(1);

/// A listening socket on a free port of 127.0.0.1.
pub(crate) fn listen() -> anyhow::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context(text::no_free_port())
}

/// Both ends of a new connection: the client's, and the one that the server's `accept` returned.
pub(crate) fn pair() -> anyhow::Result<(TcpStream, TcpStream)> {
    pair_on(&listen()?)
}

/// The same, through a listening socket that one has.
pub(crate) fn pair_on(listener: &TcpListener) -> anyhow::Result<(TcpStream, TcpStream)> {
    let client = connect(listener.local_addr()?)?;
    let (server, _) = listener.accept()?;
    Ok((client, bounded(server)?))
}

/// A connected client.
pub(crate) fn connect(addr: SocketAddr) -> anyhow::Result<TcpStream> {
    let client =
        TcpStream::connect_timeout(&addr, LIMIT).with_context(|| text::cannot_connect(addr))?;
    bounded(client)
}

/// Lets no call on this connection last for ever.
pub(crate) fn bounded(stream: TcpStream) -> anyhow::Result<TcpStream> {
    stream.set_read_timeout(Some(LIMIT))?;
    stream.set_write_timeout(Some(LIMIT))?;
    Ok(stream)
}

/// A UDP socket on a free port of 127.0.0.1.
pub(crate) fn udp() -> anyhow::Result<UdpSocket> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).context(text::no_free_port())?;
    socket.set_read_timeout(Some(LIMIT))?;
    Ok(socket)
}

/// `recv(max)`: what is there, `max` bytes at most; empty when the peer has closed.
pub(crate) fn recv(mut stream: &TcpStream, max: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; max];
    let got = stream.read(&mut bytes)?;
    bytes.truncate(got);
    Ok(bytes)
}

/// `recvfrom(max)`: one datagram, of which `max` bytes at most are kept, and its sender.
pub(crate) fn recv_from(socket: &UdpSocket, max: usize) -> io::Result<(Vec<u8>, SocketAddr)> {
    let mut bytes = vec![0; max];
    let (got, from) = socket.recv_from(&mut bytes)?;
    bytes.truncate(got);
    Ok((bytes, from))
}

/// Waits until `wanted` bytes lie in the receive buffer of the kernel. They stay there.
pub(crate) fn arrived(stream: &TcpStream, wanted: usize) -> anyhow::Result<()> {
    let mut bytes = vec![0; wanted];
    until(&text::bytes_to_arrive(wanted), || Ok(stream.peek(&mut bytes)? >= wanted))
}

/// Waits until it is so; looks every millisecond.
pub(crate) fn until(what: &str, mut so: impl FnMut() -> io::Result<bool>) -> anyhow::Result<()> {
    let start = Instant::now();
    while !so().with_context(|| text::waiting_for(what))? {
        if start.elapsed() > LIMIT {
            bail!(text::waited_in_vain(LIMIT.as_secs(), what));
        }
        thread::sleep(TICK);
    }
    Ok(())
}

/// Gives the segments their time until it is so; a check comes afterwards and says whether it is.
pub(crate) fn settle(mut so: impl FnMut() -> bool) {
    let _ = until("", || Ok(so()));
}

/// How a call ended: `ok`, or the error's name in `errno.h`.
pub(crate) fn outcome<T>(result: &io::Result<T>) -> String {
    match result {
        Ok(_) => "ok".to_owned(),
        Err(error) => error_name(error),
    }
}

/// The name that manual pages have for an error.
pub(crate) fn error_name(error: &io::Error) -> String {
    #[cfg(unix)]
    if let Some(number) = error.raw_os_error() {
        return format!("{:?}", nix::errno::Errno::from_raw(number));
    }
    named_by_kind(error)
}

/// The same where the system has other names for them: Windows calls EAGAIN of a limited `recv`
/// WSAETIMEDOUT. An error that is the standard library's own keeps its name.
fn named_by_kind(error: &io::Error) -> String {
    use io::ErrorKind;

    let name = match error.kind() {
        kind if error.raw_os_error().is_none() => return format!("{kind:?}"),
        // WSAEMSGSIZE and WSAESHUTDOWN, for which the standard library has no kind.
        _ if cfg!(windows) && error.raw_os_error() == Some(10040) => "EMSGSIZE",
        _ if cfg!(windows) && error.raw_os_error() == Some(10058) => "EPIPE",
        ErrorKind::AddrInUse => "EADDRINUSE",
        ErrorKind::AddrNotAvailable => "EADDRNOTAVAIL",
        ErrorKind::BrokenPipe => "EPIPE",
        ErrorKind::ConnectionAborted => "ECONNABORTED",
        ErrorKind::ConnectionRefused => "ECONNREFUSED",
        ErrorKind::ConnectionReset => "ECONNRESET",
        ErrorKind::NotConnected => "ENOTCONN",
        ErrorKind::PermissionDenied => "EACCES",
        ErrorKind::TimedOut | ErrorKind::WouldBlock => "EAGAIN",
        kind => return format!("{kind:?}"),
    };
    name.to_owned()
}

/// Bytes as text between quotation marks, safe to print.
pub(crate) fn quoted(bytes: &[u8]) -> String {
    format!("\"{}\"", bytes_as_line(bytes))
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ")
}

/// The middle one of several times: one delay by another program does not change it.
pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// A time in milliseconds.
pub(crate) fn ms(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn an_error_has_the_same_name_by_its_kind_as_by_its_number() {
        use nix::errno::Errno;

        for number in [
            Errno::EADDRINUSE,
            Errno::EADDRNOTAVAIL,
            Errno::EPIPE,
            Errno::ECONNREFUSED,
            Errno::ECONNRESET,
            Errno::ENOTCONN,
            Errno::EACCES,
            Errno::EAGAIN,
        ] {
            let error = io::Error::from(number);
            assert_eq!(named_by_kind(&error), format!("{number:?}"));
            assert_eq!(error_name(&error), named_by_kind(&error));
        }
    }

    #[test]
    fn an_error_of_the_standard_library_keeps_its_name() {
        assert_eq!(error_name(&io::ErrorKind::TimedOut.into()), "TimedOut");
        assert_eq!(named_by_kind(&io::ErrorKind::AddrInUse.into()), "AddrInUse");
    }
}
