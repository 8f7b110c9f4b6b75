//! The server with `--root`: files, parts of files, directories, and what lies outside.

use std::fs::{self, File};
use std::io::Read;
use std::net::TcpStream;
#[cfg(unix)]
use std::os::unix::fs::symlink;
use std::path::PathBuf;
#[cfg(unix)]
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::served::{Answer, ask, assert_serves, server};
use common::trace::tcp_state;
use harness::{Program, Server, eventually, peer};
use tempfile::TempDir;

/// A directory to be served, in a directory that is not.
struct Site {
    outside: TempDir,
    root: PathBuf,
}

impl Site {
    fn new(files: &[(&str, &str)]) -> Self {
        let outside = tempfile::tempdir().unwrap();
        let root = outside.path().join("root");
        fs::create_dir(&root).unwrap();
        let site = Self { outside, root };
        for (path, content) in files {
            site.write(path, content);
        }
        site
    }

    fn write(&self, path: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    /// A file of zeros that takes no room on the disk.
    fn big(&self, name: &str, length: u64) -> File {
        let file = File::create(self.root.join(name)).unwrap();
        file.set_len(length).unwrap();
        file
    }

    /// A file whose bytes have just been written, and so lie in memory.
    fn fresh(&self, name: &str, length: usize) -> File {
        let path = self.write(name, vec![b'x'; length]);
        File::options().write(true).open(path).unwrap()
    }

    fn serve(&self, args: &[&str]) -> Server {
        server(&[&["--root", self.root.to_str().unwrap()], args].concat())
    }
}

fn request(method: &str, path: &str, fields: &str) -> String {
    format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n")
}

fn get(server: &Server, path: &str) -> Answer {
    ask(server, request("GET", path, ""))
}

/// A GET with one more field.
fn get_with(server: &Server, path: &str, field: &str) -> Answer {
    ask(server, request("GET", path, &format!("{field}\r\n")))
}

#[test]
fn a_file_is_served_with_its_type_and_length() {
    let site = Site::new(&[
        ("a.html", "<p>页"),
        ("b/c.txt", "你好"),
        ("style.css", "p{}"),
        ("README", "text"),
    ]);
    site.write("gbk.txt", b"\xc4\xe3\xba\xc3");
    site.write("d.bin", b"\0\x01");
    site.write("empty", "");
    let server = site.serve(&[]);
    for (path, kind, length) in [
        ("/a.html", "text/html; charset=utf-8", "6"),
        ("/b/c.txt", "text/plain; charset=utf-8", "6"),
        ("/style.css", "text/css; charset=utf-8", "3"),
        ("/README", "text/plain; charset=utf-8", "4"),
        ("/gbk.txt", "text/plain", "4"),
        ("/d.bin", "application/octet-stream", "2"),
        ("/empty", "text/plain; charset=utf-8", "0"),
        ("/a.html?query=1", "text/html; charset=utf-8", "6"),
    ] {
        let answer = get(&server, path);
        assert_eq!(answer.status(), 200, "{path}");
        assert_eq!(answer.field("Content-Type"), Some(kind), "{path}");
        assert_eq!(answer.field("Content-Length"), Some(length), "{path}");
    }
    assert_eq!(get(&server, "/b/c.txt").text(), "你好");
}

#[test]
fn nothing_is_said_of_the_whole_that_only_a_part_shows() {
    let site = Site::new(&[
        ("short.txt", "你好"),
        ("long.html", &"页".repeat(100_000)),
        ("README", &"好".repeat(50_000)),
    ]);
    let ascii = vec![b'a'; 100_000];
    let gbk = b"\xc4\xe3\xba\xc3";
    site.write("late.html", [&ascii[..5_000], gbk].concat());
    site.write("later.txt", [&ascii[..], gbk].concat());
    site.write("cut.txt", [&ascii[..], &"好".as_bytes()[..2]].concat());
    site.write("late", [&ascii[..5_000], gbk].concat());
    site.write("jis.html", b"\x1b$BF|K\\\x1b(B");
    let server = site.serve(&[]);
    for (path, kind) in [
        ("/short.txt", "text/plain; charset=utf-8"),
        ("/long.html", "text/html; charset=utf-8"),
        ("/README", "text/plain; charset=utf-8"),
        ("/late.html", "text/html"),
        ("/later.txt", "text/plain"),
        ("/cut.txt", "text/plain"),
        ("/late", "application/octet-stream"),
        ("/jis.html", "text/html"),
    ] {
        assert_eq!(get(&server, path).field("Content-Type"), Some(kind), "{path}");
        let part = get_with(&server, path, "Range: bytes=0-3");
        assert_eq!((part.status(), part.field("Content-Type")), (206, Some(kind)), "{path}");
    }
}

#[test]
fn names_in_chinese_are_found_encoded_and_raw() {
    let site = Site::new(&[("目录/中文 文件.txt", "内容")]);
    let server = site.serve(&[]);
    let encoded = "/%E7%9B%AE%E5%BD%95/%E4%B8%AD%E6%96%87%20%e6%96%87%e4%bb%b6.txt";
    assert_eq!(get(&server, encoded).text(), "内容");
    assert_eq!(get(&server, "/目录/中文%20文件.txt").text(), "内容");
}

#[test]
fn a_directory_shows_its_index_or_else_its_entries() {
    // Windows has no names with `<`, `>` or `"` in them.
    let (odd, shown) = match cfg!(windows) {
        true => ("a&b'd", ">a&amp;b&#39;d</a>"),
        false => ("a&b<c>\"d'", ">a&amp;b&lt;c&gt;&quot;d&#39;</a>"),
    };
    let site = Site::new(&[("with/index.html", "the index"), ("without/中文.txt", "")]);
    site.write(&format!("without/{odd}"), "");
    site.write("without/.hidden", "");
    let server = site.serve(&[]);
    assert_eq!(get(&server, "/with/").text(), "the index");
    let listing = get(&server, "/without/");
    assert_eq!(listing.field("Content-Type"), Some("text/html; charset=utf-8"));
    let page = listing.text();
    assert!(page.contains("<a href=\"./%E4%B8%AD%E6%96%87.txt\">中文.txt</a>"), "{page}");
    assert!(page.contains(shown), "{page}");
    assert!(!page.contains("hidden"), "{page}");
    // Each link of the page leads to a file.
    for link in page.split("href=\"./").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert_eq!(get(&server, &format!("/without/{link}")).status(), 200, "{link}");
    }
    assert!(get(&server, "/").text().contains("<a href=\"./with/\">with/</a>"));
}

