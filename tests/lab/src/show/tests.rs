use super::*;
use crate::show::experiment::{Choice, Words, Wrong};
use check::words::WIDTH;
use common::text::{Lang, Text};

const fn same(text: &'static str) -> Text {
    Text { en: text, zh: text }
}

const WORDS: Words = Words {
    idea: same("a system that differs is told"),
    question: same("What are one and one?"),
    choices: &[
        Choice { measured: "3", words: same("three") },
        Choice { measured: "2", words: same("two") },
    ],
    predict: same("Two."),
    why: same("Because."),
    mend: same("Nothing."),
    wrong: &[Wrong { document: "003", words: same("they are not eleven") }],
    sources: &["RFC 791"],
    next: &[],
};

const ODD: Experiment = Experiment {
    name: "odd",
    rows: &[],
    tutorials: &["003:131"],
    lesson: "tcp-echo",
    words: &WORDS,
    run: |report| {
        report.decide("one and one", 2, 3);
        Ok(())
    },
    source: code::Source { path: "nowhere.rs", text: "" },
};

const EVEN: Experiment = Experiment {
    run: |report| {
        report.decide("one and one", 2, 2);
        Ok(())
    },
    ..ODD
};

/// What is printed, and whether all was as predicted.
fn shown(experiment: &Experiment) -> (String, bool) {
    let mut out = Vec::new();
    let (tally, _) = perform(experiment, &mut Page::new(&mut out, WIDTH), None, false).unwrap();
    (String::from_utf8(out).unwrap(), tally.is_as_predicted())
}

/// The same for a learner who types this into a pipe.
fn asked(experiment: &Experiment, typed: &str) -> (String, Compared) {
    let mut out = Vec::new();
    let mut learner = Learner { keys: &mut typed.as_bytes(), echoes: false };
    let page = &mut Page::new(&mut out, WIDTH);
    let (_, compared) = perform(experiment, page, Some(&mut learner), false).unwrap();
    (String::from_utf8(out).unwrap(), compared)
}

#[test]
fn an_observation_that_differs_is_said_and_gives_status_1() {
    let (text, as_predicted) = shown(&ODD);
    assert!(!as_predicted);
    assert!(text.contains("✗ one and one: predicted 2, seen 3"), "{text}");
    assert!(text.contains("this system differs in 1 of 1"), "{text}");
}

#[test]
fn an_observation_as_predicted_is_said_and_gives_status_0() {
    let (text, as_predicted) = shown(&EVEN);
    assert!(as_predicted && text.contains("✓ one and one: 2"), "{text}");
    assert!(text.contains("⚠ they are not eleven"), "{text}");
}

#[test]
fn a_prediction_is_compared_with_what_was_measured_and_not_with_what_was_expected() {
    for (experiment, typed, words, compared) in [
        (&EVEN, "b\n", "right: b) two is what was measured", Compared::Right),
        (&ODD, "b\n", "you predicted b) two\n    measured was a) three", Compared::Wrong),
        (&ODD, "1\n", "right: a) three is what was measured", Compared::Right),
        (&EVEN, "x\n\nA\n", "measured was b) two", Compared::Wrong),
        (&EVEN, "q\n", "measured was b) two", Compared::Uncompared),
        (&EVEN, "", "measured was b) two", Compared::Uncompared),
    ] {
        let (text, result) = asked(experiment, typed);
        assert!(text.contains(words), "{typed:?}: {text}");
        assert_eq!(result, compared, "{typed:?}: {text}");
    }
}

#[test]
fn nothing_is_explained_before_the_prediction() {
    let (text, _) = asked(&EVEN, "b\n");
    let (before, after) = text.split_once("Your prediction (a to b, q skips): b\n").unwrap();
    for hidden in ["differs is told", "Two.", "Because.", "eleven", "003"] {
        assert!(!before.contains(hidden), "{hidden}: {before}");
    }
    assert!(after.contains("differs is told") && after.contains("Because."), "{after}");
    assert!(after.find("✓ one and one").unwrap() < after.find("right: b)").unwrap(), "{after}");
}

#[test]
fn a_measurement_that_is_no_choice_or_was_not_made_is_said_to_be_so() {
    let strange = Experiment {
        run: |report| {
            report.decide("one and one", 2, 11);
            Ok(())
        },
        ..ODD
    };
    let (text, compared) = asked(&strange, "a\n");
    assert!(text.contains("measured was 11, which is none of the choices"), "{text}");
    assert_eq!(compared, Compared::Wrong);
    let impossible = Experiment {
        run: |report| {
            report.cannot("no numbers");
            Ok(())
        },
        ..ODD
    };
    let (text, compared) = asked(&impossible, "a\n");
    assert!(text.contains("this system does not allow it to be measured"), "{text}");
    assert_eq!(compared, Compared::Uncompared);
}

