//! What the README shows of the client is what happens.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod play;

use harness::{Exit, Program, Server};
use play::Play;

const README: &str = include_str!("../README.md");

/// A command of a console block, and the lines below it.
struct Shown {
    command: &'static str,
    lines: Vec<&'static str>,
}

/// All commands of the README's console blocks, up to the part that is about the server.
fn commands() -> Vec<Shown> {
    let mut commands: Vec<Shown> = Vec::new();
    let about_the_client = README.split("\n## The server\n").next().unwrap();
    for block in about_the_client.split("```console\n").skip(1) {
        for line in block.split("```").next().unwrap().lines() {
            match line.strip_prefix("$ ") {
                Some(command) => commands.push(Shown { command, lines: Vec::new() }),
                None => commands.last_mut().unwrap().lines.push(line),
            }
        }
    }
    commands
}

/// What a person sees on the terminal: the head, then what else is said, then a body that goes there.
fn seen(exit: &Exit, body_on_terminal: bool) -> Vec<String> {
    let text = if body_on_terminal { exit.err() + &exit.out() } else { exit.out() + &exit.err() };
    text.lines().map(str::to_owned).collect()
}

/// What `printf` writes.
fn printed(format: &str) -> String {
    format.replace("\\r", "\r").replace("\\n", "\n")
}

#[test]
fn each_answer_by_hand_has_the_effect_shown() {
    let play = Play::new();
    let addr = play.server.addr().to_string().replace("127.0.0.1", "localhost");
    let here = |line: &str| line.replace("localhost:8081", &addr);
    let mut answer: Option<(String, Vec<&str>)> = None;
    let mut runs = 0;
    for Shown { command, lines } in commands() {
        if let Some(rest) = command.strip_prefix("printf '") {
            let format = rest.strip_suffix("' | ncat -l 8081").unwrap();
            answer = Some((printed(format), lines));
        } else if command.starts_with("http-fetch-client ") && command.contains("localhost:8081") {
            let (answer, request_shown) = answer.take().unwrap();
            let args: Vec<_> = command.split(' ').skip(1).map(here).collect();
            let client = Program::new(env!("CARGO_BIN_EXE_http-fetch-client"))
                .dir(play.dir.path())
                .args(&args)
                .start();
            let request = play.answer(answer);
            let exit = client.wait();
            let wanted: Vec<_> = lines.iter().map(|line| here(line)).collect();
            assert_eq!(seen(&exit, command.ends_with(" -o -")), wanted, "{command}");
            if !request_shown.is_empty() {
                let request: Vec<_> = request.lines().filter(|line| !line.is_empty()).collect();
                let shown: Vec<_> = request_shown.iter().map(|line| here(line)).collect();
                assert_eq!(request, shown);
            }
            runs += 1;
        } else if let Some(file) = command.strip_prefix("cat ").filter(|file| play.path(file).exists()) {
            assert_eq!(play.text(file), lines.join("\n"), "{file}");
        }
    }
    assert_eq!(runs, 5);
    assert_eq!(play.text("greeting"), "helloworld");
}

#[test]
fn the_two_terminals_show_what_is_printed_there() {
    let commands = commands();
    let client = "cargo run -p http-fetch --bin http-fetch-client localhost:8080";
    let at = commands.iter().position(|shown| shown.command.starts_with(client)).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(env!("CARGO_BIN_EXE_http-fetch-server"), &[]);
    let program = Program::new(env!("CARGO_BIN_EXE_http-fetch-client")).dir(dir.path());
    let exit = program.arg(server.addr().to_string()).run();
    exit.assert_code(0);
    let without_date = |line: &String| !line.starts_with("Date: ");
    let wanted: Vec<_> =
        commands[at].lines.iter().map(|line| (*line).to_owned()).filter(without_date).collect();
    assert_eq!(seen(&exit, false).into_iter().filter(without_date).collect::<Vec<_>>(), wanted);
    assert_eq!(commands[at + 1].command, "cat index.html");
    let page = std::fs::read_to_string(dir.path().join("index.html")).unwrap();
    assert_eq!(page.trim_end(), commands[at + 1].lines.join("\n"));
}

#[test]
fn the_request_shown_is_the_one_sent() {
    let request = http_fetch::request::get(&"www.baidu.com".parse().unwrap(), None);
    let block = README.split("```text\n").find(|block| block.starts_with("GET / ")).unwrap();
    let shown: Vec<_> = block.lines().take(4).map(|line| &line[..line.find("\\n").unwrap() + 2]).collect();
    assert_eq!(printed(&shown.concat()).as_bytes(), request);
    assert!(README.contains(&format!("send … {} \"{}\"…", request.len(), request[..32].escape_ascii())));
}
