//! How to use the kit, as Markdown and as the page to begin with.

use std::path::Path;

use common::text::{Lang, because, speaking};

use crate::programs::lessons;
use crate::{site, write};

/// What a kit holds besides programs, completions, manual pages and lessons.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parts {
    pub(crate) tour: bool,
    pub(crate) sources: bool,
}

/// The file for who reads this language.
pub(crate) fn name(language: Lang) -> &'static str {
    match language {
        Lang::En => "README.md",
        Lang::Zh => "README.zh-CN.md",
    }
}

fn page(language: Lang) -> &'static str {
    match language {
        Lang::En => "index.html",
        Lang::Zh => "index.zh-CN.html",
    }
}

/// Writes both for each language.
pub(crate) fn write_all(root: &Path, kit: &Path, parts: Parts) -> anyhow::Result<()> {
    for (language, other) in [(Lang::En, Lang::Zh), (Lang::Zh, Lang::En)] {
        let markdown = markdown(root, language, parts)?;
        write(&kit.join(name(language)), &markdown)?;
        let page_of_it = site::of_kit(&markdown, language, page(other))?;
        write(&kit.join(page(language)), page_of_it)?;
    }
    Ok(())
}

fn markdown(root: &Path, language: Lang, parts: Parts) -> anyhow::Result<String> {
    let (template, end) = match language {
        Lang::En => (include_str!("readme/README.md"), "html"),
        Lang::Zh => (include_str!("readme/README.zh-CN.md"), "zh-CN.html"),
    };
    let mut list = String::new();
    for lesson in lessons() {
        let title = site::title(&root.join(lesson).join(name(language)))?;
        let link = format!("{}/{lesson}/README.{end}", site::FOLDER);
        let line = speaking(language, || because(format!("[{lesson}]({link})"), &title));
        list.push_str(&format!("- {line}\n"));
    }
    let system = format!("{} {}", std::env::consts::OS, std::env::consts::ARCH);
    // Lines for a part that is not there are left out.
    let lines = template.lines().filter_map(|line| {
        let parts = [("<!-- tour -->", parts.tour), ("<!-- source -->", parts.sources)];
        match parts.iter().find_map(|(mark, is_there)| Some((line.strip_suffix(mark)?, is_there))) {
            Some((line, is_there)) => is_there.then_some(line),
            None => Some(line),
        }
    });
    let text: String = lines.map(|line| format!("{line}\n")).collect();
    let text = text.replace("{version}", env!("CARGO_PKG_VERSION"));
    Ok(text.replace("{system}", &system).replace("{lessons}\n", &list))
}