#[test]
fn an_experiment_without_a_single_check_shows_nothing() {
    let idle = Experiment { run: |_| Ok(()), ..ODD };
    assert!(perform(&idle, &mut Page::new(Vec::new(), WIDTH), None, false).is_err());
}

#[test]
fn a_reader_who_has_left_ends_the_experiment_with_an_error() {
    struct Gone;
    impl io::Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    assert!(perform(&ODD, &mut Page::new(Gone, WIDTH), None, false).is_err());
}

#[test]
fn a_mistyped_name_is_answered_with_the_one_that_was_meant() {
    assert!(chosen("stick").unwrap_err().contains("sticky"));
    assert!(chosen("xyzzy").unwrap_err().contains("cargo lab list"));
    assert!(matches!(chosen("all"), Ok(Chosen::All)));
}

#[test]
fn every_experiment_says_all_that_it_has_to_say_in_both_languages() {
    for (at, experiment) in experiments::ALL.iter().enumerate() {
        let Experiment { name, rows, tutorials, lesson, words, .. } = experiment;
        let wrong = || words.wrong.iter().map(|wrong| wrong.words);
        let said = [words.idea, words.question, words.predict, words.why, words.mend];
        let choices = words.choices.iter().map(|choice| choice.words);
        let about = words.next.iter().filter_map(|next| next.about);
        for text in said.into_iter().chain(choices).chain(about).chain(wrong()) {
            for language in [Lang::En, Lang::Zh] {
                assert!(!text.words_in(language).trim().is_empty(), "{name}: {text:?}");
            }
        }
        for text in said.into_iter().chain(wrong()) {
            assert!(text.zh.chars().any(is_chinese), "{name}: {text:?}");
            assert!(!text.en.chars().any(is_chinese_mark), "{name}: {text:?}");
            assert!(!half_width_mark(text.zh), "{name}: {}", text.zh);
        }
        assert!((2..=4).contains(&words.choices.len()), "{name}");
        assert!(words.question.en.ends_with('?') && words.question.zh.ends_with('？'), "{name}");
        assert!(!rows.is_empty() && !tutorials.is_empty() && !words.next.is_empty(), "{name}");
        assert!(!words.sources.is_empty(), "{name}");
        for wrong in words.wrong {
            let speaks = |place: &&str| place.starts_with(wrong.document);
            assert!(tutorials.iter().any(speaks), "{name}: {wrong:?}");
        }
        assert!(experiments::ALL[..at].iter().all(|earlier| earlier.name != *name), "{name} twice");
        let readme = format!("{}/../../{lesson}", env!("CARGO_MANIFEST_DIR"));
        assert!(std::path::Path::new(&readme).is_dir(), "{name}: no lesson {lesson}");
    }
}

fn is_chinese(letter: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&letter)
}

fn is_chinese_mark(letter: char) -> bool {
    "，。；：？！（）".contains(letter)
}

/// A mark of English right behind a Chinese character.
fn half_width_mark(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    letters.windows(2).any(|pair| is_chinese(pair[0]) && ",;:?!()".contains(pair[1]))
}

#[test]
fn no_two_choices_of_a_question_are_the_same() {
    for experiment in experiments::ALL {
        let choices = experiment.words.choices;
        for (at, choice) in choices.iter().enumerate() {
            for other in &choices[..at] {
                assert_ne!(choice.measured, other.measured, "{}", experiment.name);
                for language in [Lang::En, Lang::Zh] {
                    let words = |choice: &Choice| choice.words.words_in(language);
                    assert_ne!(words(choice), words(other), "{}", experiment.name);
                }
            }
        }
    }
}

#[test]
fn a_source_is_an_rfc_a_manual_page_or_a_name_with_a_place() {
    for experiment in experiments::ALL {
        for source in experiment.words.sources {
            let page = |rest: &str| {
                rest.split_once(' ').is_some_and(|(section, name)| {
                    section.len() == 1 && !name.is_empty() && !name.contains(' ')
                })
            };
            let known = source.strip_prefix("man ").is_some_and(page)
                || source
                    .strip_prefix("RFC ")
                    .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
                || source.contains('/')
                || source.contains('§')
                || source.contains("::")
                || source.contains("socket.makefile");
            assert!(known, "{}: {source}", experiment.name);
        }
    }
}

/// The RFCs and manual pages that words name: `RFC 896`, `man 2 recv`.
fn named(words: &str) -> std::collections::BTreeSet<String> {
    let words: Vec<&str> =
        words.split(|letter: char| " `()（），。；、,;.".contains(letter)).collect();
    let is_number = |word: &str| word.starts_with(|letter: char| letter.is_ascii_digit());
    let rfcs = words.windows(2).filter(|pair| pair[0].ends_with("RFC") && is_number(pair[1]));
    let rfcs = rfcs.map(|pair| format!("RFC {}", pair[1]));
    let pages = words.windows(3).filter(|three| three[0] == "man");
    rfcs.chain(pages.map(|three| format!("{} {} {}", three[0], three[1], three[2]))).collect()
}