#[test]
#[cfg(unix)] // permissions
fn an_index_that_may_not_be_read_does_not_show_what_lies_beside_it() {
    use std::os::unix::fs::PermissionsExt;
    let site = Site::new(&[("index.html", "the index"), ("secret", "")]);
    let index = site.root.join("index.html");
    fs::set_permissions(&index, fs::Permissions::from_mode(0o000)).unwrap();
    if File::open(&index).is_ok() {
        return; // the superuser may read everything
    }
    let server = site.serve(&[]);
    for path in ["/", "/index.html", "//"] {
        let answer = get(&server, path);
        assert_eq!(answer.status(), 403, "{path}");
        assert!(!answer.text().contains("secret"), "{}", answer.text());
    }
}

#[test]
#[cfg(unix)] // links and pipes
fn an_index_that_is_no_file_does_not_show_what_lies_beside_it() {
    let site = Site::new(&[
        ("link/secret", ""),
        ("loop/secret", ""),
        ("pipe/secret", ""),
        ("dir/index.html/a", ""),
    ]);
    let at = |path: &str| site.root.join(path);
    std::os::unix::fs::symlink("../../outside", at("link/index.html")).unwrap();
    std::os::unix::fs::symlink("index.html", at("loop/index.html")).unwrap();
    nix::unistd::mkfifo(&at("pipe/index.html"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    let server = site.serve(&[]);
    for path in ["/link/", "/loop/", "/pipe/"] {
        let answer = get(&server, path);
        assert_eq!(answer.status(), 403, "{path}");
        assert!(!answer.text().contains("secret"), "{}", answer.text());
        assert_eq!(get(&server, &format!("{path}index.html")).status(), 404, "{path}");
    }
    // A directory of that name is one like any other.
    assert!(get(&server, "/dir/").text().contains("index.html/"));
}

#[test]
#[cfg(unix)] // names that Windows has not
fn a_name_commands_no_terminal_that_shows_the_page() {
    let site = Site::new(&[("a\u{1b}[2Jb", "here"), ("c\nd", "")]);
    let server = site.serve(&[]);
    let page = get(&server, "/");
    let page = page.text();
    assert!(page.contains("a\\x1b[2Jb</a>") && page.contains("c\\nd</a>"), "{page}");
    assert!(!page.contains('\u{1b}') && page.contains("./a%1B%5B2Jb"), "{page}");
    assert_eq!(get(&server, "/a%1B%5B2Jb").text(), "here");
}

#[test]
fn a_path_is_what_every_server_takes_it_for() {
    let site =
        Site::new(&[("a/b", "b"), (".well-known/security.txt", "Contact:"), (".git/config", "")]);
    let server = site.serve(&[]);
    for (path, text) in [
        ("/a//b", "b"),
        ("//a/./b", "b"),
        ("/.well-known/security.txt", "Contact:"),
        ("//.well-known/security.txt", "Contact:"),
    ] {
        assert_eq!(get(&server, path).text(), text, "{path}");
    }
    for path in ["//.git/config", "/./.git/config", "/a/.well-known/", "/.well-known/../a/b"] {
        assert_eq!(get(&server, path).status(), 404, "{path}");
    }
    assert_eq!(get(&server, "//a").field("Location"), Some("/a/"));
    assert!(!get(&server, "/").text().contains("well-known"));
}

#[test]
fn a_directory_without_its_slash_is_redirected_on_this_server() {
    let site = Site::new(&[("目录/evil.example/a", "")]);
    let server = site.serve(&[]);
    let answer = get(&server, "/目录?a=b c".replace(' ', "%20").as_str());
    assert_eq!(answer.status(), 301);
    assert_eq!(answer.field("Location"), Some("/%E7%9B%AE%E5%BD%95/?a=b%20c"));
    // With two slashes a browser would take the first name for a host.
    for path in [
        "//evil.example",
        "///evil.example",
        "//evil.example/..",
        "/\\evil.example",
        "/%2fevil.example",
    ] {
        assert_eq!(get(&server, path).field("Location"), None, "{path}");
    }
    assert_eq!(get(&server, "/目录/evil.example/a/").status(), 404);
}

#[test]
fn head_says_what_get_would_and_sends_no_body() {
    let site = Site::new(&[("a.txt", "hello"), ("d/b", "")]);
    let server = site.serve(&[]);
    for path in ["/a.txt", "/", "/d", "/x", "/a.txt/"] {
        let mut stream = peer::connect(server.addr());
        peer::send(&mut stream, request("HEAD", path, "Range: bytes=0-1\r\nConnection: close\r\n"));
        let head = Answer::read_head(&mut stream);
        peer::assert_closed(&mut stream);
        let answer = get(&server, path);
        assert_eq!(head.status(), answer.status(), "{path}");
        for field in ["Content-Type", "Content-Length", "ETag", "Last-Modified", "Location"] {
            assert_eq!(head.field(field), answer.field(field), "{path} {field}");
        }
    }
}

#[test]
fn a_part_of_a_file_can_be_had() {
    let site = Site::new(&[("digits", "0123456789")]);
    let server = site.serve(&[]);
    assert_eq!(get(&server, "/digits").field("Accept-Ranges"), Some("bytes"));
    for (range, part, content_range) in [
        ("0-0", "0", "bytes 0-0/10"),
        ("2-4", "234", "bytes 2-4/10"),
        ("7-", "789", "bytes 7-9/10"),
        ("-3", "789", "bytes 7-9/10"),
        ("-99", "0123456789", "bytes 0-9/10"),
        ("8-99999999999999999999", "89", "bytes 8-9/10"),
    ] {
        let answer = get_with(&server, "/digits", &format!("Range: bytes={range}"));
        assert_eq!((answer.status(), answer.text()), (206, part), "{range}");
        assert_eq!(answer.field("Content-Range"), Some(content_range));
    }
    for range in ["10-", "99999999999999999999-", "-0"] {
        let answer = get_with(&server, "/digits", &format!("Range: bytes={range}"));
        assert_eq!(
            (answer.status(), answer.field("Content-Range")),
            (416, Some("bytes */10")),
            "{range}"
        );
    }
    for range in ["bytes=0-1,4-5", "bytes=5-4", "lines=1-2", "bytes", "bytes=a-"] {
        let answer = get_with(&server, "/digits", &format!("Range: {range}"));
        assert_eq!((answer.status(), answer.text()), (200, "0123456789"), "{range}");
    }
}

#[test]
fn a_file_that_the_client_has_is_not_sent_again() {
    let site = Site::new(&[("a", "first")]);
    let server = site.serve(&[]);
    let first = get(&server, "/a");
    let (tag, date) = (first.field("ETag").unwrap(), first.field("Last-Modified").unwrap());
    for field in [
        format!("If-None-Match: {tag}"),
        // It is weak where the system does not tell enough of a file.
        format!("If-None-Match: \"x\", W/{}", tag.trim_start_matches("W/")),
        "If-None-Match: *".to_owned(),
        format!("If-Modified-Since: {date}"),
    ] {
        let mut stream = peer::connect(server.addr());
        peer::send(&mut stream, request("GET", "/a", &format!("{field}\r\nConnection: close\r\n")));
        let answer = Answer::read_head(&mut stream);
        assert_eq!((answer.status(), answer.field("ETag")), (304, Some(tag)), "{field}");
        assert_eq!(answer.field("Content-Length"), None);
        peer::assert_closed(&mut stream);
    }
    assert_eq!(get_with(&server, "/a", "If-Match: \"x\"").status(), 412);
    assert_eq!(get_with(&server, "/a", "If-None-Match: \"x\"").status(), 200);
    site.write("a", "second version");
    let second = get_with(&server, "/a", &format!("If-None-Match: {tag}"));
    assert_eq!((second.status(), second.text()), (200, "second version"));
    assert_ne!(second.field("ETag"), Some(tag));
}

#[test]
#[cfg_attr(
    not(unix),
    ignore = "no tag is strong where the system does not tell one file from another"
)]
fn a_download_goes_on_only_with_the_same_file() {
    let site = Site::new(&[("a", "0123456789")]);
    let server = site.serve(&[]);
    let tag = get(&server, "/a").field("ETag").unwrap().to_owned();
    let fields = format!("Range: bytes=5-\r\nIf-Range: {tag}");
    assert_eq!(get_with(&server, "/a", &fields).text(), "56789");
    site.write("a", "abcdefghijk");
    let answer = get_with(&server, "/a", &fields);
    assert_eq!((answer.status(), answer.text()), (200, "abcdefghijk"));
}

