//! How the page looks and is used: languages, colours, widths, keys alone.

use serde_json::json;

use crate::laboratory::{Laboratory, printed, row};

/// A telephone, a laptop, a projector.
const WIDTHS: [(u32, u32); 3] = [(360, 740), (1280, 800), (1920, 1080)];
const PARTS: [&str; 6] =
    ["pair", "tour", "tour/udp-echo/1", "experiments", "experiments/nagle", "check"];

#[test]
fn every_part_fits_every_width_in_both_languages_and_both_schemes() {
    let lab = Laboratory::start(&[]);
    let mut tab = lab.open("pair");
    let mut pictures = Vec::new();
    for (language, heading) in [("en", "Two programs"), ("zh", "两个程序")] {
        tab.visit(&format!("{}#pair", lab.url));
        if tab.eval("document.documentElement.lang.slice(0, 2)") != language {
            tab.click("#language");
        }
        tab.wait(&format!("document.querySelector('h1').textContent.startsWith('{heading}')"));
        // It is remembered.
        tab.reload();
        tab.wait(&format!("document.documentElement.lang.startsWith('{language}')"));
        for scheme in ["light", "dark"] {
            tab.prefers(scheme, "reduce");
            for (width, height) in WIDTHS {
                tab.window(width, height);
                for part in PARTS {
                    tab.go(part);
                    tab.wait(&format!("document.documentElement.dataset.scheme === '{scheme}'"));
                    let wide = tab.eval("document.documentElement.scrollWidth");
                    assert_eq!(wide, width, "{part} in {language}, {width} wide");
                }
                pictures.push(tab.screenshot());
            }
        }
    }
    let all = pictures.len();
    pictures.sort();
    pictures.dedup();
    assert_eq!(pictures.len(), all, "two of them look the same");
    tab.assert_content();
}

#[test]
fn a_conversation_fits_every_width() {
    let lab = Laboratory::start(&[]);
    let mut tab = lab.open("pair");
    tab.prefers("light", "no-preference");
    tab.click("[data-scene=sticky]");
    tab.wait(&row(".from-m.to-r", "onetwothree"));
    for (width, height) in WIDTHS {
        tab.window(width, height);
        tab.wait("document.querySelectorAll('.row').length > 3");
        assert_eq!(tab.eval("document.documentElement.scrollWidth"), width);
        let hidden = tab.eval(
            "[...document.querySelectorAll('.terminal, .wire')].filter((one) => { const box = one.getBoundingClientRect(); \
             return box.left < -1 || box.right > innerWidth + 1; }).length",
        );
        assert_eq!(hidden, 0, "{width} wide");
    }
    // At 360 pixels the three stand below each other.
    tab.window(360, 740);
    tab.wait("document.querySelector('.stage .wire').getBoundingClientRect().top >= document.querySelector('.terminal.client').getBoundingClientRect().bottom");
    tab.assert_content();
}

#[test]
fn the_scheme_can_be_switched_and_is_remembered() {
    let lab = Laboratory::start(&[]);
    let mut tab = lab.open("pair");
    tab.prefers("light", "reduce");
    tab.wait("document.documentElement.dataset.scheme === 'light'");
    tab.click("#scheme");
    tab.wait("document.documentElement.dataset.scheme === 'dark'");
    tab.reload();
    tab.wait("document.documentElement.dataset.scheme === 'dark'");
}

#[test]
fn nothing_moves_where_that_is_preferred() {
    let lab = Laboratory::start(&[]);
    let mut tab = lab.open("pair");
    for (motion, moves) in [("no-preference", true), ("reduce", false)] {
        tab.prefers("light", motion);
        tab.visit(&format!("{}#pair", lab.url));
        // A row is new until what comes next changes it, so that each is looked at as it comes.
        tab.eval(
            "window.moves = []; new MutationObserver(() => { for (const one of document.querySelectorAll('.row.new .shaft')) \
             window.moves.push(getComputedStyle(one).animationName !== 'none'); }).observe(document.querySelector('#main'), { childList: true, subtree: true })",
        );
        tab.click("[data-scene=sticky]");
        tab.wait(&row(".from-m.to-r", "onetwothree"));
        let seen = tab.eval("[...new Set(window.moves)]");
        assert_eq!(seen, serde_json::json!([moves]), "{motion}");
    }
}

#[test]
fn all_is_done_by_keys_alone() {
    let lab = Laboratory::start(&[]);
    let mut tab = lab.open("pair");
    // The first stop leads past the head of the page.
    tab.key("Tab");
    tab.wait("document.activeElement.id === 'skip'");
    tab.key("Enter");
    tab.wait("document.activeElement.id === 'main'");
    tab.key("Tab");
    tab.wait("document.activeElement.dataset.scene === 'sticky'");
    let outline = tab.eval("getComputedStyle(document.activeElement).outlineStyle");
    assert_eq!(outline, "solid", "what has the focus is seen");
    tab.key("?");
    tab.wait(
        "document.querySelector('#keys').open && document.querySelectorAll('#keys kbd').length > 9",
    );
    tab.key("Escape");
    tab.wait("!document.querySelector('#keys').open");

    // A pair from the form, by Tab and Enter.
    tab.eval("document.querySelector('.setup .first select').focus()");
    for _ in 0..20 {
        if tab.eval("document.activeElement.matches('.setup .main')") == true {
            break;
        }
        tab.key("Tab");
    }
    tab.key("Enter");
    tab.wait("document.querySelector('.stage')?.checkVisibility()");
    tab.wait("document.querySelector('.client .typing input').disabled === false");
    tab.key("c");
    tab.wait("document.activeElement.matches('.client .typing input')");
    tab.text("keys");
    tab.key("Enter");
    tab.wait(&printed("server", "keys"));
    tab.key("Escape");
    tab.key("w");
    tab.wait("document.activeElement.matches('.scroller')");
    tab.wait(&row(".from-r.to-l", "keys"));
    for _ in 0..4 {
        tab.key("ArrowUp");
        if tab.eval("document.querySelector('.row.here.opens') !== null") == true {
            break;
        }
    }
    tab.wait("document.querySelector('.scroller').getAttribute('aria-activedescendant')?.startsWith('row-')");
    tab.key("Enter");
    tab.wait("document.querySelector('.bytes').checkVisibility()");
    tab.key("Escape");
    tab.wait("!document.querySelector('.bytes').checkVisibility()");
    tab.key("s");
    tab.wait("document.querySelector('.bar .stop').disabled");
    tab.key("2");
    tab.wait("location.hash === '#tour'");
    tab.assert_content();
}

