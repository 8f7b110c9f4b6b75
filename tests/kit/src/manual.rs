//! Manual pages, in section 1, one for each program and each command of the laboratory.

use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use clap::Command;
use clap_mangen::Man;
use common::text::{Lang, list, speaking};
use roff::{Roff, roman};

use crate::{text, write};

/// Writes the pages of all programs into `man1`, the Chinese ones where `man` looks for them.
pub(crate) fn write_all(programs: &[Command], folder: &Path, language: Lang) -> anyhow::Result<()> {
    let folder = match language {
        Lang::En => folder.join("man1"),
        Lang::Zh => folder.join("zh_CN").join("man1"),
    };
    for program in programs {
        write_with_subcommands(program, program.get_name(), &folder, language)?;
    }
    Ok(())
}

/// `lab-tour.1` is the page of `lab tour`, as `git-log.1` is that of `git log`.
fn write_with_subcommands(
    command: &Command,
    call: &str,
    folder: &Path,
    language: Lang,
) -> anyhow::Result<()> {
    let name = call.replace(' ', "-");
    let page = page(command, call, &name, language)
        .with_context(|| text::cannot_make(format!("{name}.1")))?;
    write(&folder.join(format!("{name}.1")), page)?;
    command.get_subcommands().try_for_each(|subcommand| {
        let call = format!("{call} {}", subcommand.get_name());
        write_with_subcommands(subcommand, &call, folder, language)
    })
}

fn page(command: &Command, call: &str, name: &str, language: Lang) -> anyhow::Result<String> {
    let mut command = command.clone().name(name.to_owned().leak() as &str).bin_name(call);
    let examples = command.get_before_help().map(ToString::to_string);
    let notes = command.get_after_help().map(ToString::to_string);
    command.build();
    let version = command.get_version().unwrap_or(env!("CARGO_PKG_VERSION")).to_owned();
    let is_parent = command.has_subcommands();
    let others = see_also(call, &command);
    let man = Man::new(command)
        .title(name)
        .source(format!("Two Terminals {version}"))
        .manual("Two Terminals");
    let mut page = b"'\\\" -*- coding: UTF-8 -*-\n".to_vec();
    man.render_title(&mut page)?;
    // Nothing is stretched: Chinese has hardly a blank to stretch, and an option stays in one
    // piece.
    Roff::new().control("ad", ["l"]).control("nh", []).to_writer(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    let headings = speaking(language, Headings::new);
    if let Some(examples) = examples {
        // The first line is the heading.
        let lines = examples.lines().skip(1).map(|line| line.strip_prefix("  ").unwrap_or(line));
        section(headings.examples, lines).to_writer(&mut page)?;
    }
    man.render_options_section(&mut page)?;
    if is_parent {
        man.render_subcommands_section(&mut page)?;
    }
    if let Some(notes) = notes {
        section(headings.notes, notes.lines()).to_writer(&mut page)?;
    }
    if !others.is_empty() {
        let mut end = Roff::new();
        let others = speaking(language, || list(&others));
        end.control("SH", [headings.see_also]).text([roman(others)]);
        // Without a blank behind it, a mark has to say that a line may end there.
        page.extend(end.render().replace('、', "、\\:").into_bytes());
    }
    page.flush()?;
    let page = String::from_utf8(page)?;
    Ok(match language {
        Lang::En => page,
        Lang::Zh => in_chinese(&page),
    })
}

/// Lines that stay as they are.
fn section<'a>(heading: &str, lines: impl Iterator<Item = &'a str>) -> Roff {
    let mut section = Roff::new();
    section.control("SH", [heading]).control("nf", []);
    for line in lines {
        section.text([roman(line)]);
    }
    section.control("fi", []);
    section
}

/// The other program of a pair; of a command the whole, and the other way round.
fn see_also(call: &str, command: &Command) -> Vec<String> {
    let page = |name: &str| format!("{}(1)", name.replace(' ', "-"));
    if let Some(lesson) = call.strip_suffix("-server") {
        return vec![page(&format!("{lesson}-client"))];
    }
    if let Some(lesson) = call.strip_suffix("-client") {
        return vec![page(&format!("{lesson}-server"))];
    }
    match call.rsplit_once(' ') {
        Some((parent, _)) => vec![page(parent)],
        None => command
            .get_subcommands()
            .map(|subcommand| page(&format!("{call} {}", subcommand.get_name())))
            .collect(),
    }
}

/// Those of sections that the library does not write.
struct Headings {
    examples: &'static str,
    notes: &'static str,
    see_also: &'static str,
}

impl Headings {
    fn new() -> Self {
        Self { examples: text::examples(), notes: text::notes(), see_also: text::see_also() }
    }
}

/// What the library says by itself, in Chinese.
fn in_chinese(page: &str) -> String {
    let sections = [
        (".SH NAME", ".SH 名称"),
        (".SH SYNOPSIS", ".SH 概要"),
        (".SH DESCRIPTION", ".SH 描述"),
        (".SH OPTIONS", ".SH 选项"),
        (".SH SUBCOMMANDS", ".SH 命令"),
    ];
    let mut chinese = String::new();
    for line in page.lines() {
        match sections.iter().find(|(english, _)| *english == line) {
            Some((_, heading)) => chinese.push_str(heading),
            None => chinese.push_str(
                &line
                    .replace("[default: ", "[默认：")
                    .replace("[possible values: ", "[可选值：")
                    .replace("Possible values:", "可选值："),
            ),
        }
        chinese.push('\n');
    }
    chinese
}