#[test]
#[cfg_attr(
    not(unix),
    ignore = "no tag is strong where the system does not tell one file from another"
)]
fn two_releases_of_one_length_and_time_are_two_versions() {
    let (old, new) = ("0123456789", "abcdefghij");
    let site = Site::new(&[("a", old)]);
    let server = site.serve(&[]);
    let set_back = |name: &str| {
        let file = File::options().write(true).open(site.root.join(name)).unwrap();
        file.set_modified(std::time::UNIX_EPOCH + Duration::from_secs(1)).unwrap();
    };
    let in_place = || site.write("a", new);
    let renamed = || {
        site.write("b", new);
        set_back("b");
        fs::rename(site.root.join("b"), site.root.join("a")).unwrap();
        site.root.join("a")
    };
    for replace in [&in_place as &dyn Fn() -> PathBuf, &renamed] {
        site.write("a", old);
        set_back("a");
        let first = get(&server, "/a");
        let (tag, date) = (first.field("ETag").unwrap(), first.field("Last-Modified").unwrap());
        assert!(tag.starts_with('"'), "{tag}");
        let range = format!("Range: bytes=5-\r\nIf-Range: {tag}");
        assert_eq!(get_with(&server, "/a", &range).text(), "56789");
        replace();
        set_back("a");
        assert_eq!(get(&server, "/a").field("Last-Modified"), Some(date));
        for fields in
            [format!("If-None-Match: {tag}"), range, format!("Range: bytes=5-\r\nIf-Range: {date}")]
        {
            let second = get_with(&server, "/a", &fields);
            assert_eq!((second.status(), second.text()), (200, new), "{fields}");
        }
    }
}

