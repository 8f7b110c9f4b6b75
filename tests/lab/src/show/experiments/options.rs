//! Sockets have settings.

use socket2::SockRef;

use crate::show::ends::pair;
use crate::show::experiment::Experiment;
use crate::show::report::Report;

pub(super) const EXPERIMENT: Experiment = Experiment {
    name: "options",
    idea: "sockets have options, and what one reads is not always what one set",
    rows: &["D15"],
    tutorials: &["004:62-63"],
    predict: "TCP_NODELAY and SO_KEEPALIVE are off at first and read as set. SO_RCVBUF set to 10,000 reads \
              20,000 on Linux. An accepted socket has what was set on the listening one.",
    run,
    why: "Linux doubles the size of a buffer, to have room for its own book-keeping, and says so (`man 7 \
          socket`). An option is a wish, and getsockopt tells what has become of it.",
    mend: "Set what must hold before listen or connect: SO_REUSEADDR and buffer sizes come too late \
           afterwards. Leave buffer sizes alone without a measurement: a size that is set switches the \
           kernel's own adjusting off.",
    lesson: "tcp-echo",
    try_next: &[
        "cargo lab show nagle   (TCP_NODELAY)",
        "cargo lab show time-wait   (SO_REUSEADDR)",
    ],
};

fn run(report: &mut Report<'_>) -> anyhow::Result<()> {
    let (client, _server) = pair()?;
    let socket = SockRef::from(&client);
    report.check("TCP_NODELAY at first", false, socket.tcp_nodelay()?);
    socket.set_tcp_nodelay(true)?;
    report.check("TCP_NODELAY set", true, socket.tcp_nodelay()?);
    report.check("SO_KEEPALIVE at first", false, socket.keepalive()?);
    socket.set_keepalive(true)?;
    report.check("SO_KEEPALIVE set", true, socket.keepalive()?);

    report.see(format_args!(
        "SO_RCVBUF at first {}, SO_SNDBUF {}",
        socket.recv_buffer_size()?,
        socket.send_buffer_size()?
    ));
    socket.set_recv_buffer_size(10_000)?;
    if cfg!(target_os = "linux") {
        report.check("SO_RCVBUF set to 10,000", 20_000, socket.recv_buffer_size()?);
    } else {
        report.see(format_args!("SO_RCVBUF set to 10,000 reads {}", socket.recv_buffer_size()?));
    }

    let listener = crate::show::ends::listen()?;
    SockRef::from(&listener).set_keepalive(true)?;
    let (_client, accepted) = crate::show::ends::pair_on(&listener)?;
    report.check(
        "SO_KEEPALIVE of a socket accepted from one that has it",
        true,
        SockRef::from(&accepted).keepalive()?,
    );
    Ok(())
}