#[test]
fn whoever_hears_the_page_finds_the_way() {
    let lab = Laboratory::start(&[]);
    let mut tab = lab.open("pair");
    tab.click("[data-scene=sticky]");
    tab.wait(&row(".from-m.to-r", "onetwothree"));
    for landmark in [
        "header",
        "nav[aria-label]",
        "main",
        "[role=status][aria-live]",
        ".output[role=log][aria-live=polite]",
    ] {
        let found = tab.eval(&format!("document.querySelector('{landmark}') !== null"));
        assert_eq!(found, true, "no {landmark}");
    }
    let nameless = tab.eval(
        "[...document.querySelectorAll('button, a, input, select, section, [role=option], [role=log]')] \
         .filter((one) => one.checkVisibility() && !(one.getAttribute('aria-label') || one.textContent.trim() || one.closest('label')?.textContent.trim())) \
         .map((one) => one.outerHTML)",
    );
    assert_eq!(nameless, serde_json::json!([]));
    let said = tab.eval("document.querySelector('.row.from-m.to-r').getAttribute('aria-label')");
    assert!(said.as_str().unwrap().contains("11 bytes: onetwothree"), "{said}");
}

#[test]
fn it_speaks_as_lab_web_does_and_a_choice_lasts_beyond_that() {
    let chinese = Laboratory::start(&["--lang", "zh"]);
    let mut tab = chinese.open("pair");
    tab.wait("document.querySelector('h1').textContent.startsWith('两个程序')");
    tab.click("#language");
    tab.wait("document.querySelector('h1').textContent.startsWith('Two programs')");
    tab.reload();
    tab.wait("document.querySelector('h1').textContent.startsWith('Two programs')");
    // Another start has another port.
    let again = Laboratory::start(&["--lang", "zh"]);
    tab.visit(&again.url);
    tab.wait("document.querySelector('h1').textContent.startsWith('Two programs')");
}

/// Words of the page, not of the programs, in which Chinese touches a mark of English.
const ENGLISH_MARKS: &str = "[...document.querySelectorAll('body :not(.output *)')].flatMap((one) => [...[...one.childNodes].filter((node) => \
     node.nodeType === Node.TEXT_NODE).map((node) => node.data), one.title]).filter((words) => \
     /\\p{Script=Han}[,;:?!]|[^ :][,;:?!] ?\\p{Script=Han}/u.test(words))";

#[test]
fn chinese_is_parted_by_the_marks_of_chinese() {
    let lab = Laboratory::start(&["--lang", "zh"]);
    let mut tab = lab.open("pair");
    tab.start("tcp-echo");
    tab.type_line("client", "你好");
    tab.wait(&row(".from-r.to-l", "你好"));
    tab.type_line("client", "exit");
    // A call, and what became of it.
    tab.wait(&row("", "：流结束（FIN）"));
    assert_eq!(tab.eval(ENGLISH_MARKS), json!([]));
    tab.go("experiments/dialects");
    tab.click("article form button:not(.main)");
    tab.wait("document.querySelector('article').textContent.includes('RFC 791 附录 B；common/src/frame.rs')");
    assert_eq!(tab.eval(ENGLISH_MARKS), json!([]));
    tab.go("tour/tcp-echo/0");
    tab.click(".tour .main");
    tab.wait("document.querySelectorAll('.terms dt').length > 0");
    assert_eq!(tab.eval(ENGLISH_MARKS), json!([]));
    tab.assert_content();
}

/// The picture of the README: `LAB_WEB_PICTURE=tests/web/picture.webp` keeps it.
#[test]
fn the_picture_shows_three_messages_become_one() {
    let lab = Laboratory::start(&[]);
    let mut tab = lab.open("pair");
    tab.window(1200, 720);
    tab.prefers("light", "reduce");
    tab.click("[data-scene=sticky]");
    tab.wait(&row(".from-m.to-r", "onetwothree"));
    tab.wait(&printed("client", "onetwothree"));
    tab.wait("document.querySelector('.client .chip').className.includes('over')");
    // The one that arrives, with what led to it above.
    tab.eval(
        "{ const list = document.querySelector('.scroller'); document.activeElement.blur(); \
         list.scrollTop = document.querySelector('.row.from-m.to-r').offsetTop - 0.62 * list.clientHeight; }",
    );
    tab.wait("document.querySelector('.row.from-m.to-r')");
    let picture = tab.screenshot();
    assert!(picture.starts_with(b"RIFF") && picture.len() < 100_000, "{} bytes", picture.len());
    if let Some(path) = std::env::var_os("LAB_WEB_PICTURE") {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        std::fs::write(root.join(path), picture).unwrap();
    }
}