#[test]
fn nothing_outside_the_root_is_served() {
    let site = Site::new(&[("inside", "inside"), ("dir/inside", "inside")]);
    fs::write(site.outside.path().join("secret"), "SECRET").unwrap();
    fs::create_dir(site.outside.path().join("root-too")).unwrap();
    fs::write(site.outside.path().join("root-too/secret"), "SECRET").unwrap();
    #[cfg(unix)] // who may make links on Windows is a matter of its settings
    {
        symlink("../secret", site.root.join("link")).unwrap();
        symlink(site.outside.path().join("secret"), site.root.join("absolute")).unwrap();
        symlink("..", site.root.join("up")).unwrap();
        symlink("/", site.root.join("slash")).unwrap();
        symlink("../../secret", site.root.join("dir/link")).unwrap();
    }
    let server = site.serve(&[]);
    let absolute = site.outside.path().join("secret");
    let absolute = absolute.to_str().unwrap();
    let mut paths: Vec<String> = [
        "/../secret",
        "/dir/../../secret",
        "/./../secret",
        "/..//secret",
        "/%2e%2e/secret",
        "/%2E%2E/secret",
        "/.%2e/secret",
        "/%2e%2e%2fsecret",
        "/..%2fsecret",
        "/..%2Fsecret",
        "/dir%2f..%2f..%2fsecret",
        "/%252e%252e/secret",
        "/..%252fsecret",
        "/..\\secret",
        "/..%5csecret",
        "/dir\\..\\..\\secret",
        "/%c0%ae%c0%ae/secret",
        "/%e0%80%ae%e0%80%ae/secret",
        "/..%00/secret",
        "/inside%00/../../secret",
        "/..;/secret",
        "/../root-too/secret",
        "/link",
        "/absolute",
        "/up/secret",
        "/up",
        "/up/",
        "/slash/",
        "/slash/etc/passwd",
        "/dir/link",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/file:///etc/passwd",
        "/proc/self/environ",
        "/.",
        "/..",
        "/../",
    ]
    .map(str::to_owned)
    .to_vec();
    paths.extend([
        absolute.to_owned(),
        format!("/{absolute}"),
        format!("/%2f{}", &absolute.trim_start_matches('/')),
    ]);
    for path in paths {
        let answer = get(&server, &path);
        assert!(matches!(answer.status(), 400 | 404), "{path}: {}", answer.head);
        assert!(!answer.text().contains("SECRET") && !answer.text().contains("root:"), "{path}");
    }
    assert_eq!(get(&server, "/dir/inside").text(), "inside");
}

