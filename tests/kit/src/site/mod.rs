//! The documents as HTML, and what they point to in the workspace: sources as pages, folders as
//! lists. Every link leads to another page of these, so all of it works offline.
//!
//! - [`markdown`]: a document as HTML, with the anchors that GitHub gives it
//! - [`place`]: which page a file of the workspace has
//! - [`page`]: what stands around the words of every page

mod markdown;
mod page;
mod place;

use std::collections::{BTreeSet, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use common::text::Lang;

use crate::programs::lessons;
use crate::{copy, make, read, text, write};
use markdown::To;
use page::{Page, escaped};
use place::{Place, from_to};

/// Where the pages stand in a kit, as their sources stand in the workspace.
pub(crate) const FOLDER: &str = "lessons";

/// The look of all pages.
const STYLE: &str = "style.css";

/// Writes the pages of all documents and of what they point to.
pub(crate) fn write_all(root: &Path, folder: &Path) -> anyhow::Result<()> {
    let mut site = Site {
        root: root.to_owned(),
        folder: folder.to_owned(),
        waiting: VecDeque::new(),
        known: BTreeSet::new(),
    };
    for document in documents(root)? {
        site.point_to(
            Place::of(root, &document, Lang::En)
                .with_context(|| text::cannot_read(document.clone()))?,
        );
    }
    while let Some(place) = site.waiting.pop_front() {
        site.write(&place)?;
    }
    write(&folder.join(STYLE), include_str!("style.css"))
}

/// A document of the kit itself as a page beside it, and its title.
pub(crate) fn of_kit(markdown: &str, language: Lang, other: &str) -> anyhow::Result<String> {
    let html = markdown::html(markdown, |_, link| Ok(link.to_owned()))?;
    let page = Page {
        title: &html.title,
        language,
        style: &format!("{FOLDER}/{STYLE}"),
        start: None,
        other_language: Some(other),
        body: &html.body,
    };
    Ok(page.html())
}

/// What a document is called: its first heading, as plain words.
pub(crate) fn title(document: &Path) -> anyhow::Result<String> {
    Ok(markdown::html(&read(document)?, |_, link| Ok(link.to_owned()))?.title)
}

/// The documents of the workspace and of its lessons.
fn documents(root: &Path) -> anyhow::Result<Vec<String>> {
    let mut documents = Vec::new();
    for folder in ["."].into_iter().chain(lessons()) {
        let cannot_read = || text::cannot_read(folder);
        for entry in fs::read_dir(root.join(folder)).with_context(cannot_read)? {
            let name = entry.with_context(cannot_read)?.file_name();
            let name = name.to_string_lossy();
            if name.ends_with(".md") {
                documents.push(format!("{folder}/{name}"));
            }
        }
    }
    Ok(documents)
}

struct Site {
    root: PathBuf,
    folder: PathBuf,
    /// What is pointed to and not yet written.
    waiting: VecDeque<Place>,
    /// The pages of all that was ever pointed to.
    known: BTreeSet<String>,
}

impl Site {
    /// The page of a place, which will be written.
    fn point_to(&mut self, place: Place) -> String {
        let page = place.page();
        if self.known.insert(page.clone()) {
            self.waiting.push_back(place);
        }
        page
    }

    fn write(&mut self, place: &Place) -> anyhow::Result<()> {
        let page = self.folder.join(place.page());
        let html = match place {
            Place::Picture { path } => {
                page.parent().map_or(Ok(()), make)?;
                return copy(&self.root.join(path), &page);
            }
            Place::Document { .. } => self.document(place)?,
            Place::Source { path } => self.source(place, path)?,
            Place::Folder { path } => self.list(place, path)?,
        };
        write(&page, html)
    }

    fn document(&mut self, place: &Place) -> anyhow::Result<String> {
        let markdown = read(&self.root.join(place.path()))?;
        let html = markdown::html(&markdown, |to, link| self.link(place, to, link))?;
        let other = place.in_the_other_language().filter(|other| self.root.join(other).exists());
        let other = other.and_then(|other| Place::of(&self.root, &other, place.language()));
        let other = other.map(|other| from_to(&place.page(), &self.point_to(other)));
        Ok(self.page(place, &html.title, &html.body, other.as_deref()))
    }

    /// Where a link of a document leads here. Those into the network stay.
    fn link(&mut self, from: &Place, to: To, link: &str) -> anyhow::Result<String> {
        if link.contains("://") || link.starts_with("mailto:") || link.starts_with('#') {
            return Ok(link.to_owned());
        }
        let (path, anchor) = match link.split_once('#') {
            Some((path, anchor)) => (path, format!("#{anchor}")),
            None => (link, String::new()),
        };
        let target = place::beside(from.path(), path)
            .and_then(|target| match to {
                To::Page => Place::of(&self.root, &target, from.language()),
                To::Picture => Place::of_picture(&self.root, target),
            })
            .with_context(|| text::no_link(from.path(), link))?;
        Ok(from_to(&from.page(), &self.point_to(target)) + &anchor)
    }

    /// A source with a number before each line, to which `#L7` leads.
    fn source(&self, place: &Place, path: &str) -> anyhow::Result<String> {
        let full = self.root.join(path);
        let content = fs::read(&full).with_context(|| text::cannot_read(full.display()))?;
        let lines = String::from_utf8_lossy(&content);
        let mut body = format!("<h1>{}</h1>\n<pre class=\"source\">", escaped(path));
        for (number, line) in lines.lines().enumerate() {
            let number = number + 1;
            body.push_str(&format!("<a id=\"L{number}\">{number:4}</a>  {}\n", escaped(line)));
        }
        body.push_str("</pre>\n");
        Ok(self.page(place, path, &body, None))
    }

    fn list(&mut self, place: &Place, path: &str) -> anyhow::Result<String> {
        let cannot_read = || text::cannot_read(path);
        let mut names = Vec::new();
        for entry in fs::read_dir(self.root.join(path)).with_context(cannot_read)? {
            names.push(entry.with_context(cannot_read)?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        let mut body = format!("<h1>{}/</h1>\n<ul>\n", escaped(path));
        for name in names {
            let Some(entry) = Place::of(&self.root, &format!("{path}/{name}"), place.language())
            else {
                continue;
            };
            let link = from_to(&place.page(), &self.point_to(entry));
            body.push_str(&format!(
                "<li><a href=\"{}\">{}</a></li>\n",
                escaped(&link),
                escaped(&name)
            ));
        }
        body.push_str("</ul>\n");
        Ok(self.page(place, path, &body, None))
    }

    fn page(&self, place: &Place, title: &str, body: &str, other: Option<&str>) -> String {
        let page = place.page();
        // One folder above the pages is the kit.
        let start = match place.language() {
            Lang::En => "index.html",
            Lang::Zh => "index.zh-CN.html",
        };
        let up = "../".repeat(page.matches('/').count() + 1);
        Page {
            title,
            language: place.language(),
            style: &from_to(&page, STYLE),
            start: Some(&format!("{up}{start}")),
            other_language: other,
            body,
        }
        .html()
    }
}
