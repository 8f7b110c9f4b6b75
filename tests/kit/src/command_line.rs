//! The options of each program, as it tells them itself.

use std::env::consts::EXE_SUFFIX;
use std::path::Path;
use std::process::{self, Stdio};

use anyhow::{Context as _, bail};
use clap::{Arg, ArgAction, Command, ValueHint};
use common::text::Lang;
use serde_json::Value;

use crate::programs::{HELPERS, LAB, names};
use crate::{BIN, LIBEXEC, text};

/// The command line of every program that people call.
pub(crate) fn of_all(kit: &Path, language: Lang) -> anyhow::Result<Vec<Command>> {
    let program = |folder: &str, name: &str| {
        of_program(&kit.join(folder).join(format!("{name}{EXE_SUFFIX}")), language)
    };
    let mut all =
        names().map(|name| program(BIN, name)).collect::<anyhow::Result<Vec<Command>>>()?;
    // What `lab` only hands on to a program of its own.
    let mut handed_on = Vec::new();
    for helper in HELPERS {
        handed_on.extend(program(LIBEXEC, helper)?.get_subcommands().cloned());
    }
    let this = std::env::current_exe().with_context(|| text::cannot_run("kit"))?;
    handed_on.push(of_program(&this, language)?);
    for lab in all.iter_mut().filter(|command| command.get_name() == LAB) {
        for command in &handed_on {
            if lab.find_subcommand(command.get_name()).is_some() {
                *lab = lab.clone().mut_subcommand(command.get_name(), |_| command.clone());
            }
        }
    }
    Ok(all)
}

/// Asks a program what stands in its help.
fn of_program(program: &Path, language: Lang) -> anyhow::Result<Command> {
    let told = process::Command::new(program)
        .args(["--command-line-as-json", "--lang", language.code()])
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| text::cannot_run(program.display()))?;
    if !told.status.success() {
        bail!(text::failed(program.display(), told.status));
    }
    let told: Value = serde_json::from_slice(&told.stdout)
        .with_context(|| text::no_command_line(program.display()))?;
    // A command line consists of static words, and this program ends soon.
    command(Box::leak(Box::new(told))).with_context(|| text::no_command_line(program.display()))
}

fn command(told: &'static Value) -> Option<Command> {
    let mut command = Command::new(words(told, "name")?)
        // They are told like all others.
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true);
    if let Some(about) = words(told, "about") {
        command = command.about(about);
    }
    if let Some(about) = words(told, "long_about") {
        command = command.long_about(about);
    }
    if let Some(examples) = words(told, "examples") {
        command = command.before_help(examples);
    }
    if let Some(notes) = words(told, "notes") {
        command = command.after_help(notes);
    }
    if let Some(version) = words(told, "version") {
        command = command.version(version);
    }
    for argument in told.get("arguments")?.as_array()? {
        command = command.arg(self::argument(argument)?);
    }
    let commands = told.get("commands")?.as_array()?.iter();
    for subcommand in commands.filter(|told| words(told, "name") != Some("help")) {
        command = command.subcommand(self::command(subcommand)?);
    }
    Some(command)
}

fn argument(told: &'static Value) -> Option<Arg> {
    let is = |name: &str| told.get(name).and_then(Value::as_bool).unwrap_or_default();
    let list = |name: &str| told.get(name).and_then(Value::as_array).into_iter().flatten();
    let mut argument = Arg::new(words(told, "id")?).required(is("required"));
    if let Some(short) = words(told, "short") {
        argument = argument.short(short.chars().next());
    }
    let long = words(told, "long");
    if let Some(long) = long {
        argument = argument.long(long);
    }
    if let Some(help) = words(told, "help") {
        argument = argument.help(help);
    }
    if let Some(help) = words(told, "long_help") {
        argument = argument.long_help(help);
    }
    if let Some(heading) = words(told, "heading") {
        argument = argument.help_heading(heading);
    }
    if !is("takes_value") {
        let action = if is("many") { ArgAction::Count } else { ArgAction::SetTrue };
        return Some(argument.action(action));
    }
    let is_option = long.is_some() || words(told, "short").is_some();
    argument = match (is("many"), is_option) {
        (true, true) => argument.action(ArgAction::Append),
        (true, false) => argument.num_args(1..),
        (false, _) => argument,
    };
    if let Some(hint) = words(told, "completes") {
        argument = argument.value_hint(hint.parse().unwrap_or(ValueHint::Unknown));
    }
    let choices: Vec<_> = list("choices").filter_map(choice).collect();
    if !choices.is_empty() {
        argument = argument.value_parser(choices);
    }
    Some(
        argument
            .value_names(list("value_names").filter_map(Value::as_str))
            .default_values(list("defaults").filter_map(Value::as_str)),
    )
}

fn choice(told: &'static Value) -> Option<clap::builder::PossibleValue> {
    let choice = clap::builder::PossibleValue::new(words(told, "name")?);
    Some(match words(told, "help") {
        Some(help) => choice.help(help),
        None => choice,
    })
}

fn words(told: &'static Value, name: &str) -> Option<&'static str> {
    told.get(name).and_then(Value::as_str)
}
