//! A web server of one page.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use crate::tcp::{SERVER, recv_at_most, serve};
use crate::{Program, has};

pub(crate) const PROGRAMS: &[Program] = &[Program {
    suite: "http-fetch",
    defects: &[
        ("line-without-colon", "page"),
        ("dies-of-a-failed-send", "reset"),
        ("no-status-line", "page"),
        ("keeps-the-connection", "page"),
        ("counts-characters", "page"),
        ("no-type", "type"),
        ("no-charset", "type"),
        ("no-length", "length"),
        ("body-for-head", "head-only"),
        ("body-for-missing-head", "head-only"),
        ("recv-once", "byte-by-byte"),
        ("exact-case", "any-case"),
        ("recv-512", "long-request"),
        ("unread-body", "post"),
        ("runs-bodies", "body-is-no-request"),
        ("all-is-a-page", "not-found"),
        ("says-markup", "not-found"),
        ("decodes-markup", "not-found"),
        ("says-markup-as-text", "-"),
        ("raw-dots", "outside"),
        ("decoded-dots", "outside"),
        ("dots-in-front-only", "outside"),
        ("dots-are-home", "outside"),
        ("any-method", "method"),
        ("nonsense-is-home", "nonsense"),
        ("nonsense-is-home-without-a-head", "nonsense"),
        ("errors-without-a-head", "-"),
        ("half-a-head-is-one", "half-a-head"),
        ("nothing-is-home", "nothing"),
        ("silent-at-bytes", "not-text"),
        ("dies-of-bytes", "not-text"),
        ("no-host", "host"),
        ("two-hosts", "host"),
        ("both-lengths", "both-lengths"),
        ("two-lengths", "two-lengths"),
        ("signed-lengths", "two-lengths"),
        ("underscores", "two-lengths"),
        ("blank-before-colon", "blank-before-colon"),
        ("folded-lines", "blank-before-colon"),
        ("lines-without-colon", "blank-before-colon"),
    ],
    also: SERVER,
    run: |addr, _| serve(addr, converse),
}];

const PAGE: &str = "<h1>你好, welcome</h1>\n";

fn converse(mut client: TcpStream) -> io::Result<()> {
    let mut reader = BufReader::new(client.try_clone()?);
    while let Some(head) = head(&mut client, &mut reader)? {
        if std::str::from_utf8(&head).is_err() {
            if has("dies-of-bytes") {
                std::process::exit(1);
            }
            if has("silent-at-bytes") {
                std::thread::sleep(Duration::from_secs(60));
            }
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        let (status, length) = judge(&head);
        if !has("unread-body") && !has("runs-bodies") {
            io::copy(&mut reader.by_ref().take(length), &mut io::sink())?;
        }
        answer(&mut client, status, &head)?;
        if status == 400 || closes(&head) {
            if has("runs-bodies") && !reader.buffer().is_empty() {
                continue;
            }
            break;
        }
    }
    if has("keeps-the-connection") {
        std::thread::sleep(Duration::from_secs(60));
    }
    if has("recv-512") || has("unread-body") {
        return Ok(());
    }
    client.shutdown(Shutdown::Write)?;
    client.set_read_timeout(Some(Duration::from_secs(2)))?;
    io::copy(&mut reader, &mut io::sink()).map(|_| ())
}

fn closes(head: &str) -> bool {
    let head = if has("exact-case") { head.to_owned() } else { head.to_ascii_lowercase() };
    let name = if has("exact-case") { "Connection: close" } else { "connection:" };
    head.contains(name)
}

/// The head of a request, or what came instead; `None` at the end.
fn head(client: &mut TcpStream, reader: &mut BufReader<TcpStream>) -> io::Result<Option<Vec<u8>>> {
    if has("recv-once") || has("recv-512") {
        let came = recv_at_most(client, if has("recv-512") { 512 } else { 65_536 })?;
        return Ok(Some(came).filter(|came| !came.is_empty()));
    }
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if reader.read_until(b'\n', &mut head)? == 0 {
            let takes = (has("half-a-head-is-one") && !head.is_empty())
                || (has("nothing-is-home") && head.is_empty());
            if takes {
                return Ok(Some(
                    b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".to_vec(),
                ));
            }
            return Ok(None);
        }
    }
    Ok(Some(head))
}

