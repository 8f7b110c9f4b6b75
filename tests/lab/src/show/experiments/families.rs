//! IPv4, IPv6, and sockets that never leave the machine.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};

use anyhow::Context as _;
use socket2::{Domain, Socket, Type};

use super::text::families as said;
use crate::show::ends::{LIMIT, connect, outcome};
use crate::show::experiment::Experiment;
use crate::show::report::Report;
use crate::show::text;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "families",
    rows: &["A16", "A8", "D2"],
    tutorials: &["000:51", "002:133", "002:78", "003:17"],
    lesson: "tcp-echo",
    words: &said::WORDS,
    run,
    source: source!("families.rs"),
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    unix(report)?;
    let Ok((v6, holder)) = alone(Domain::IPV6, Domain::IPV4) else {
        report.cannot(said::no_v6());
        return Ok(());
    };
    let port = local(&v6)?.port();
    report.check(said::v6_to_v6(), "ok", outcome(&try_to((Ipv6Addr::LOCALHOST, port))));
    report.check(said::v6_to_v4(), "ECONNREFUSED", outcome(&try_to((Ipv4Addr::LOCALHOST, port))));
    drop((v6, holder));

    let (v4, holder) = alone(Domain::IPV4, Domain::IPV6)?;
    let port = local(&v4)?.port();
    report.check(said::v4_to_v4(), "ok", outcome(&try_to((Ipv4Addr::LOCALHOST, port))));
    report.check(said::v4_to_v6(), "ECONNREFUSED", outcome(&try_to((Ipv6Addr::LOCALHOST, port))));
    drop((v4, holder));

    let both = Socket::new(Domain::IPV6, Type::STREAM, None)?;
    both.set_only_v6(false)?;
    both.bind(&SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)).into())?;
    both.listen(2)?;
    let port = local(&both)?.port();
    for (target, predicted) in [
        (SocketAddr::from((Ipv6Addr::LOCALHOST, port)), "::1"),
        (SocketAddr::from((Ipv4Addr::LOCALHOST, port)), "::ffff:127.0.0.1"),
    ] {
        let _client = connect(target)?;
        let from = both.accept()?.1.as_socket().context(text::no_address())?.ip();
        // The last one decides: the client of IPv4.
        report.answer(from);
        report.check(said::from(target.ip()), predicted, from.to_string());
        report.see(said::canonical(from.to_canonical()));
    }
    Ok(())
}

fn unix(report: &mut Report<'_>) -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use std::io::{Read as _, Write as _};

        let (mut here, mut there) = std::os::unix::net::UnixStream::pair()?;
        here.write_all(b"hello")?;
        let mut bytes = [0; 5];
        there.read_exact(&mut bytes)?;
        report.check(said::unix_pair(), "\"hello\"", crate::show::ends::quoted(&bytes));
        report.see(said::unix_names(format_args!("{:?}", here.local_addr()?)));
    }
    #[cfg(not(unix))]
    report.cannot(said::no_unix());
    Ok(())
}

fn try_to(addr: impl Into<SocketAddr>) -> std::io::Result<TcpStream> {
    TcpStream::connect_timeout(&addr.into(), LIMIT)
}

fn local(socket: &Socket) -> anyhow::Result<SocketAddr> {
    socket.local_addr()?.as_socket().context(text::no_address())
}

/// A server in one family; in the other its port is kept from everybody else, without listening.
fn alone(domain: Domain, other: Domain) -> anyhow::Result<(Socket, Socket)> {
    let mut last = None;
    for _ in 0..20 {
        let server = bound(domain, 0)?;
        server.listen(4)?;
        match bound(other, local(&server)?.port()) {
            Ok(holder) => return Ok((server, holder)),
            Err(error) => last = Some(error),
        }
    }
    Err(last.context(text::no_free_port())?.into())
}

fn bound(domain: Domain, port: u16) -> std::io::Result<Socket> {
    let socket = Socket::new(domain, Type::STREAM, None)?;
    let addr = if domain == Domain::IPV6 {
        socket.set_only_v6(true)?;
        SocketAddr::from((Ipv6Addr::LOCALHOST, port))
    } else {
        SocketAddr::from((Ipv4Addr::LOCALHOST, port))
    };
    socket.bind(&addr.into())?;
    Ok(socket)
}
