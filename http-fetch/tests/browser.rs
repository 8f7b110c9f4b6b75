//! A browser visits the server. Needs Chromium: `cargo test -p http-fetch --features browser --test
//! browser`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use harness::{Program, Server};

fn server(args: &[&str]) -> Server {
    Server::start(env!("CARGO_BIN_EXE_http-fetch-server"), args)
}

/// The page as the browser has it after it was loaded, scripts and all.
fn dom(server: &Server, path: &str) -> String {
    let profile = tempfile::tempdir().unwrap();
    let browser = std::env::var("CHROMIUM").unwrap_or_else(|_| "chromium".to_owned());
    let exit = Program::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--dump-dom",
        ])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("http://{}{path}", server.addr()))
        .run();
    exit.assert_code(0);
    exit.out()
}

#[test]
fn a_browser_shows_the_welcome_page_in_chinese() {
    let server = server(&[]);
    let dom = dom(&server, "/");
    assert!(dom.contains("欢迎来此访问!"), "{dom}");
    server.wait_stdout("\"GET / HTTP/1.1\" 200 19");
}

#[test]
fn a_browser_shows_a_directory_with_chinese_names_and_the_files_in_it() {
    let root = tempfile::tempdir().unwrap();
    std::fs::write(root.path().join("中文 <b>.txt"), "你好,浏览器").unwrap();
    let server = server(&["--root", root.path().to_str().unwrap()]);
    let page = dom(&server, "/");
    assert!(page.contains(">中文 &lt;b&gt;.txt</a>"), "{page}");
    let link = page.split("href=\"./").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let file = dom(&server, &format!("/{link}"));
    assert!(file.contains("你好,浏览器"), "{file}");
}
