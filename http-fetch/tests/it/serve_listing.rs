//! What a visitor of a directory gets to see: its listing, its links, and the types of its files.

use std::fs::{self, File};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use crate::served::{Answer, ask};
use harness::{Program, Server};
use tempfile::TempDir;

/// A directory to be served, in one that is not. Its server is eight hours east of Greenwich.
struct Site {
    /// Kept as long as the site is; what links may lead out to.
    #[cfg_attr(not(unix), expect(dead_code, reason = "there are no links to lead out"))]
    outside: TempDir,
    root: PathBuf,
}

impl Site {
    fn new() -> Self {
        let outside = tempfile::tempdir().unwrap();
        let root = outside.path().join("root");
        fs::create_dir(&root).unwrap();
        Self { outside, root }
    }

    /// A file of that length, changed so many seconds after 1970.
    fn file(&self, path: &str, length: usize, second: u64) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "x".repeat(length)).unwrap();
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(second);
        File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
    }

    fn serve(&self, args: &[&str]) -> Server {
        let program = Program::new(env!("CARGO_BIN_EXE_http-fetch-server"));
        let program = program.args(["--addr", "127.0.0.1:0", "--root"]).arg(&self.root).args(args);
        Server::of(program.env("TZ", "CST-8"))
    }
}

fn get(server: &Server, path: &str) -> Answer {
    ask(server, format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"))
}

/// The names of a listing, in their order.
fn names(page: &str) -> Vec<&str> {
    let rows = page.split("<td><a href=\"./").skip(1);
    rows.map(|row| row.split_once("\">").unwrap().1.split("</a>").next().unwrap()).collect()
}

#[test]
fn a_listing_has_sizes_and_times_that_people_read() {
    let site = Site::new();
    site.file("big.iso", 5_000_000, 784_111_777);
    site.file("empty", 0, 1_577_836_800);
    let server = site.serve(&[]);
    let answer = get(&server, "/");
    let page = answer.text();
    for part in [
        "<td title=\"5000000 bytes\">4.8 MiB</td>",
        "<td title=\"0 bytes\">0 B</td>",
        "<time datetime=\"1994-11-06T08:49:37Z\">1994-11-06 16:49</time>",
        "<time datetime=\"2020-01-01T00:00:00Z\">2020-01-01 08:00</time>",
        "<p>Times: UTC+08:00</p>",
        "color-scheme: light dark",
        "content=\"width=device-width, initial-scale=1\"",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let server = site.serve(&["--lang", "zh"]);
    let answer = get(&server, "/");
    let page = answer.text();
    for part in
        ["title=\"5000000 字节\"", ">大小</a>", "<p>时间：UTC+08:00</p>", "<h1>/ 的目录</h1>"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
}

#[test]
fn a_listing_is_sorted_as_its_links_say() {
    let site = Site::new();
    site.file("b", 1, 9000);
    // Windows has no names with `<` or `>` in them.
    let (name, odd) = match cfg!(windows) {
        true => ("c&d'", "c&amp;d&#39;"),
        false => ("c&<d>'", "c&amp;&lt;d&gt;&#39;"),
    };
    site.file(name, 3000, 7000);
    site.file("a", 20, 8000);
    site.file("Z/inner", 20, 8000);
    let server = site.serve(&[]);
    for (query, order) in [
        ("", ["Z/", "a", "b", odd]),
        ("?sort=name&order=desc", ["Z/", odd, "b", "a"]),
        ("?sort=size&order=asc", ["Z/", "b", "a", odd]),
        ("?sort=size&order=desc", ["Z/", odd, "a", "b"]),
        ("?sort=time&order=asc", ["Z/", odd, "a", "b"]),
        ("?sort=time&order=desc", ["Z/", "b", "a", odd]),
        ("?sort=<script>&order=%00", ["Z/", "a", "b", odd]),
    ] {
        let answer = get(&server, &format!("/{query}"));
        assert_eq!(answer.status(), 200, "{query}");
        assert_eq!(names(answer.text()), order, "{query}");
        assert!(!answer.text().contains("<script"), "{}", answer.text());
        // Each of its links leads somewhere: to other orders, and into directories.
        let links = answer.text().split("href=\"").skip(1);
        for link in links.map(|rest| rest.split('"').next().unwrap().replace("&amp;", "&")) {
            let path = link.strip_prefix('.').unwrap_or(&link).trim_start_matches('/');
            assert_eq!(get(&server, &format!("/{path}")).status(), 200, "{link}");
        }
    }
    // By a click on the head of a column, and by the next one the other way round.
    let first = get(&server, "/Z/").text().to_owned();
    assert!(first.contains("<a href=\"?sort=time&amp;order=desc\">"), "{first}");
    let then = get(&server, "/Z/?sort=time&order=desc").text().to_owned();
    assert!(then.contains("<a href=\"?sort=time&amp;order=asc\">"), "{then}");
    assert!(then.contains("<a href=\"../?sort=time&amp;order=desc\">../</a>"), "{then}");
    // Without its slash, the order goes along.
    let moved = get(&server, "/Z?sort=size&order=asc");
    assert_eq!((moved.status(), moved.field("Location")), (301, Some("/Z/?sort=size&order=asc")));
}

#[cfg(unix)] // who may make links on Windows is a matter of its settings
#[test]
fn links_are_served_where_they_stay_inside() {
    use std::os::unix::fs::symlink;

    let site = Site::new();
    site.file("dir/file", 5, 8000);
    site.file("dir/index.html", 6, 8000);
    site.file("..data/page", 7, 8000);
    fs::write(site.outside.path().join("secret"), "SECRET").unwrap();
    let at = |name: &str| site.root.join(name);
    symlink("dir/file", at("link")).unwrap();
    symlink("dir", at("sideways")).unwrap();
    symlink(at("dir/file"), at("absolute")).unwrap();
    symlink("../link", at("dir/back")).unwrap();
    // As Kubernetes mounts a ConfigMap.
    symlink("..data/page", at("page")).unwrap();
    symlink("../secret", at("out")).unwrap();
    symlink("out", at("by-another")).unwrap();
    symlink(site.outside.path().join("secret"), at("absolute-out")).unwrap();
    symlink("nothing", at("dangling")).unwrap();
    let server = site.serve(&[]);
    for path in ["/link", "/sideways/file", "/absolute", "/dir/back", "/sideways/back"] {
        let answer = get(&server, path);
        assert_eq!((answer.status(), answer.text()), (200, "xxxxx"), "{path}");
        assert_eq!(answer.field("Content-Type"), Some("text/plain; charset=utf-8"), "{path}");
    }
    assert_eq!(get(&server, "/page").text(), "xxxxxxx");
    assert_eq!(get(&server, "/sideways/").text(), "xxxxxx");
    assert_eq!(get(&server, "/sideways").field("Location"), Some("/sideways/"));
    for path in ["/out", "/by-another", "/absolute-out", "/dangling", "/..data/page"] {
        assert_eq!(get(&server, path).status(), 404, "{path}");
    }
    let listing = get(&server, "/");
    let listed = ["dir/", "sideways/", "absolute", "link", "page"];
    assert_eq!(names(listing.text()), listed, "{}", listing.text());
    // As large and as old as what it leads to.
    assert!(listing.text().contains(">link</a></td><td title=\"5 bytes\">"), "{}", listing.text());
    assert_eq!(listing.text().matches("1970-01-01T02:13:20Z").count(), 3, "{}", listing.text());
}

#[test]
fn every_type_of_file_has_its_name_its_head_and_its_parts() {
    let site = Site::new();
    let types = [
        ("a.mov", "video/quicktime"),
        ("a.mkv", "video/x-matroska"),
        ("a.webmanifest", "application/manifest+json"),
        ("a.xhtml", "application/xhtml+xml"),
        ("a.vtt", "text/vtt; charset=utf-8"),
        ("a.m3u8", "application/vnd.apple.mpegurl"),
        ("a.tsv", "text/tab-separated-values; charset=utf-8"),
        ("a.ics", "text/calendar; charset=utf-8"),
        ("a.MP4", "video/mp4"),
        ("a.epub", "application/epub+zip"),
        ("a.7z", "application/x-7z-compressed"),
        ("a.aac", "audio/aac"),
    ];
    for (name, _) in types {
        site.file(name, 10, 1_577_836_800);
    }
    let server = site.serve(&[]);
    for (name, kind) in types {
        let whole = get(&server, &format!("/{name}"));
        let ask_for = |method: &str, field: &str| {
            let head = format!("{method} /{name} HTTP/1.1\r\nHost: localhost\r\n{field}\r\n");
            let mut stream = harness::peer::connect(server.addr());
            harness::peer::send(&mut stream, head);
            match method {
                "HEAD" => Answer::read_head(&mut stream),
                _ => Answer::read(&mut stream),
            }
        };
        let (head, part) = (ask_for("HEAD", ""), ask_for("GET", "Range: bytes=7-\r\n"));
        assert_eq!((whole.status(), head.status(), part.status()), (200, 200, 206), "{name}");
        for answer in [&whole, &head, &part] {
            assert_eq!(answer.field("Content-Type"), Some(kind), "{name}");
            assert_eq!(answer.field("Accept-Ranges"), Some("bytes"), "{name}");
            assert_eq!(answer.field("Last-Modified"), Some("Wed, 01 Jan 2020 00:00:00 GMT"));
        }
        assert_eq!(head.field("Content-Length"), Some("10"), "{name}");
        assert_eq!((part.text(), part.field("Content-Range")), ("xxx", Some("bytes 7-9/10")));
    }
}
