//! A downloader: the whole page, or none.

use std::fs;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use crate::tcp::{connect, fail, recv};
use crate::{Program, has};

pub(crate) const PROGRAMS: &[Program] = &[Program {
    suite: "http-fetch --client",
    defects: &[
        ("no-host", "page"),
        ("two-hosts", "page"),
        ("line-feeds", "page"),
        ("keeps-the-head", "page"),
        ("ends-badly", "page"),
        ("head-in-one-recv", "in-pieces"),
        ("saves-text", "in-pieces"),
        ("needs-a-length", "until-the-end"),
        ("waits-for-the-end", "stays-open"),
        ("nought-is-no-length", "empty-page"),
        ("keeps-all", "longer-than-told"),
        ("keeps-chunk-lines", "chunked"),
        ("decimal-chunks", "chunked"),
        ("chunks-until-the-end", "chunks-in-pieces"),
        ("dies-of-bytes", "not-text"),
        ("exact-case", "any-case"),
        ("needs-returns", "line-feeds"),
        ("keeps-404", "not-found"),
        ("saves-404-and-fails", "not-found"),
        ("keeps-500", "server-error"),
        ("keeps-206", "server-error"),
        ("keeps-302", "redirect-nowhere"),
        ("any-first-line", "no-head"),
        ("nothing-is-a-page", "nothing"),
        ("cut-head-is-a-head", "cut-head"),
        ("keeps-half", "short-body"),
        ("saves-half-and-fails", "short-body"),
        ("keeps-cut-chunks", "cut-chunks"),
        ("reset-is-an-end", "reset"),
        ("first-length", "two-lengths"),
        ("last-length", "two-lengths"),
        ("chunks-win", "both-lengths"),
        ("atoi", "bad-length"),
        ("loose-chunks", "bad-chunk"),
    ],
    also: crate::tcp::CLIENT,
    run: client,
}];

fn client(addr: SocketAddr, file: &str) -> io::Result<()> {
    let mut server = connect(addr)?;
    let host = match () {
        () if has("no-host") => String::new(),
        () if has("two-hosts") => format!("Host: {addr}\r\nHost: {addr}\r\n"),
        () => format!("Host: {addr}\r\n"),
    };
    let mut request = format!("GET / HTTP/1.1\r\n{host}Connection: close\r\n\r\n");
    if has("line-feeds") {
        request = request.replace('\r', "");
    }
    server.write_all(request.as_bytes())?;
    match fetch(server, file) {
        Ok(page) => {
            let page = match has("saves-text") {
                true => String::from_utf8_lossy(&page).into_owned().into_bytes(),
                false => page,
            };
            let part = format!("{file}.part");
            fs::write(&part, page)?;
            fs::rename(part, file)?;
            if has("ends-badly") { Err(fail("for no reason")) } else { Ok(()) }
        }
        Err(error) => Err(error),
    }
}

fn fetch(server: TcpStream, file: &str) -> io::Result<Vec<u8>> {
    let mut answer = BufReader::new(server);
    let head = head(&mut answer)?;
    let mut lines = head.lines();
    let first = lines.next().unwrap_or_default().to_owned();
    let status = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let keeps = (has("keeps-404") && status == "404")
        || (has("keeps-500") && status == "500")
        || (has("keeps-206") && status == "206")
        || (has("keeps-302") && status == "302")
        || (has("any-first-line") && !first.starts_with("HTTP/"));
    let is_page = first.starts_with("HTTP/1.") && status == "200";
    let fields: Vec<String> = lines.map(str::to_owned).collect();
    if !is_page && !keeps {
        if has("saves-404-and-fails") {
            fs::write(file, body(&mut answer, &fields, file)?)?;
        }
        return Err(fail("this is not the page"));
    }
    let page = body(&mut answer, &fields, file)?;
    Ok(if has("keeps-the-head") { [head.as_bytes(), &page].concat() } else { page })
}

