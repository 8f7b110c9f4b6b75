//! A browser shows the tour's page. Needs Chromium: `cargo test -p lab --features browser --test
//! browser`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use harness::Program;

const LAB: &str = env!("CARGO_BIN_EXE_lab");

fn chromium(args: &[&str], page: &str) -> harness::Exit {
    let profile = tempfile::tempdir().unwrap();
    let browser = std::env::var("CHROMIUM").unwrap_or_else(|_| "chromium".to_owned());
    let exit = Program::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(args)
        .arg(format!("file://{page}"))
        .run();
    exit.assert_code(0);
    exit
}

#[test]
fn the_page_is_drawn_in_light_and_in_dark() {
    harness::binary("tcp-echo-server");
    let dir = tempfile::tempdir().unwrap();
    let page = dir.path().join("tour.html");
    let page = page.to_str().unwrap();
    Program::new(LAB).args(["tour", "tcp-echo", "--html", page]).run().assert_code(0);

    // What the browser has made of it, closed elements and all.
    let dom = chromium(&["--dump-dom"], page).out();
    assert_eq!(dom.matches("<svg").count(), 7, "{dom}");
    assert!(dom.contains(">6 bytes \"你好\"</text>"), "{dom}");
    assert!(dom.contains(">ESTABLISHED</text>"), "{dom}");

    let shots = ["light", "dark"].map(|scheme| {
        let shot = dir.path().join(format!("{scheme}.png"));
        let args = [
            "--window-size=390,844",
            // 0 is dark, 1 is light (Blink's `mojom::PreferredColorScheme`).
            &format!("--blink-settings=preferredColorScheme={}", u8::from(scheme == "light")),
            &format!("--screenshot={}", shot.display()),
        ];
        chromium(&args, page);
        std::fs::read(shot).unwrap()
    });
    assert!(shots.iter().all(|shot| shot.starts_with(b"\x89PNG") && shot.len() > 10_000));
    assert_ne!(shots[0], shots[1], "light and dark look the same");
}
