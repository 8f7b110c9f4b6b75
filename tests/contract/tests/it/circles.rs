//! Modules that stand beside each other do not import each other in a circle, in any crate: what
//! one of them stands on can be read before it.
//!
//! A folder of modules counts as one of its neighbours. What a module takes from the one around it
//! is no circle: a `main.rs` is the lesson, and read first.

mod modules;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use crate::chinese::{files, root};

use modules::{Modules, Name, bare};

/// The imports of neighbours that lead back to where they begin, as they are told.
fn circles(modules: &Modules) -> Vec<String> {
    let mut imports = BTreeMap::<Name, BTreeMap<Name, String>>::new();
    for (from, path) in &modules.paths {
        let Some(to) = modules.target(from, path, 9) else { continue };
        let shared = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
        if shared < from.len() && shared < to.len() {
            let told = format!("{} imports {}", modules.files[from], to.join("::"));
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

#[test]
fn a_circle_is_found_and_what_is_none_is_not() {
    let told = |programs: &[(&str, &str)]| {
        let program = |name: &str| programs.iter().find(|(module, _)| *module == name).unwrap().1;
        let file = |at: &[String]| (at.join("/") + ".rs", bare(program(&at.join("/"))));
        circles(&Modules::of_crate(&file)).join(", ")
    };
    let three = [
        ("", "mod a;\nmod b;\nmod c;"),
        ("a", "use crate::{b::{self, inner::Thing,}, text};"),
        ("b", "pub(crate) use super::c as other;"),
        ("c", "fn f() -> char { g('{', '\\u{7b}', \"//\"); crate::a::g() }"),
    ];
    assert_eq!(told(&three), "a.rs imports b, b.rs imports c, c.rs imports a");
    let below = [
        ("", "mod folder; pub mod d;"),
        ("folder", "mod x; mod y; pub(crate) use self::y::Y as Why;"),
        ("folder/x", "mod inline { use super::super::Why; } fn f(d: crate::d::D) {}"),
        ("folder/y", "use super::{x::X}; #[macro_export] macro_rules! say { (a) => {}; }"),
        ("d", "crate::say!(a);"),
    ];
    let [d, x, y] =
        ["d.rs imports folder::y", "folder/x.rs imports", "folder/y.rs imports folder::x"];
    assert_eq!(told(&below), format!("{d}, {x} d, {x} folder::y, {y}"));
    let none = [
        ("", "mod a; mod b; use a::A; struct Own;"),
        ("a", "mod below; use crate::{Own, b::B}; use std::a::b; fn f<'b>(c: &'b str) {}"),
        ("a/below", "use super::A; f(\"crate::b\"); // crate::b"),
        ("b", "#[cfg(test)] mod fuzz; #[cfg(all(test, x))] mod tests { use crate::a; } use x::a;"),
    ];
    assert_eq!(told(&none), "");
}

/// The files that crates begin with: each `main.rs` and `lib.rs`, and what a `Cargo.toml` names.
fn mains() -> BTreeSet<PathBuf> {
    let is_main = |file: &PathBuf| file.ends_with("main.rs") || file.ends_with("lib.rs");
    let mut mains: BTreeSet<_> = files(&root(), ".rs").into_iter().filter(is_main).collect();
    for manifest in files(&root(), "Cargo.toml") {
        let folder = manifest.parent().unwrap();
        let text = fs::read_to_string(&manifest).unwrap();
        let values = text.lines().filter_map(|line| line.split_once('='));
        let paths = values.filter(|(name, _)| name.trim() == "path").map(|(_, path)| path.trim());
        let programs =
            paths.map(|path| path.trim_matches('"')).filter(|path| path.ends_with(".rs"));
        let named: Vec<_> = programs.map(|path| folder.join(path)).collect();
        let has_one = !named.is_empty() || mains.iter().any(|main| main.starts_with(folder));
        assert!(has_one, "{}: where does it begin?", manifest.display());
        mains.extend(named);
    }
    mains
}

#[test]
fn no_neighbours_import_each_other_in_a_circle() {
    let (mut count, mut found) = (0, Vec::new());
    for main in mains() {
        let folder = main.parent().unwrap();
        let file = |at: &[String]| {
            let name = folder.join(at.join("/")).display().to_string();
            let files =
                [main.clone(), format!("{name}.rs").into(), format!("{name}/mod.rs").into()];
            let mut files = files.into_iter().skip(usize::from(!at.is_empty()));
            let file: PathBuf = files.find(|file| file.is_file()).expect(&name);
            let code = bare(&fs::read_to_string(&file).unwrap());
            (file.strip_prefix(root()).unwrap().display().to_string(), code)
        };
        let modules = Modules::of_crate(&file);
        count += modules.files.len();
        found.extend(circles(&modules));
    }
    assert!(found.is_empty(), "modules import each other in a circle:\n{}", found.join("\n"));
    assert!(count > 900, "{count} modules are too few: these are not all");
}