fn head(answer: &mut BufReader<TcpStream>) -> io::Result<String> {
    let mut head = Vec::new();
    if has("head-in-one-recv") {
        let came = recv(&mut answer.get_ref().try_clone()?)?;
        let at = came.windows(4).position(|window| window == b"\r\n\r\n");
        let at = at.ok_or_else(|| fail("no end"))?;
        return Ok(String::from_utf8_lossy(&came[..at + 4]).into_owned());
    }
    loop {
        let mut line = Vec::new();
        if answer.read_until(b'\n', &mut line)? == 0 {
            if (head.is_empty() && has("nothing-is-a-page"))
                || (!head.is_empty() && has("cut-head-is-a-head"))
            {
                return Ok("HTTP/1.1 200 OK\r\n\r\n".to_owned());
            }
            return Err(fail("the head has no end"));
        }
        let last = line == b"\r\n" || (line == b"\n" && !has("needs-returns"));
        head.extend(line);
        if last {
            break;
        }
    }
    if has("dies-of-bytes") {
        return String::from_utf8(head).map_err(io::Error::other);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

fn values(fields: &[String], name: &str) -> Vec<String> {
    let wanted = |line: &&String| match line.split_once(':') {
        Some((known, _)) if has("exact-case") => known == name,
        Some((known, _)) => known.eq_ignore_ascii_case(name),
        None => false,
    };
    let value = |line: &String| line.split_once(':').unwrap().1.trim().to_owned();
    fields.iter().filter(wanted).map(value).collect()
}

fn body(answer: &mut BufReader<TcpStream>, fields: &[String], file: &str) -> io::Result<Vec<u8>> {
    let lengths = values(fields, "Content-Length");
    let chunked = !values(fields, "Transfer-Encoding").is_empty();
    if chunked && !lengths.is_empty() && !has("chunks-win") {
        return Err(fail("two lengths"));
    }
    if chunked && !has("keeps-chunk-lines") {
        return chunks(answer);
    }
    let length: Option<u64> = match lengths.as_slice() {
        [] if has("needs-a-length") => return Err(fail("no length")),
        [] => None,
        [length] if length == "0" && has("nought-is-no-length") => None,
        [length] if has("atoi") => {
            let end = length.find(|c: char| !c.is_ascii_digit()).unwrap_or(length.len());
            length.get(..end).and_then(|digits| digits.parse().ok())
        }
        [length] => Some(length.parse().map_err(io::Error::other)?),
        [first, ..] if has("first-length") => first.parse().ok(),
        [.., last] if has("last-length") => last.parse().ok(),
        _ => return Err(fail("two lengths")),
    };
    let mut page = Vec::new();
    let Some(length) = length.filter(|_| !has("keeps-all")) else {
        let read = answer.read_to_end(&mut page);
        if !has("reset-is-an-end") {
            read?;
        }
        return Ok(page);
    };
    answer.take(length).read_to_end(&mut page)?;
    if has("waits-for-the-end") {
        io::copy(answer, &mut io::sink())?;
    }
    if (page.len() as u64) < length && !has("keeps-half") {
        if has("saves-half-and-fails") {
            fs::write(file, &page)?;
        }
        return Err(fail("the page was cut"));
    }
    Ok(page)
}

fn chunks(answer: &mut BufReader<TcpStream>) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    loop {
        let mut line = String::new();
        if answer.read_line(&mut line)? == 0 && has("keeps-cut-chunks") {
            return Ok(page);
        }
        let radix = if has("decimal-chunks") { 10 } else { 16 };
        let length = match u64::from_str_radix(line.trim(), radix) {
            Err(_) if has("loose-chunks") => continue,
            length => length.map_err(io::Error::other)?,
        };
        let before = page.len();
        answer.take(length).read_to_end(&mut page)?;
        if ((page.len() - before) as u64) < length {
            return Err(fail("the chunk was cut"));
        }
        let mut end = String::new();
        answer.read_line(&mut end)?;
        if end != "\r\n" && !has("loose-chunks") && !has("keeps-cut-chunks") {
            return Err(fail("the chunk is longer than it says"));
        }
        if length == 0 {
            if has("chunks-until-the-end") {
                io::copy(answer, &mut io::sink())?;
            }
            return Ok(page);
        }
    }
}