#[cfg(windows)] // elsewhere these are names of other files, or of none
#[test]
fn a_file_has_one_name_and_its_other_ones_are_not_there() {
    let site = Site::new(&[
        ("a.txt", "a"),
        ("a long name.txt", "long"),
        (".hidden", "hidden"),
        ("dir/b", "b"),
    ]);
    let server = site.serve(&[]);
    for path in [
        "/A.TXT",
        "/a.txt.",
        "/a.txt%20",
        "/a.txt%20.",
        "/a.txt::$DATA",
        "/a.txt:$DATA",
        "/a.txt:stream",
        "/ALONGN~1.TXT",
        "/alongn~1.txt",
        "/HIDDEN~1",
        "/DIR/b",
        "/dir./b",
        "/dir::$INDEX_ALLOCATION/b",
        "/dir%5cb",
        "/dir\\b",
        "/CON",
        "/con.txt",
        "/NUL",
        "/nul",
        "/dir/NUL",
        "/AUX",
        "/COM1",
        "/LPT1.txt",
        "/C:",
        "/C:/windows/win.ini",
        "/C:%5cwindows%5cwin.ini",
        "/%5c%5c.%5cNUL",
        "//localhost/C$/windows/win.ini",
        "/*",
        "/a%3f.txt",
    ] {
        let answer = get(&server, path);
        assert!(matches!(answer.status(), 400 | 404), "{path}: {}", answer.head);
    }
    for (path, text) in [("/a.txt", "a"), ("/a%20long%20name.txt", "long"), ("/dir/b", "b")] {
        assert_eq!(get(&server, path).text(), text, "{path}");
    }
}

#[cfg(windows)] // a link that anybody may make there
#[test]
fn a_junction_leads_nowhere() {
    let site = Site::new(&[("dir/file", "inside")]);
    fs::write(site.outside.path().join("file"), "SECRET").unwrap();
    let (junction, outside) = (site.root.join("junction"), site.outside.path());
    let mut mklink = std::process::Command::new("cmd");
    let made = mklink.args(["/C", "mklink", "/J"]).arg(junction).arg(outside).output().unwrap();
    assert!(made.status.success(), "{made:?}");
    let server = site.serve(&[]);
    for path in ["/junction", "/junction/", "/junction/file", "/dir/..%2fjunction/file"] {
        let answer = get(&server, path);
        assert!(matches!(answer.status(), 400 | 404), "{path}: {}", answer.head);
    }
    assert!(!get(&server, "/").text().contains("junction"));
}

#[cfg(unix)] // who may make links on Windows is a matter of its settings
#[test]
fn a_link_put_in_the_way_of_a_path_leads_nowhere() {
    let site = Site::new(&[("dir/file", "inside")]);
    fs::create_dir(site.outside.path().join("other")).unwrap();
    fs::write(site.outside.path().join("other/file"), "SECRET").unwrap();
    let server = site.serve(&[]);
    let (dir, aside) = (site.root.join("dir"), site.root.join("aside"));
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    let attacker = std::thread::spawn(move || {
        while !stopped.load(Ordering::Relaxed) {
            fs::rename(&dir, &aside).unwrap();
            symlink("../other", &dir).unwrap();
            fs::remove_file(&dir).unwrap();
            fs::rename(&aside, &dir).unwrap();
        }
    });
    let mut stream = peer::connect(server.addr());
    for _ in 0..2000 {
        peer::send(&mut stream, request("GET", "/dir/file", ""));
        let answer = Answer::read(&mut stream);
        assert!(!answer.text().contains("SECRET"), "{}", answer.head);
    }
    stop.store(true, Ordering::Relaxed);
    attacker.join().unwrap();
}

#[test]
fn hidden_files_are_not_served() {
    let site = Site::new(&[
        (".env", "PASSWORD"),
        (".git/config", "PASSWORD"),
        ("a/.htpasswd", "PASSWORD"),
    ]);
    let server = site.serve(&[]);
    for path in ["/.env", "/%2eenv", "/.git/config", "/.git/", "/.git", "/a/.htpasswd"] {
        assert_eq!(get(&server, path).status(), 404, "{path}");
    }
    assert!(!get(&server, "/").text().contains("git"));
}

