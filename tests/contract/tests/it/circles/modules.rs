//! The modules of a crate, and the paths that stand in them, as a simple reader of its sources
//! finds them.

use std::collections::BTreeMap;

use crate::chinese::literals;

/// A module, or what is in one: `[terminal, screen]`.
pub(super) type Name = Vec<String>;

/// Where the file of a module is, and its [`bare`] program.
pub(super) type ReadFile<'f> = &'f dyn Fn(&[String]) -> (String, String);

#[derive(Default)]
pub(super) struct Modules {
    pub(super) files: BTreeMap<Name, String>,
    /// In which module each path stands.
    pub(super) paths: Vec<(Name, Name)>,
    /// What has a name by `use`, and the path behind it.
    names: BTreeMap<Name, Name>,
}

/// A program without comments, literals and line ends.
pub(super) fn bare(program: &str) -> String {
    let code = literals(&format!("{program}\n\"\"")).into_iter().map(|literal| literal.before);
    // Characters are still there, `'{'` among them, and the end of `'\u{7b}'`.
    let code = code.collect::<Vec<_>>().join(" ").replace("'{", " ").replace("}'", " ");
    format!(" {}", code.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Takes the first item out of the code that begins so.
fn take_item(code: &mut String, begin: &str) -> Option<String> {
    let (begin, mut depth) = (code.find(begin)?, 0);
    let end = code.bytes().skip(begin).position(|byte| {
        depth += i32::from(b"([{".contains(&byte)) - i32::from(b")]}".contains(&byte));
        depth == 0 && b";}".contains(&byte)
    });
    Some(code.drain(begin..end.map_or(code.len(), |end| begin + end + 1)).collect())
}

/// The paths of a tree such as `these::{ones, and::those as others}`.
fn leaves(tree: &str) -> Vec<String> {
    let Some((prefix, group)) = tree.split_once('{') else { return vec![tree.trim().to_owned()] };
    let group = group.trim_end().strip_suffix('}').unwrap_or(group);
    let mut depth = 0;
    let parts = group.split(|letter: char| {
        depth += i32::from(letter == '{') - i32::from(letter == '}');
        depth == 0 && letter == ','
    });
    let parts = parts.filter(|part| !part.trim().is_empty()).flat_map(leaves);
    parts.map(|part| format!("{}{part}", prefix.trim_start())).collect()
}

fn words(path: &str) -> Name {
    path.split("::").filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

impl Modules {
    pub(super) fn of_crate(file: ReadFile<'_>) -> Self {
        let mut modules = Self::default();
        modules.read(&[], file, file(&[]));
        modules
    }

    /// Reads a module and those in it.
    fn read(&mut self, at: &[String], file: ReadFile<'_>, (path, mut code): (String, String)) {
        self.files.insert(at.to_vec(), path.clone());
        let tests = ["#[cfg(test)]", "#[cfg(all(test,"];
        while tests.iter().any(|begin| take_item(&mut code, begin).is_some()) {}
        while let Some(item) = take_item(&mut code, " mod ") {
            let item = item.trim_start_matches(" mod ");
            let (name, body) = item.split_once(" {").unwrap_or((item.trim_end_matches(';'), ""));
            let module = [at, &words(name)[..]].concat();
            let inline = || (path.clone(), format!(" {body}"));
            self.read(&module, file, if item.ends_with(';') { file(&module) } else { inline() });
        }
        // Where `#[macro_export]` puts it.
        while let Some(item) = take_item(&mut code, " macro_rules! ") {
            let name = item.split_whitespace().nth(1).unwrap();
            self.names.insert(words(name), [&words("crate")[..], at].concat());
        }
        while let Some(item) = take_item(&mut code, " use ") {
            for leaf in leaves(item.trim_start_matches(" use ").trim_end_matches(';')) {
                let path = leaf.split(" as ").next().unwrap().trim_end_matches("::self");
                let name = leaf.trim_end_matches("::self").rsplit([' ', ':']).next().unwrap();
                self.names.insert([at, &words(name)[..]].concat(), words(path));
                self.paths.push((at.to_vec(), words(path)));
            }
        }
        let others = code.split(|letter: char| !letter.is_alphanumeric() && !"_:".contains(letter));
        let others = others.map(words).filter(|path| path.len() > 1);
        self.paths.extend(others.map(|path| (at.to_vec(), path)));
    }

    /// The module of this crate that a path leads to; re-exports are followed.
    pub(super) fn target(&self, from: &[String], path: &[String], most_steps: u32) -> Option<Name> {
        let mut at = from.to_vec();
        for (place, word) in path.iter().enumerate() {
            match word.as_str() {
                "crate" => at.clear(),
                "self" => {}
                "super" => _ = at.pop(),
                _ => at.push(word.clone()),
            }
            if self.files.contains_key(&at) {
                continue;
            }
            let name = self.names.get(&at).filter(|_| most_steps > 0);
            at.pop();
            let behind = name.map(|name| [&name[..], &path[place + 1..]].concat());
            let target = behind.and_then(|path| self.target(&at, &path, most_steps - 1));
            return target.or((place > 0).then_some(at));
        }
        Some(at)
    }
}
