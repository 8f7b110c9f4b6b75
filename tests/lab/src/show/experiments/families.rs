//! IPv4, IPv6, and sockets that never leave the machine.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};

use anyhow::Context as _;
use socket2::{Domain, Socket, Type};

use crate::show::ends::{LIMIT, connect, outcome};
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "families",
    idea: "IPv4 and IPv6 are two families; one socket can serve both",
    rows: &["A16", "A8", "D2"],
    tutorials: &["000:51", "002:78", "002:133", "003:17"],
    predict: "A server on ::1 refuses a client that comes to 127.0.0.1, and the other way round. A \
              dual-stack server, on :: without IPV6_V6ONLY, accepts both, and sees the IPv4 client as \
              ::ffff:127.0.0.1. Two ends of AF_UNIX need neither address nor port.",
    run,
    why: "The family is the first argument of socket(), and an address of one family means nothing in \
          another. For the time of change IPv6 has a range for IPv4's addresses, ::ffff:0:0/96 (RFC 4291, \
          section 2.5.5.2), so that one socket can show both.",
    mend: "A server on :: with IPV6_V6ONLY switched off, said explicitly, since systems differ; a client \
           that tries all addresses of a name, the next one soon (RFC 8305). Before comparing or printing a \
           peer's address, take the ::ffff: away.",
    lesson: "tcp-echo",
    try_next: &["cargo run -q -p tcp-echo -- --addr [::1]:50000", "cargo lab show names"],
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    unix(report)?;
    let Ok((v6, holder)) = alone(Domain::IPV6, Domain::IPV4) else {
        report.cannot("this machine has no ::1");
        return Ok(());
    };
    let port = local(&v6)?.port();
    report.check(
        "server on ::1, client to ::1",
        "ok",
        outcome(&try_to((Ipv6Addr::LOCALHOST, port))),
    );
    report.check(
        "server on ::1, client to 127.0.0.1",
        "ECONNREFUSED",
        outcome(&try_to((Ipv4Addr::LOCALHOST, port))),
    );
    drop((v6, holder));

    let (v4, holder) = alone(Domain::IPV4, Domain::IPV6)?;
    let port = local(&v4)?.port();
    report.check(
        "server on 127.0.0.1, client to 127.0.0.1",
        "ok",
        outcome(&try_to((Ipv4Addr::LOCALHOST, port))),
    );
    report.check(
        "server on 127.0.0.1, client to ::1",
        "ECONNREFUSED",
        outcome(&try_to((Ipv6Addr::LOCALHOST, port))),
    );
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
        let from = both.accept()?.1.as_socket().context("no address")?.ip();
        report.check(
            &format!("dual-stack server, client to {}: it comes from", target.ip()),
            predicted,
            from.to_string(),
        );
        report.see(format_args!("which is the canonical {}", from.to_canonical()));
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
        report.check(
            "AF_UNIX, a pair without addresses",
            "\"hello\"",
            crate::show::ends::quoted(&bytes),
        );
        report.see(format_args!("its ends are called {:?}", here.local_addr()?));
    }
    #[cfg(not(unix))]
    report.cannot("AF_UNIX, on this system");
    Ok(())
}

fn try_to(addr: impl Into<SocketAddr>) -> std::io::Result<TcpStream> {
    TcpStream::connect_timeout(&addr.into(), LIMIT)
}

fn local(socket: &Socket) -> anyhow::Result<SocketAddr> {
    socket.local_addr()?.as_socket().context("no address")
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
    Err(last.context("no port")?.into())
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
