//! Modules that stand beside each other do not import each other in a circle, in `common` and in
//! the demos: what one of them stands on can be read before it.
//!
//! A folder of modules counts as one of its neighbours. What a module takes from the one around it
//! is no circle: a `main.rs` is the lesson, and read first.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::chinese::{literals, root};
use crate::english::CRATES;

/// A module, or what is in one: `[terminal, screen]`.
type Name = Vec<String>;

/// Where the file of a module is, and its [`bare`] program.
type ReadFile<'f> = &'f dyn Fn(&[String]) -> (String, String);

#[derive(Default)]
struct Modules {
    files: BTreeMap<Name, String>,
    /// In which module each path stands.
    paths: Vec<(Name, Name)>,
    /// What has a name by `use`, and the path behind it.
    names: BTreeMap<Name, Name>,
}

/// A program without comments, literals and line ends.
fn bare(program: &str) -> String {
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
    fn target(&self, from: &[String], path: &[String], most_steps: u32) -> Option<Name> {
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

    /// The imports of neighbours that lead back to where they begin, as they are told.
    fn circles(&self) -> Vec<String> {
        let mut imports = BTreeMap::<Name, BTreeMap<Name, String>>::new();
        for (from, path) in &self.paths {
            let Some(to) = self.target(from, path, 9) else { continue };
            let shared = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
            if shared < from.len() && shared < to.len() {
                let told = format!("{} imports {}", self.files[from], to.join("::"));
                let neighbours = imports.entry(from[..=shared].to_vec()).or_default();
                neighbours.entry(to[..=shared].to_vec()).or_insert(told);
            }
        }
        let leads_to = |begin: &Name, end: &Name| {
            let (mut met, mut waiting) = (BTreeSet::new(), vec![begin]);
            while let Some(name) = waiting.pop() {
                let next = imports.get(name).into_iter().flat_map(BTreeMap::keys);
                waiting.extend(next.filter(|next| met.insert(*next)));
            }
            met.contains(end)
        };
        let all = imports.iter().flat_map(|(from, to)| to.iter().map(move |to| (from, to)));
        all.filter(|(from, to)| leads_to(to.0, from)).map(|(_, to)| to.1.clone()).collect()
    }
}

#[test]
fn a_circle_is_found_and_what_is_none_is_not() {
    let circles = |programs: &[(&str, &str)]| {
        let mut modules = Modules::default();
        let file = |at: &[String]| {
            let name = at.join("/");
            let program = programs.iter().find(|(module, _)| *module == name).unwrap().1;
            (format!("{name}.rs"), bare(program))
        };
        modules.read(&[], &file, file(&[]));
        modules.circles().join(", ")
    };
    let three = [
        ("", "mod a;\nmod b;\nmod c;"),
        ("a", "use crate::{b::{self, inner::Thing,}, text};"),
        ("b", "pub(crate) use super::c as other;"),
        ("c", "fn f() -> char { g('{', '\\u{7b}', \"//\"); crate::a::g() }"),
    ];
    assert_eq!(circles(&three), "a.rs imports b, b.rs imports c, c.rs imports a");
    let below = [
        ("", "mod folder; pub mod d;"),
        ("folder", "mod x; mod y; pub(crate) use self::y::Y as Why;"),
        ("folder/x", "mod inline { use super::super::Why; } fn f(d: crate::d::D) {}"),
        ("folder/y", "use super::{x::X}; #[macro_export] macro_rules! say { (a) => {}; }"),
        ("d", "crate::say!(a);"),
    ];
    let [d, x, y] =
        ["d.rs imports folder::y", "folder/x.rs imports", "folder/y.rs imports folder::x"];
    assert_eq!(circles(&below), format!("{d}, {x} d, {x} folder::y, {y}"));
    let none = [
        ("", "mod a; mod b; use a::A; struct Own;"),
        ("a", "mod below; use crate::{Own, b::B}; use std::a::b; fn f<'b>(c: &'b str) {}"),
        ("a/below", "use super::A; f(\"crate::b\"); // crate::b"),
        ("b", "#[cfg(test)] mod fuzz; #[cfg(all(test, x))] mod tests { use crate::a; } use x::a;"),
    ];
    assert_eq!(circles(&none), "");
}

#[test]
fn no_neighbours_import_each_other_in_a_circle() {
    let (mut count, mut found) = (0, Vec::new());
    let mains = ["lib.rs", "server/main.rs", "client/main.rs"];
    for main in CRATES.iter().flat_map(|of| mains.map(|main| format!("{of}/src/{main}"))) {
        let folder = main.rsplit_once('/').unwrap().0;
        let file = |at: &[String]| {
            let name = format!("{folder}/{}", at.join("/"));
            let files = [main.clone(), format!("{name}.rs"), format!("{name}/mod.rs")];
            let mut files = files.into_iter().skip(usize::from(!at.is_empty()));
            let file = files.find(|file| root().join(file).is_file()).expect(&name);
            let program = fs::read_to_string(root().join(&file)).unwrap();
            (file, bare(&program))
        };
        if root().join(&main).is_file() {
            let mut modules = Modules::default();
            modules.read(&[], &file, file(&[]));
            count += modules.files.len();
            found.extend(modules.circles());
        }
    }
    assert!(found.is_empty(), "modules import each other in a circle:\n{}", found.join("\n"));
    assert!(count > 250, "{count} modules are too few: these are not all");
}