#[test]
fn what_a_sentence_names_stands_among_the_sources_and_in_both_languages() {
    let mut checked = 0;
    for experiment in experiments::ALL {
        let words = experiment.words;
        let wrong = words.wrong.iter().map(|wrong| wrong.words);
        for text in [words.idea, words.predict, words.why, words.mend].into_iter().chain(wrong) {
            let (english, chinese) = (named(text.en), named(text.zh));
            assert_eq!(english, chinese, "{}", experiment.name);
            for source in english {
                let listed = |listed: &&str| {
                    let rest = listed.strip_prefix(source.as_str());
                    rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
                };
                assert!(words.sources.iter().any(listed), "{}: {source}", experiment.name);
                checked += 1;
            }
        }
    }
    assert!(checked > 2 * experiments::ALL.len(), "{checked}");
}

/// Every command that an experiment names, as it is pasted.
fn commands() -> impl Iterator<Item = &'static str> {
    let next = experiments::ALL.iter().flat_map(|experiment| experiment.words.next);
    next.map(|next| next.command)
}

/// Every command of the list, without what is said about it in parentheses. Some of them show
/// an error.
fn listed() -> impl Iterator<Item = &'static str> {
    crate::list::commands().map(|command| command.split("   (").next().unwrap())
}

#[test]
fn the_commands_of_experiments_can_be_pasted_as_they_are() {
    for experiment in experiments::ALL {
        for Next { command, .. } in experiment.words.next {
            let words = shell_words::split(command).unwrap();
            let lab = words.starts_with(&["cargo".to_owned(), "lab".to_owned()]);
            let run = command.starts_with("cargo run -q -p ");
            assert!(lab || run, "{}: {command}", experiment.name);
            // Nothing that another shell would read otherwise.
            let read_by_a_shell = |letter| r"|&><$`'\*?[{(~!#".contains(letter);
            assert!(!command.contains(read_by_a_shell), "{command}");
        }
    }
}

#[test]
fn experiments_and_subcommands_that_are_named_exist_with_their_options() {
    use clap::CommandFactory as _;
    let mut checked = 0;
    for command in commands().chain(listed()) {
        let words = shell_words::split(command).unwrap();
        let Some(words) = words.strip_prefix(&["cargo".to_owned(), "lab".to_owned()]) else {
            continue;
        };
        let given = std::iter::once("lab").chain(words.iter().map(String::as_str));
        let fine = match crate::Arguments::command().try_get_matches_from(given) {
            Ok(_) => true,
            Err(error) => error.kind() == clap::error::ErrorKind::DisplayHelp,
        };
        assert!(fine, "{command}");
        checked += 1;
    }
    assert!(checked > experiments::ALL.len());
}

#[test]
fn programs_that_are_named_exist_and_take_what_they_are_given() {
    let mut checked = std::collections::HashSet::new();
    for command in commands() {
        for run in command.split("cargo run -q -p ").skip(1) {
            let words = shell_words::split(run).unwrap();
            let dashes = words.iter().position(|word| word == "--").unwrap_or(words.len());
            let (cargo, given) = words.split_at(dashes);
            let program = match cargo {
                [package, bin, program] if bin == "--bin" => {
                    assert!(program.starts_with(package.as_str()), "{command}");
                    program.clone()
                }
                [package] => format!("{package}-server"),
                _ => panic!("{command}"),
            };
            if !checked.insert((program.clone(), given.to_vec())) {
                continue;
            }
            // Help is shown when all before it was understood. What is behind the options of a
            // remote command is the command.
            let mut given: Vec<_> = given.iter().skip(1).map(String::as_str).collect();
            let is_option = |at: usize| given[at].starts_with("--");
            let payload =
                (0..given.len()).find(|at| !is_option(*at) && (*at == 0 || !is_option(at - 1)));
            let remote = program == "remote-cmd-client";
            let at = payload.filter(|_| remote).unwrap_or(given.len());
            given.insert(at, "--help");
            let help = harness::Program::new(harness::binary(&program)).args(given).run();
            assert!(help.code == Some(0), "{command}: {}", help.err());
        }
    }
}

#[test]
fn programs_and_options_that_the_list_names_exist() {
    for command in listed() {
        for run in command.split("cargo run -q -p ").skip(1) {
            let words: Vec<_> = run.split_whitespace().take_while(|word| *word != "&").collect();
            let program = words.iter().position(|word| *word == "--bin");
            let program =
                program.map_or(format!("{}-server", words[0]), |at| words[at + 1].to_owned());
            let help =
                harness::Program::new(harness::binary(&program)).arg("--help").start().wait();
            help.assert_code(0);
            for option in words
                .iter()
                .skip_while(|word| **word != "--")
                .filter(|word| word.len() > 2 && word.starts_with("--"))
            {
                assert!(help.out().contains(option), "{command}: {program} has no {option}");
            }
        }
    }
}