#[cfg(unix)] // pipes in a directory
#[test]
fn pipes_sockets_and_devices_are_not_served_and_hold_nobody_up() {
    let site = Site::new(&[("a", "")]);
    nix::unistd::mkfifo(&site.root.join("pipe"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(site.root.join("socket")).unwrap();
    let server = site.serve(&[]);
    for path in ["/pipe", "/socket", "/pipe/a"] {
        assert_eq!(get(&server, path).status(), 404, "{path}");
    }
    let page = get(&server, "/");
    assert!(page.status() == 200 && !page.text().contains("pipe"), "{}", page.text());
    // The devices of the system itself.
    let devices = server_of(std::path::Path::new("/dev"));
    for path in ["/zero", "/tty", "/null"] {
        assert_eq!(get(&devices, path).status(), 404, "{path}");
    }
}

#[cfg(unix)]
fn server_of(root: &std::path::Path) -> Server {
    server(&["--root", root.to_str().unwrap()])
}

#[cfg(unix)] // permissions as Unix has them
#[test]
fn what_the_server_may_not_read_is_forbidden() {
    use std::os::unix::fs::PermissionsExt;
    let site = Site::new(&[("a", "")]);
    fs::set_permissions(site.root.join("a"), fs::Permissions::from_mode(0o000)).unwrap();
    // Root may read everything.
    if fs::read(site.root.join("a")).is_err() {
        assert_eq!(get(&site.serve(&[]), "/a").status(), 403);
    }
}

#[test]
fn a_root_that_is_none_is_an_error_that_names_it() {
    let site = Site::new(&[("file", "")]);
    for root in [site.root.join("missing"), site.root.join("file")] {
        let program = Program::new(env!("CARGO_BIN_EXE_http-fetch-server"));
        let exit = program.args(["--addr", "127.0.0.1:0", "--root"]).arg(&root).run();
        exit.assert_code(1);
        assert!(
            exit.err().starts_with(&format!("error: cannot serve {}: ", root.display())),
            "{}",
            exit.err()
        );
    }
}

#[test]
fn a_long_list_is_cut_and_says_so() {
    let site = Site::new(&[]);
    for number in 0..10_003 {
        File::create(site.root.join(format!("{number}"))).unwrap();
    }
    let page = get(&site.serve(&[]), "/");
    assert_eq!(page.text().matches("href=\"./").count(), 10_000);
    assert!(page.text().contains("<p>and 3 more</p>"));
}

#[test]
fn files_are_sent_on_one_connection_one_after_the_other() {
    let site = Site::new(&[("a", "first"), ("b", "second")]);
    drop(site.big("big", 1 << 20));
    let server = site.serve(&[]);
    let mut stream = peer::connect(server.addr());
    let all = ["/a", "/big", "/b", "/x", "/a"].map(|path| request("GET", path, "")).concat();
    peer::send(&mut stream, all);
    let answers: Vec<_> = (0..5).map(|_| Answer::read(&mut stream)).collect();
    assert_eq!(answers.iter().map(Answer::status).collect::<Vec<_>>(), [200, 200, 200, 404, 200]);
    assert_eq!(
        (answers[0].text(), answers[2].text(), answers[4].text()),
        ("first", "second", "first")
    );
    assert_eq!(answers[1].body, vec![0; 1 << 20]);
    server.wait_stdout("\"GET /big HTTP/1.1\" 200 1048576");
}

/// Reads on to the end, in pieces, and counts.
fn count_to_end(stream: &mut TcpStream) -> u64 {
    let mut buffer = vec![0; 1 << 16];
    let mut count = 0;
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return count,
            Ok(length) => count += length as u64,
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => return count,
            Err(error) => panic!("{error} after {count} bytes"),
        }
    }
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "what a process uses is read in Linux's /proc")]
fn a_long_file_passes_through_in_constant_memory() {
    let site = Site::new(&[]);
    drop(site.big("big", 512 << 20));
    let server = site.serve(&[]);
    let before = harness::usage::resident(server.id());
    let mut stream = peer::connect(server.addr());
    peer::send(&mut stream, request("GET", "/big", "Connection: close\r\n"));
    Answer::read_head(&mut stream);
    assert_eq!(count_to_end(&mut stream), 512 << 20);
    let grown = harness::usage::resident(server.id()).saturating_sub(before);
    assert!(grown < 4 << 20, "{grown} bytes more");
}

#[test]
fn a_file_that_becomes_shorter_ends_the_connection_rather_than_lie() {
    let site = Site::new(&[]);
    let server = site.serve(&[]);
    for (name, file) in
        [("big", site.big("big", 64 << 20)), ("fresh", site.fresh("fresh", 64 << 20))]
    {
        let mut stream = peer::connect(server.addr());
        peer::send(&mut stream, request("GET", &format!("/{name}"), "") + &request("GET", "/", ""));
        let answer = Answer::read_head(&mut stream);
        assert_eq!(answer.field("Content-Length"), Some("67108864"));
        file.set_len(1).unwrap();
        assert!(count_to_end(&mut stream) < 64 << 20);
        server.wait_stderr(&format!(
            "notice: cannot send /{name} to its end: the file became shorter while it was sent\n"
        ));
        assert_eq!(get(&server, &format!("/{name}")).body.len(), 1);
    }
}

