//! The lessons as HTML: all of them are there, and no link leads nowhere or into the network where
//! it need not.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::made;

/// The HTML files of the kit.
fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut pages = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            pages.extend(self::pages(&path));
        } else if path.extension().is_some_and(|end| end == "html") {
            pages.push(path);
        }
    }
    pages
}

/// What stands between quotation marks behind these words.
fn quoted<'a>(page: &'a str, before: &'static str) -> impl Iterator<Item = &'a str> {
    page.split(before).skip(1).filter_map(|rest| rest.strip_prefix("=\"")?.split('"').next())
}

/// `%E4%BD%A0` as the letter that is meant, `&amp;` as `&`.
fn decoded(link: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = link.as_bytes();
    while let [byte, further @ ..] = rest {
        let hex = further.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(|_| *byte == b'%') {
            Some(letter) => {
                bytes.push(letter);
                rest = &further[2..];
            }
            None => {
                bytes.push(*byte);
                rest = further;
            }
        }
    }
    String::from_utf8(bytes).unwrap().replace("&amp;", "&")
}

#[test]
fn every_link_leads_to_a_page_and_an_anchor_of_the_kit() {
    let pages = pages(made());
    let texts: BTreeMap<PathBuf, String> = pages
        .iter()
        .map(|page| (page.canonicalize().unwrap(), fs::read_to_string(page).unwrap()))
        .collect();
    let anchors: BTreeMap<&Path, BTreeSet<String>> = texts
        .iter()
        .map(|(page, text)| (page.as_path(), quoted(text, " id").map(str::to_owned).collect()))
        .collect();
    let mut links = 0;
    for (page, text) in &texts {
        let named = quoted(text, "href").chain(quoted(text, " src"));
        for link in named.filter(|link| !link.contains("://")) {
            links += 1;
            let link = decoded(link);
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = match file {
                "" => page.clone(),
                file => page.parent().unwrap().join(file),
            };
            let target = target.canonicalize();
            let place = page.display();
            let target = target.unwrap_or_else(|error| panic!("{place}: {link}: {error}"));
            if !anchor.is_empty() {
                let known = anchors.get(target.as_path());
                assert!(known.is_some_and(|known| known.contains(anchor)), "{place}: {link}");
            }
        }
    }
    assert!(links > 1000, "only {links}");
}

#[test]
fn every_document_is_there_in_both_languages_and_leads_to_the_other() {
    let lessons = ["tcp-echo", "tcp-chat", "udp-echo", "udp-temp", "remote-cmd", "http-fetch", "."];
    for lesson in lessons {
        let folder = made().join("lessons").join(lesson);
        let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
        let (english, chinese) = (read("README.html"), read("README.zh-CN.html"));
        assert!(
            english.contains("<html lang=\"en\">") && chinese.contains("<html lang=\"zh-CN\">")
        );
        assert!(english.contains("<nav>") && english.contains("\"README.zh-CN.html\""), "{lesson}");
        assert!(chinese.contains("\"README.html\""), "{lesson}");
        assert!(english.contains("<table>") && english.contains("<h2 id="), "{lesson}");
    }
}

#[test]
fn sources_stand_there_as_they_are() {
    let page = fs::read_to_string(made().join("lessons/tcp-echo/src/lib.rs.html")).unwrap();
    let source =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tcp-echo/src/lib.rs"))
            .unwrap();
    for (number, line) in source.lines().enumerate() {
        let line = line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let line =
            format!("<a id=\"L{0}\">{0:4}</a>  {1}\n", number + 1, line.replace('"', "&quot;"));
        assert!(page.contains(&line), "{line}");
    }
}

#[test]
fn nothing_is_fetched_from_the_network_to_show_a_page() {
    for page in pages(made()) {
        let text = fs::read_to_string(&page).unwrap();
        for tag in ["<script", "@import", "<link rel=\"preload\""] {
            assert!(!text.contains(tag), "{}: {tag}", page.display());
        }
        for picture in quoted(&text, " src") {
            assert!(!picture.contains("://"), "{}: {picture}", page.display());
        }
        for link in text.split("<link ").skip(1) {
            assert!(!link.split('>').next().unwrap().contains("://"), "{}", page.display());
        }
    }
}
