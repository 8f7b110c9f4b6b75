//! The examples of the lessons: a lesson as it grows, step by step. Each says in its first lines
//! what is new in it, by what it is judged, and what it passes and fails.

mod all;
mod chinese;

use common::text::{Lang, lang};

use crate::{Check, Side, Suite};
use chinese::CHINESE;

pub use all::ALL;

/// A program of `examples/`.
#[derive(Debug)]
pub struct Example {
    /// The name of the lesson's crate.
    pub lesson: &'static str,
    /// Its file without the ending: `2-next-client`.
    pub name: &'static str,
    /// All of the file.
    pub text: &'static str,
}

/// A check of a lesson, and whether an example passes it.
#[derive(Debug)]
pub struct Judged {
    /// The check.
    pub check: Check,
    /// Whether it holds.
    pub passes: bool,
}

impl Example {
    /// Its place in the lesson, from 1.
    pub fn number(&self) -> usize {
        let digits = self.name.split('-').next().unwrap_or_default();
        digits.parse().unwrap_or_default()
    }

    /// The lines of its head.
    pub fn head(&self) -> impl Iterator<Item = &'static str> {
        self.text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim)
    }

    /// What it is, in a sentence.
    pub fn title(&self) -> &'static str {
        match self.in_chinese() {
            Some((title, _)) => title,
            None => self.head().next().unwrap_or_default(),
        }
    }

    /// What it is and what is new in it, where the program speaks Chinese.
    fn in_chinese(&self) -> Option<(&'static str, &'static str)> {
        let known = || CHINESE.iter().find(|(name, ..)| *name == self.name);
        let (_, title, news) = (lang() == Lang::Zh).then(known)??;
        Some((title, news))
    }

    /// What is new in it.
    pub fn news(&self) -> String {
        if let Some((_, news)) = self.in_chinese() {
            return news.to_owned();
        }
        let lines = self.head().skip_while(|line| !line.starts_with("New here: "));
        let lines: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
        let text = lines.join(" ");
        text.strip_prefix("New here: ").map_or(text.clone(), capitalized)
    }

    /// The program itself: its lines behind the head, each with its number in the file.
    pub fn code(&self) -> impl Iterator<Item = (usize, &'static str)> {
        let numbered = (1..).zip(self.text.lines());
        numbered.skip_while(|(_, line)| line.starts_with("//!") || line.is_empty())
    }

    /// `cargo lab check …`, by which it is judged.
    pub fn judge(&self) -> &'static str {
        let call = self.head().find_map(|line| line.strip_prefix('`')?.strip_suffix('`'));
        call.unwrap_or_default()
    }

    /// What it is judged by.
    pub fn suite(&self) -> Option<&'static Suite> {
        let words: Vec<_> = self.judge().split_whitespace().collect();
        let of_a_variant = |pair: &&[&str]| {
            pair.first().is_some_and(|option| option.starts_with("--") && *option != "--client")
        };
        let variant = words.windows(2).find(of_a_variant).and_then(|pair| pair.last().copied());
        Suite::find(self.lesson, self.side(), variant)
    }

    /// Which of the lesson's programs it is.
    pub fn side(&self) -> Side {
        if self.judge().contains(" --client") { Side::Client } else { Side::Server }
    }

    /// The checks that it is judged by.
    pub fn judged(&self) -> Vec<Judged> {
        let passed: Vec<_> = self.passes().collect();
        let checks = self.suite().map(|suite| (suite.checks)()).unwrap_or_default();
        checks
            .into_iter()
            .map(|check| Judged { passes: passed.contains(&check.name), check })
            .collect()
    }

    /// The names of the checks that it passes.
    pub fn passes(&self) -> impl Iterator<Item = &'static str> {
        self.list("passes: ")
    }

    /// The names of the checks that it fails.
    pub fn fails(&self) -> impl Iterator<Item = &'static str> {
        self.list("fails: ")
    }

    /// A list of its head; it may go on over further lines.
    fn list(&self, begins: &'static str) -> impl Iterator<Item = &'static str> {
        const LISTS: [&str; 2] = ["passes: ", "fails: "];
        let is_another =
            move |line: &str| LISTS.iter().any(|list| *list != begins && line.starts_with(list));
        let lines = self.head().skip_while(move |line| !line.starts_with(begins));
        let lines = lines.take_while(move |line| !line.is_empty() && !is_another(line));
        let names = lines.flat_map(move |line| line.trim_start_matches(begins).split(','));
        names.map(str::trim).filter(|name| !name.is_empty())
    }

    /// The step before it: the last one that is the same side.
    pub fn before(&self) -> Option<&'static Example> {
        let mut earlier = ALL.iter().filter(|other| {
            other.lesson == self.lesson
                && other.side() == self.side()
                && other.number() < self.number()
        });
        earlier.next_back()
    }

    /// The first step that passes a check of a suite.
    pub fn that_passes(suite: &Suite, check: &str) -> Option<&'static Example> {
        let is_judged_by = |example: &&Example| {
            example.lesson == suite.lesson
                && example.side() == suite.side
                && example.suite().is_some_and(|its| its.variant == suite.variant)
        };
        let mut steps = ALL.iter().filter(is_judged_by);
        steps.find(|example| example.passes().any(|name| name == check))
    }
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_of_every_example_is_understood() {
        for example in ALL {
            let place = format!("{} {}", example.lesson, example.name);
            assert!(example.number() > 0, "{place}");
            assert!(!example.title().is_empty() && !example.news().is_empty(), "{place}");
            assert!(example.judge().starts_with("cargo lab check "), "{place}");
            let judged = example.judged();
            assert!(!judged.is_empty(), "{place}");
            let known: Vec<_> = judged.iter().map(|judged| judged.check.name).collect();
            assert!(example.passes().all(|name| known.contains(&name)), "{place}");
            let code: Vec<_> = example.code().collect();
            assert_eq!(example.text.lines().nth(code[0].0 - 1), Some(code[0].1), "{place}");
            assert!(code.iter().any(|(_, line)| line.contains("fn main()")), "{place}");
        }
    }

    #[test]
    fn a_step_comes_behind_the_last_one_of_its_side() {
        let find = |lesson, number| {
            ALL.iter()
                .find(|example| example.lesson == lesson && example.number() == number)
                .unwrap()
        };
        for (lesson, number, before) in [
            ("tcp-echo", 2, Some(1)),
            ("tcp-echo", 7, None),
            ("tcp-echo", 9, Some(8)),
            ("udp-temp", 1, None),
        ] {
            let step = find(lesson, number).before().map(Example::number);
            assert_eq!(step, before, "{lesson} {number}");
        }
    }

    #[test]
    fn the_first_echo_server_is_read_as_its_head_has_it() {
        let first = &ALL[0];
        assert_eq!(first.title(), "One client: bind, listen, accept, recv, send, close.");
        assert!(
            first.news().starts_with("The calls of a server, in their order."),
            "{}",
            first.news()
        );
        let passes: Vec<_> = first.judged().into_iter().filter(|judged| judged.passes).collect();
        assert_eq!(
            passes.iter().map(|judged| judged.check.name).collect::<Vec<_>>(),
            ["listens", "answer", "as-it-is", "no-exit-word", "restart"]
        );
    }
}