#[cfg(unix)] // pipes in a directory, and links
#[test]
fn a_file_is_looked_at_anew_for_each_request() {
    let site = Site::new(&[("a", "first")]);
    let server = site.serve(&[]);
    assert_eq!(get(&server, "/a").text(), "first");
    site.write("a", "second");
    assert_eq!(get(&server, "/a").text(), "second");
    fs::remove_file(site.root.join("a")).unwrap();
    assert_eq!(get(&server, "/a").status(), 404);
    nix::unistd::mkfifo(&site.root.join("a"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    assert_eq!(get(&server, "/a").status(), 404);
    fs::remove_file(site.root.join("a")).unwrap();
    symlink("/etc/passwd", site.root.join("a")).unwrap();
    assert_eq!(get(&server, "/a").status(), 404);
}

#[test]
fn a_file_is_the_same_with_a_trace_and_without() {
    let site = Site::new(&[]);
    let content: Vec<u8> = (0..3_000_000_u32).flat_map(u32::to_le_bytes).collect();
    site.write("file", &content);
    for args in [&["--trace"][..], &[]] {
        let server = site.serve(args);
        assert!(get(&server, "/file").body == content, "{args:?}");
        assert!(
            get_with(&server, "/file", "Range: bytes=70001-11000000").body
                == content[70001..=11_000_000]
        );
    }
}

#[test]
fn a_file_that_grows_is_sent_as_it_was() {
    let site = Site::new(&[]);
    let server = site.serve(&[]);
    for (name, file) in
        [("big", site.big("big", 32 << 20)), ("fresh", site.fresh("fresh", 32 << 20))]
    {
        let mut stream = peer::connect(server.addr());
        peer::send(&mut stream, request("GET", &format!("/{name}"), "Connection: close\r\n"));
        Answer::read_head(&mut stream);
        file.set_len(33 << 20).unwrap();
        assert_eq!(count_to_end(&mut stream), 32 << 20);
    }
}

#[test]
fn a_reader_that_stops_is_closed_and_one_that_is_slow_is_not() {
    let site = Site::new(&[]);
    drop(site.big("big", 64 << 20));
    drop(site.fresh("fresh", 32 << 20));
    drop(site.fresh("small", 4 << 20));
    let server = site.serve(&["--idle-timeout", "1"]);
    let mut stops = peer::connect(server.addr());
    peer::send(&mut stops, request("GET", "/big", ""));
    let mut stops_too = peer::connect(server.addr());
    peer::send(&mut stops_too, request("GET", "/fresh", ""));
    let mut slow = peer::connect(server.addr());
    socket2::SockRef::from(&slow).set_recv_buffer_size(64 << 10).unwrap();
    peer::send(&mut slow, request("GET", "/small", "Connection: close\r\n"));
    let head = Answer::read_head(&mut slow);
    assert_eq!(head.status(), 200);
    let (start, mut taken) = (Instant::now(), 0);
    // Three times as long as the limit, and never in a hurry. The sleep waits for nothing: it is
    // what makes this reader slow.
    while taken < 4 << 20 {
        taken += peer::recv_exact(&mut slow, 64 << 10).len();
        sleep(Duration::from_millis(48));
    }
    assert!(start.elapsed() > Duration::from_secs(3));
    peer::assert_closed(&mut slow);
    server.wait_stdout("\"GET /big HTTP/1.1\" 200 ");
    server.wait_stdout("\"GET /fresh HTTP/1.1\" 200 ");
    assert!(count_to_end(&mut stops) < 64 << 20);
    assert!(count_to_end(&mut stops_too) < 32 << 20);
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "what a process uses is read in Linux's /proc")]
fn what_a_reader_does_not_take_does_not_stay_in_the_kernel() {
    let site = Site::new(&[]);
    drop(site.big("big", 64 << 20));
    let server = site.serve(&["--idle-timeout", "1"]);
    let mut stream = peer::connect(server.addr());
    peer::send(&mut stream, request("GET", "/big", ""));
    server.wait_stdout("\"GET /big HTTP/1.1\" 200 ");
    // Closed, but the end of the stream is behind bytes for which there is no room here, and would
    // wait there for ever.
    let client = stream.local_addr().unwrap();
    eventually("the kernel has given up", || tcp_state(server.addr(), Some(client)).is_none());
    assert!(count_to_end(&mut stream) < 64 << 20);
}

#[test]
fn six_hundred_half_open_requests_keep_nobody_waiting() {
    let site = Site::new(&[("index.html", "here")]);
    let server = site.serve(&[]);
    let half: Vec<_> = (0..600)
        .map(|_| {
            let mut stream = peer::connect(server.addr());
            peer::send(&mut stream, "GET / HTTP/1.1\r\nHost: a\r\nX-");
            stream
        })
        .collect();
    let start = Instant::now();
    assert_eq!(get(&server, "/").text(), "here");
    // The half-open ones have ten.
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    drop(half);
    assert_serves(&server);
}

#[test]
fn our_client_fetches_what_our_server_has() {
    let site = Site::new(&[("目录/文件.txt", "从服务器来的内容\n")]);
    let server = site.serve(&[]);
    let url = format!("http://{}/目录/文件.txt", server.addr());
    let client =
        Program::new(env!("CARGO_BIN_EXE_http-fetch-client")).args([url.as_str(), "-o", "-"]).run();
    client.assert_code(0);
    assert_eq!(client.out(), "从服务器来的内容\n");
}

#[test]
fn the_root_is_what_bears_its_name_now() {
    let site = Site::new(&[("a", "1")]);
    let server = site.serve(&[]);
    let (root, old) = (&site.root, site.outside.path().join("old"));
    assert_eq!(get(&server, "/a").text(), "1");
    fs::rename(root, &old).unwrap();
    assert_eq!(get(&server, "/a").status(), 404);
    site.write("a", "2");
    assert_eq!(get(&server, "/a").text(), "2");
    fs::remove_dir_all(root).unwrap();
    assert_eq!(get(&server, "/").status(), 404);
    site.write("b", "3");
    assert!(get(&server, "/").text().contains("href=\"./b\""));
    assert_eq!(get(&server, "/b").text(), "3");
}

#[cfg(unix)] // who may make links on Windows is a matter of its settings
#[test]
fn a_root_that_is_a_link_follows_it_to_the_next_release() {
    let site = Site::new(&[("a", "1")]);
    let (next, link) = (site.outside.path().join("next"), site.outside.path().join("current"));
    fs::create_dir(&next).unwrap();
    fs::write(next.join("a"), "2").unwrap();
    symlink("root", &link).unwrap();
    // By a name that is relative to where the server was started.
    let program = Program::at(env!("CARGO_BIN_EXE_http-fetch-server"), "127.0.0.1:0");
    let server = Server::of(program.dir(site.outside.path()).args(["--root", "current"]));
    assert_eq!(get(&server, "/a").text(), "1");
    symlink("next", site.outside.path().join("new-link")).unwrap();
    fs::rename(site.outside.path().join("new-link"), &link).unwrap();
    assert_eq!(get(&server, "/a").text(), "2");
}

#[test]
fn a_site_has_a_page_of_its_own_for_what_it_does_not_have() {
    let site = Site::new(&[("404.html", "<p>没有这一页"), ("dir/a", "a")]);
    let server = site.serve(&[]);
    for path in ["/x", "/dir/x", "/dir/a/", "/.hidden", "/x?404"] {
        let answer = get(&server, path);
        assert_eq!((answer.status(), answer.text()), (404, "<p>没有这一页"), "{path}");
        assert_eq!(answer.field("Content-Type"), Some("text/html; charset=utf-8"));
        assert_eq!(answer.field("ETag"), None);
    }
    assert_eq!(get_with(&server, "/x", "Range: bytes=0-2").status(), 404);
    assert_eq!(get(&server, "/404.html").status(), 200);
    let mut stream = peer::connect(server.addr());
    peer::send(&mut stream, request("HEAD", "/x", "Connection: close\r\n"));
    assert_eq!(Answer::read_head(&mut stream).field("Content-Length"), Some("18"));
    peer::assert_closed(&mut stream);
    // One that is no file is none.
    fs::remove_file(site.root.join("404.html")).unwrap();
    fs::create_dir(site.root.join("404.html")).unwrap();
    assert!(get(&server, "/x").text().contains("there is nothing here by that name"));
}

#[test]
fn a_browser_is_to_ask_before_it_shows_a_file_again() {
    let site = Site::new(&[("a", "1")]);
    let server = site.serve(&[]);
    let answer = get(&server, "/a");
    assert_eq!(answer.field("Cache-Control"), Some("no-cache"));
    let tag = format!("If-None-Match: {}", answer.field("ETag").unwrap());
    let again = get_with(&server, "/a", &tag);
    assert_eq!((again.status(), again.field("Cache-Control")), (304, Some("no-cache")));
    assert_eq!(get(&server, "/").field("Cache-Control"), Some("no-cache"));
}

#[cfg(unix)] // open files have no such limit there
#[test]
fn who_finds_no_file_left_is_told_to_come_again() {
    let site = Site::new(&[("a", "a")]);
    let limited = ["/bin/sh", "-c", "ulimit -n 24; exec \"$0\" \"$@\""];
    let program = Program::at(env!("CARGO_BIN_EXE_http-fetch-server"), "127.0.0.1:0");
    let server = Server::of(program.arg("--root").arg(&site.root).under(&limited));
    let mut crowd: Vec<_> = (0..30).map(|_| peer::connect(server.addr())).collect();
    server.wait_stderr("cannot accept: too many open files");
    for path in ["/a", "/"] {
        peer::send(&mut crowd[0], request("GET", path, ""));
        let answer = Answer::read(&mut crowd[0]);
        assert_eq!((answer.status(), answer.field("Retry-After")), (503, Some("10")), "{path}");
    }
    drop(crowd);
    eventually("there is one again", || get(&server, "/a").status() == 200);
}