/// The status of the answer, and how much of a body there is.
fn judge(head: &str) -> (u16, u64) {
    let mut lines = head.trim_end().split("\r\n");
    let words: Vec<&str> = lines.next().unwrap_or_default().split(' ').collect();
    let fields: Vec<&str> = lines.collect();
    let named = |name: &str| -> Vec<String> {
        let wanted = |line: &&&str| match line.split_once(':') {
            Some((known, _)) if has("exact-case") => known == name,
            Some((known, _)) => known.trim_end().eq_ignore_ascii_case(name),
            None => false,
        };
        fields
            .iter()
            .filter(wanted)
            .map(|line| line.split_once(':').unwrap().1.trim().to_owned())
            .collect()
    };
    let hosts = named("Host").len();
    let lengths = named("Content-Length");
    let length: Option<u64> = match lengths.as_slice() {
        [] => Some(0),
        [one] | [one, _] if has("signed-lengths") && one.starts_with(['-', '+']) => Some(0),
        [one] if has("underscores") => one.replace('_', "").parse().ok(),
        [one] => one.parse().ok().filter(|_| !one.starts_with('+')),
        [one, ..] if has("two-lengths") => one.parse().ok(),
        _ => None,
    };
    let [method, path, version] = words.as_slice() else {
        return (if has("nonsense-is-home") { 200 } else { 400 }, 0);
    };
    let hosts_wrong = (hosts == 0 && *version == "HTTP/1.1" && !has("no-host"))
        || (hosts > 1 && !has("two-hosts"));
    let blank = fields.iter().any(|line| {
        line.split_once(':').is_some_and(|(name, _)| name.ends_with(' ') && !name.starts_with(' '))
    });
    let folded = fields.iter().any(|line| line.starts_with([' ', '\t']));
    let bare = fields.iter().any(|line| !line.contains(':')) && !folded;
    let both = !lengths.is_empty() && !named("Transfer-Encoding").is_empty();
    let wrong = !version.starts_with("HTTP/1.")
        || hosts_wrong
        || length.is_none()
        || (blank && !has("blank-before-colon"))
        || (folded && !has("folded-lines"))
        || (bare && !has("lines-without-colon"))
        || (both && !has("both-lengths"));
    if wrong {
        return (400, 0);
    }
    let served = ["GET", "HEAD"].contains(method) || has("any-method");
    let status = if !served {
        405
    } else if is_there(path) {
        200
    } else {
        404
    };
    (status, length.unwrap_or(0))
}

/// Whether there is a page or a file.
fn is_there(path: &str) -> bool {
    if path == "/" || has("all-is-a-page") {
        return true;
    }
    let decoded = path.replace("%2e", ".").replace("%2f", "/");
    if has("dots-are-home") && decoded == "/.." {
        return true;
    }
    if has("dots-in-front-only") && !path.starts_with("/..") {
        let inside = path.replace("/there/../", "/../");
        return std::path::Path::new(&format!(".{inside}")).is_file();
    }
    let raw = has("raw-dots") && std::path::Path::new(&format!(".{path}")).is_file();
    raw || (has("decoded-dots")
        && path.contains('%')
        && std::path::Path::new(&format!(".{decoded}")).is_file())
}

fn answer(client: &mut TcpStream, status: u16, request: &str) -> io::Result<()> {
    let head_only = request.starts_with("HEAD ");
    let path = request.split(' ').nth(1).unwrap_or_default();
    let body = match status {
        200 => PAGE,
        404 if has("says-markup") || has("says-markup-as-text") => &format!("No {path} here.\n"),
        404 if has("decodes-markup") => &path.replace("%3C", "<").replace("%3E", ">"),
        404 => "There is no such page.\n",
        405 => "This can only be read.\n",
        _ => "This is no request.\n",
    };
    let has_version = request.lines().next().is_some_and(|line| line.contains("HTTP/1."));
    if status == 400 && !has_version {
        if has("errors-without-a-head") {
            return client.write_all(b"<h1>Error 400</h1>\n");
        }
        if has("nonsense-is-home-without-a-head") {
            return client.write_all(PAGE.as_bytes());
        }
    }
    let length = if has("counts-characters") { body.chars().count() } else { body.len() };
    let mut head = String::new();
    if !has("no-status-line") {
        head += &format!("HTTP/1.1 {status} {}\r\n", if status == 200 { "OK" } else { "Error" });
    }
    if has("line-without-colon") {
        head += "charset=utf-8\r\n";
    }
    if !has("no-type") {
        head += if has("says-markup-as-text") && status == 404 {
            "Content-Type: text/plain; charset=utf-8\r\n"
        } else if has("no-charset") {
            "Content-Type: text/html\r\n"
        } else {
            "Content-Type: text/html; charset=utf-8\r\n"
        };
    }
    if !has("no-length") {
        head += &format!("Content-Length: {length}\r\n");
    }
    let bare =
        head_only && !has("body-for-head") && !(has("body-for-missing-head") && status == 404);
    client.write_all(format!("{head}\r\n{}", if bare { "" } else { body }).as_bytes())
}
