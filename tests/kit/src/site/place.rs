//! Which page a file or a folder of the workspace has.

use std::path::Path;

use common::text::Lang;

/// Something of the workspace, by its path from there, with `/` on every system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Markdown.
    Document { path: String },
    /// Any other file.
    Source { path: String },
    /// A folder without a document.
    Folder { path: String },
    /// What a document shows as a picture.
    Picture { path: String },
}

impl Place {
    /// What is at this path, if anything is; of a folder with a README that, in the language of who
    /// points to it if there is one.
    pub(super) fn of(root: &Path, path: &str, language: Lang) -> Option<Place> {
        let path = beside("", path)?;
        let full = root.join(&path);
        if full.is_dir() {
            let names = match language {
                Lang::En => ["README.md", "README.md"],
                Lang::Zh => ["README.zh-CN.md", "README.md"],
            };
            let readme = names.iter().find(|name| full.join(name).is_file());
            return Some(match readme {
                Some(name) => Place::Document { path: beside(&format!("{path}/"), name)? },
                None => Place::Folder { path },
            });
        }
        if !full.is_file() {
            return None;
        }
        let is_document = path.ends_with(".md");
        Some(if is_document { Place::Document { path } } else { Place::Source { path } })
    }

    /// The picture at this path, if there is one.
    pub(super) fn of_picture(root: &Path, path: String) -> Option<Place> {
        root.join(&path).is_file().then_some(Place::Picture { path })
    }

    pub(super) fn path(&self) -> &str {
        match self {
            Place::Document { path }
            | Place::Source { path }
            | Place::Folder { path }
            | Place::Picture { path } => path,
        }
    }

    /// The page, by its path from the folder of all pages.
    pub(super) fn page(&self) -> String {
        match self {
            Place::Document { path } => format!("{}.html", path.trim_end_matches(".md")),
            Place::Source { path } => format!("{path}.html"),
            Place::Folder { path } => format!("{path}/index.html"),
            // As it is.
            Place::Picture { path } => path.clone(),
        }
    }

    pub(super) fn language(&self) -> Lang {
        if self.path().ends_with(".zh-CN.md") { Lang::Zh } else { Lang::En }
    }

    /// Where the same document stands in the other language, if there is one.
    pub(super) fn in_the_other_language(&self) -> Option<String> {
        let Place::Document { path } = self else { return None };
        Some(match path.strip_suffix(".zh-CN.md") {
            Some(name) => format!("{name}.md"),
            None => format!("{}.zh-CN.md", path.strip_suffix(".md")?),
        })
    }
}

/// The path from the workspace of what `path` means in a document at `from`; nothing where it
/// leads out of it.
pub(super) fn beside(from: &str, path: &str) -> Option<String> {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The link from one page to another.
pub(super) fn from_to(from: &str, to: &str) -> String {
    let (mut from, mut to) = (from, to);
    while let (Some((one, rest)), Some((other, further))) =
        (from.split_once('/'), to.split_once('/'))
        && one == other
    {
        (from, to) = (rest, further);
    }
    "../".repeat(from.matches('/').count()) + to
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_meant_from_its_document() {
        assert_eq!(beside("tcp-echo/README.md", "../BASICS.md").as_deref(), Some("BASICS.md"));
        assert_eq!(beside("README.md", "./tcp-echo//src").as_deref(), Some("tcp-echo/src"));
        assert_eq!(beside("README.md", "../elsewhere"), None);
    }

    #[test]
    fn a_page_leads_to_another_by_what_they_do_not_share() {
        for (from, to, link) in [
            ("README.html", "BASICS.html", "BASICS.html"),
            ("README.html", "tcp-echo/README.html", "tcp-echo/README.html"),
            ("tcp-echo/README.html", "tcp-echo/src/lib.rs.html", "src/lib.rs.html"),
            ("tcp-echo/README.html", "udp-echo/README.html", "../udp-echo/README.html"),
            ("a/b/c.html", "a/d.html", "../d.html"),
        ] {
            assert_eq!(from_to(from, to), link, "{from} {to}");
        }
    }

    #[test]
    fn a_folder_is_its_readme_in_the_language_of_who_points_to_it() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
        let page = |path: &str, language| Place::of(root, path, language).map(|place| place.page());
        assert_eq!(page("udp-echo", Lang::En).as_deref(), Some("udp-echo/README.html"));
        assert_eq!(page("udp-echo", Lang::Zh).as_deref(), Some("udp-echo/README.zh-CN.html"));
        assert_eq!(page("udp-echo/src", Lang::Zh).as_deref(), Some("udp-echo/src/index.html"));
        assert_eq!(page("Cargo.toml", Lang::En).as_deref(), Some("Cargo.toml.html"));
        assert_eq!(page("no-such-lesson", Lang::En), None);
    }
}
