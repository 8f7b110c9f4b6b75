//! Why a program cannot be reached: the file that is missing, the address where it does listen.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use harness::Process;

use super::script::Transport;
use super::text;

/// What ends the name of a program's text.
const SOURCES: [&str; 12] =
    [".py", ".js", ".mjs", ".ts", ".rb", ".pl", ".php", ".sh", ".jar", ".java", ".lua", ".go"];

/// A file that the command line names as what is to be run, and that is not there. An interpreter
/// would say so as well, in its own words, and only after it was started.
pub(super) fn missing_file(words: &[String]) -> Option<String> {
    let is_source = |word: &&String| SOURCES.iter().any(|end| word.ends_with(end));
    let missing =
        words.iter().skip(1).filter(is_source).find(|word| {
            !word.starts_with('-') && !word.contains('{') && !Path::new(word).exists()
        })?;
    let folder = std::env::current_dir().unwrap_or_default();
    Some(text::no_such_file(missing, folder.display()))
}

/// Whether the command line says where to listen.
pub(super) fn names_the_port(words: &[String]) -> bool {
    words.iter().any(|word| word.contains("{port}") || word.contains("{addr}"))
}

/// Where a program listens: as the system tells where it does, else what it has printed.
pub(super) fn addresses(program: &Process, transport: Transport) -> Vec<SocketAddr> {
    let known = system::addresses(program.id(), transport);
    if known.is_empty() { printed(&String::from_utf8_lossy(&program.stdout())) } else { known }
}

/// How long a program was ready to start and had no processor; nothing where the system does not
/// tell.
pub(super) fn kept_waiting(program: &Process) -> Duration {
    system::kept_waiting(program.id())
}

/// How many bytes wait at the stream socket `at`, sent by `from`, for a `recv`; `None` where the
/// system does not tell.
pub(super) fn unread(at: SocketAddr, from: SocketAddr) -> Option<u64> {
    system::unread(at, from)
}

/// The addresses in a text.
fn printed(text: &str) -> Vec<SocketAddr> {
    let is_edge = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '/' | ',' | '\'' | '"');
    let word = |word: &str| {
        let word = word.trim_end_matches(['.', ';']);
        word.parse().ok().or_else(|| {
            let port = word.strip_prefix("localhost:").or_else(|| word.strip_prefix("*:"))?;
            Some(SocketAddr::from((Ipv4Addr::LOCALHOST, port.parse().ok()?)))
        })
    };
    text.lines().take(20).flat_map(|line| line.split(is_edge).filter_map(word)).collect()
}

#[cfg(target_os = "linux")]
mod system {
    use std::collections::BTreeSet;
    use std::fs;
    use std::net::{IpAddr, Ipv6Addr};

    use super::{Duration, Ipv4Addr, SocketAddr, Transport};

    /// No program needs a processor for so long before it listens or connects.
    const STARTS_WITHIN: Duration = Duration::from_secs(5);

    pub(super) fn unread(at: SocketAddr, from: SocketAddr) -> Option<u64> {
        let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(fs::read_to_string);
        let mut rows = tables.iter().flatten().flat_map(|table| table.lines());
        rows.find_map(|row| waiting(row, at, from))
    }

    /// What waits at the socket of a row, if it is that one: behind the state stand what is to be
    /// sent and what is to be read.
    fn waiting(row: &str, at: SocketAddr, from: SocketAddr) -> Option<u64> {
        let mut fields = row.split_whitespace().skip(1);
        let ends = [fields.next()?, fields.next()?];
        let queues = fields.nth(1)?;
        if ends.map(end) != [Some(at), Some(from)] {
            return None;
        }
        u64::from_str_radix(queues.split_once(':')?.1, 16).ok()
    }

    /// The sockets of a process group, whose leader is `id`, that wait for others.
    pub(super) fn addresses(id: u32, transport: Transport) -> Vec<SocketAddr> {
        let mine: BTreeSet<String> = members(id).iter().flat_map(|pid| sockets(pid)).collect();
        let files = match transport {
            Transport::Tcp => ["/proc/net/tcp", "/proc/net/tcp6"],
            Transport::Udp => ["/proc/net/udp", "/proc/net/udp6"],
        };
        let tables = files.into_iter().filter_map(|file| fs::read_to_string(file).ok());
        let rows: Vec<String> =
            tables.flat_map(|table| table.lines().map(str::to_owned).collect::<Vec<_>>()).collect();
        rows.iter().filter_map(|row| listening(row, transport, &mine)).collect()
    }

    /// Of the thread that waited longest; nothing where one has run for so long that it had its
    /// time. The first two numbers of `schedstat` are nanoseconds spent on a processor and waiting
    /// on a run queue (Documentation/scheduler/sched-stats.rst of the kernel).
    pub(super) fn kept_waiting(id: u32) -> Duration {
        let threads = fs::read_dir(format!("/proc/{id}/task"));
        let times = threads.into_iter().flatten().filter_map(|thread| {
            let told = fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
            let mut numbers = told.split_whitespace().map_while(|number| number.parse().ok());
            Some([numbers.next()?, numbers.next()?].map(Duration::from_nanos))
        });
        let most =
            |[ran, waited]: [Duration; 2], [r, w]: [Duration; 2]| [ran.max(r), waited.max(w)];
        let [ran, waited] = times.fold([Duration::ZERO; 2], most);
        if ran < STARTS_WITHIN { waited } else { Duration::ZERO }
    }

