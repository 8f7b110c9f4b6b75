//! The page's files as they are: complete in both languages, small, from nowhere else, without
//! markup of a peer's, and with enough contrast.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::client::Web;

/// All that the browser loads.
const MOST_BYTES: usize = 147_000;

fn files(ending: &str) -> Vec<(PathBuf, String)> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("page");
    let paths = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let known = paths.filter(|path| path.extension().is_some_and(|found| found == ending));
    known.map(|path| (path.clone(), std::fs::read_to_string(path).unwrap())).collect()
}

fn file(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("page").join(name)).unwrap()
}

/// What stands between the outermost braces of `words.js`.
fn all_words() -> serde_json::Map<String, Value> {
    let source = file("words.js");
    let (_, json) = source.split_once(" = ").unwrap();
    serde_json::from_str(json.trim_end().strip_suffix(';').unwrap()).unwrap()
}

/// The text between `before` and the next quotation mark, each time.
fn quoted_behind<'a>(source: &'a str, before: &str) -> Vec<&'a str> {
    source.split(before).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn what_the_page_says_is_said_in_both_languages() {
    for (key, words) in all_words() {
        let words = words.as_object().unwrap();
        let said: Vec<&str> = ["en", "zh"].map(|lang| words[lang].as_str().unwrap()).to_vec();
        assert_eq!(words.len(), 2, "{key}");
        assert!(said.iter().all(|said| !said.trim().is_empty()), "{key}: {words:?}");
        let places = |said: &str| -> BTreeSet<usize> {
            (0..6).filter(|n| said.contains(&format!("{{{n}}}"))).collect()
        };
        assert_eq!(places(said[0]), places(said[1]), "{key}: other places to fill in");
    }
}

#[test]
fn all_that_is_to_be_said_is_known_and_nothing_else() {
    let known = all_words();
    let sources: String = files("js")
        .into_iter()
        .filter(|(path, _)| !path.ends_with("words.js"))
        .map(|(_, source)| source)
        .collect();
    for before in ["say: \"", "label: \"", "hint: \"", "announce(\"", "say: [\"", "status(\""] {
        for key in quoted_behind(&sources, before) {
            assert!(known.contains_key(key), "{before}{key}\" has no words");
        }
    }
    for key in known.keys() {
        let family = key.split_once('_').map(|(family, _)| format!("`{family}_${{"));
        let ending = ["Bytes", "Output", "Input"].iter().find(|ending| key.ends_with(**ending));
        let used = sources.contains(&format!("\"{key}\""))
            || family.is_some_and(|family| sources.contains(&family))
            || ending.is_some_and(|ending| sources.contains(&format!("}}{ending}`")));
        assert!(used, "{key} is never said");
    }
}

/// What stands in a file, and what the server gives out for it.
fn served() -> Vec<(String, String)> {
    let web = Web::start(&[]);
    let all = ["html", "css", "js"].into_iter().flat_map(files);
    let one = |(path, source): (PathBuf, String)| {
        let path = match path.file_name().unwrap().to_str().unwrap() {
            "index.html" => format!("/?token={}", web.token),
            name => format!("/{name}"),
        };
        let answer = web.get(&path);
        assert_eq!(answer.status, 200, "{path}");
        (source, answer.text())
    };
    all.map(one).collect()
}

#[test]
fn the_page_is_small() {
    let all: usize = served().iter().map(|(_, served)| served.len()).sum();
    println!("{all} bytes");
    assert!(all < MOST_BYTES, "{all} bytes");
}

#[test]
fn comments_are_left_out_and_their_lines_stay() {
    let mut left_out = 0;
    for (source, served) in served() {
        assert_eq!(source.lines().count(), served.lines().count());
        for (source, served) in source.lines().zip(served.lines()) {
            if source == served {
                continue;
            }
            assert_eq!(served, "", "{source}");
            let begins = source.trim_start();
            assert!(["//", "/*", "*"].iter().any(|mark| begins.starts_with(mark)), "{source}");
            left_out += 1;
        }
        assert!(!served.contains("/*"), "{served}");
    }
    assert!(left_out > 100, "{left_out}");
}

#[test]
fn nothing_is_loaded_from_elsewhere_and_nothing_becomes_markup() {
    let banned = [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "DOMParser",
        "setHTML",
        "createContextualFragment",
        "javascript:",
        "import(",
        "@import",
        "//cdn",
    ];
    for (path, source) in files("js").into_iter().chain(files("css")).chain(files("html")) {
        for banned in banned {
            assert!(!source.contains(banned), "{} has {banned}", path.display());
        }
        assert!(!source.contains("://"), "{} names an address", path.display());
    }
    let index = file("index.html");
    for inline in ["style=", "<style", " onclick", " onload", "<script>"] {
        assert!(!index.contains(inline), "the policy would refuse {inline}");
    }
}

/// A colour `#rrggbb` as its luminance (WCAG 2.2, relative luminance).
fn luminance(colour: &str) -> f64 {
    let digits = colour.trim().trim_start_matches('#');
    let wide: String = match digits.len() {
        3 => digits.chars().flat_map(|digit| [digit, digit]).collect(),
        _ => digits.to_owned(),
    };
    let part = |at: usize| {
        let value = u8::from_str_radix(wide.get(at..at + 2).unwrap(), 16).unwrap();
        let value = f64::from(value) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(0) + 0.7152 * part(2) + 0.0722 * part(4)
}

fn contrast(one: f64, other: f64) -> f64 {
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn text_stands_out_from_what_is_behind_it_in_light_and_in_dark() {
    let css = file("app.css");
    let light = css.split(":root {").nth(1).unwrap().split('}').next().unwrap();
    let dark =
        css.split(":root[data-scheme=\"dark\"] {").nth(1).unwrap().split('}').next().unwrap();
    let pairs = [
        ("ink", "paper"),
        ("ink", "card"),
        ("ink", "sunk"),
        ("soft", "paper"),
        ("soft", "card"),
        ("soft", "sunk"),
        ("client", "card"),
        ("client", "paper"),
        ("client", "client-wash"),
        ("client", "sunk"),
        ("server", "card"),
        ("server", "server-wash"),
        ("server", "sunk"),
        ("tap", "card"),
        ("tap", "tap-wash"),
        ("lost", "card"),
        ("lost", "lost-wash"),
        ("lost", "sunk"),
        ("ink", "length"),
        ("ink", "payload"),
        ("on-accent", "client"),
        ("on-accent", "lost"),
        ("paper", "ink"),
        ("ink", "client-wash"),
        ("soft", "client-wash"),
    ];
    for scheme in [light, dark] {
        let colour = |name: &str| {
            let value =
                scheme.split(&format!("--{name}: ")).nth(1).unwrap_or_else(|| panic!("no {name}"));
            luminance(value.split(';').next().unwrap())
        };
        for (front, back) in pairs {
            let found = contrast(colour(front), colour(back));
            assert!(found >= 4.5, "{front} on {back} has {found:.2} to 1 in {scheme}");
        }
    }
}

#[test]
fn the_picture_of_the_readme_is_small() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let picture = std::fs::read(root.join("tests/web/picture.webp")).unwrap();
    assert!(picture.starts_with(b"RIFF") && picture.len() < 100_000, "{} bytes", picture.len());
    for readme in ["README.md", "README.zh-CN.md"] {
        let text = std::fs::read_to_string(root.join(readme)).unwrap();
        assert!(text.contains("](tests/web/picture.webp)"), "{readme} shows it");
    }
}
