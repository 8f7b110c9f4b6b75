//! A check of many programs goes through all of them before it fails.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::pairs::{PAIRS, Pair};

/// Checks every one of `pairs`.
///
/// # Panics
///
/// In the end, with the names of all that failed.
#[track_caller]
pub fn each_pair(pairs: impl IntoIterator<Item = &'static Pair>, check: impl Fn(&'static Pair)) {
    each(pairs, Pair::name, check);
}

/// Checks every program of the workspace, by its name.
///
/// # Panics
///
/// In the end, with the names of all that failed.
#[track_caller]
pub fn each_program(check: impl Fn(&'static str)) {
    each(PAIRS.iter().flat_map(|pair| [pair.server, pair.client]), str::to_owned, check);
}

#[track_caller]
fn each<T: Copy>(
    items: impl IntoIterator<Item = T>,
    name: impl Fn(T) -> String,
    check: impl Fn(T),
) {
    let mut failed = Vec::new();
    for item in items {
        if !name(item).starts_with(&std::env::var("ONLY").unwrap_or_default()) {
            continue;
        }
        if catch_unwind(AssertUnwindSafe(|| check(item))).is_err() {
            eprintln!("^^^^ {}\n", name(item));
            failed.push(name(item));
        }
    }
    assert!(failed.is_empty(), "it is not so with {failed:?}");
}