    /// `man 5 proc`: the fifth field behind the name of a process is its group.
    fn members(group: u32) -> Vec<String> {
        let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        names
            .filter(|name| {
                let stat = fs::read_to_string(format!("/proc/{name}/stat")).unwrap_or_default();
                let behind = stat.rsplit_once(')').map(|(_, rest)| rest).unwrap_or_default();
                behind.split_whitespace().nth(2).is_some_and(|its| its == group.to_string())
            })
            .collect()
    }

    /// The numbers of a process's sockets.
    fn sockets(pid: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(format!("/proc/{pid}/fd")) else { return Vec::new() };
        entries
            .filter_map(|entry| fs::read_link(entry.ok()?.path()).ok())
            .filter_map(|link| {
                Some(link.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned())
            })
            .collect()
    }

    /// Where the socket of a row waits, if it is one of `mine`: state 0A is LISTEN; a UDP socket
    /// that is connected to nobody has 07.
    fn listening(row: &str, transport: Transport, mine: &BTreeSet<String>) -> Option<SocketAddr> {
        let fields: Vec<&str> = row.split_whitespace().collect();
        let state = if transport == Transport::Tcp { "0A" } else { "07" };
        if *fields.get(3)? != state || !mine.contains(*fields.get(9)?) {
            return None;
        }
        end(fields.get(1)?)
    }

    fn end(field: &str) -> Option<SocketAddr> {
        let (ip, port) = field.split_once(':')?;
        Some(SocketAddr::new(address(ip)?, u16::from_str_radix(port, 16).ok()?))
    }

    /// Words of four bytes in the machine's own order.
    fn address(hex: &str) -> Option<IpAddr> {
        let words: Option<Vec<[u8; 4]>> = (0..hex.len() / 8)
            .map(|at| {
                let word = u32::from_str_radix(hex.get(8 * at..8 * at + 8)?, 16).ok()?;
                Some(word.to_ne_bytes())
            })
            .collect();
        let bytes = words?.concat();
        if let Ok(bytes) = <[u8; 4]>::try_from(bytes.as_slice()) {
            return Some(Ipv4Addr::from(bytes).into());
        }
        let bytes = <[u8; 16]>::try_from(bytes.as_slice()).ok()?;
        Some(IpAddr::from(Ipv6Addr::from(bytes)).to_canonical())
    }

    #[cfg(test)]
    mod tests {
        use std::io::{Read as _, Write as _};
        use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
        use std::time::Instant;

        use super::*;

        #[test]
        fn the_sockets_of_a_process_are_found() {
            let tcp = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            let udp = std::net::UdpSocket::bind("[::1]:0").unwrap();
            let stat = fs::read_to_string("/proc/self/stat").unwrap();
            let group = stat.rsplit_once(')').unwrap().1.split_whitespace().nth(2).unwrap();
            let group = group.parse().unwrap();
            assert!(addresses(group, Transport::Tcp).contains(&tcp.local_addr().unwrap()));
            assert!(addresses(group, Transport::Udp).contains(&udp.local_addr().unwrap()));
            assert!(!addresses(group, Transport::Tcp).contains(&udp.local_addr().unwrap()));
        }

        #[test]
        fn threads_that_share_the_processors_keep_each_other_waiting() {
            let (own, enough) = (std::process::id(), Duration::from_millis(50));
            let (begun, found) = (Instant::now(), AtomicBool::new(false));
            let threads = 2 * std::thread::available_parallelism().unwrap().get() + 1;
            std::thread::scope(|scope| {
                for _ in 0..threads {
                    scope.spawn(|| {
                        while !found.load(Relaxed) && begun.elapsed() < Duration::from_secs(60) {
                            found.fetch_or(kept_waiting(own) >= enough, Relaxed);
                        }
                    });
                }
            });
            assert!(found.into_inner());
        }

        #[test]
        fn what_waits_for_a_recv_is_counted() {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            let mut client = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
            let (mut accepted, _) = listener.accept().unwrap();
            let ends = (client.peer_addr().unwrap(), client.local_addr().unwrap());
            assert_eq!(unread(ends.0, ends.1), Some(0));
            client.write_all(b"hello").unwrap();
            harness::eventually("it is there", || unread(ends.0, ends.1) == Some(5));
            accepted.read_exact(&mut [0; 5]).unwrap();
            assert_eq!(unread(ends.0, ends.1), Some(0));
            assert_eq!(unread(ends.1, ends.1), None);
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use super::{Duration, SocketAddr, Transport};

    pub(super) fn unread(_: SocketAddr, _: SocketAddr) -> Option<u64> {
        None
    }

    pub(super) fn addresses(_: u32, _: Transport) -> Vec<SocketAddr> {
        Vec::new()
    }

    pub(super) fn kept_waiting(_: u32) -> Duration {
        Duration::ZERO
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_in_what_a_program_prints() {
        let addr = |text: &str| printed(text).first().map(ToString::to_string);
        assert_eq!(addr("listening on 127.0.0.1:9999\n").as_deref(), Some("127.0.0.1:9999"));
        assert_eq!(addr("open http://localhost:8080/.").as_deref(), Some("127.0.0.1:8080"));
        assert_eq!(addr("at [::1]:7.").as_deref(), Some("[::1]:7"));
        assert_eq!(addr("Listening.\n12:30 ready"), None);
    }

    #[test]
    fn a_file_that_is_to_be_run_and_is_missing_is_named() {
        let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let missing = missing_file(&words("python3 no-such-server.py {port}")).unwrap();
        assert!(missing.contains("no-such-server.py"), "{missing}");
        assert_eq!(missing_file(&words("./server {port}")), None);
        assert_eq!(missing_file(&words("node -e {file}.js")), None);
    }
}
