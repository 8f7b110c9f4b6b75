//! Programs that ask a person at a terminal.

use harness::pairs::{PAIRS, Pair, VARIANTS};
#[cfg(unix)]
use harness::{Program, binary};
use harness::{Server, Signal, Terminal, each_pair};

/// A client at its prompt.
fn asking(pair: &Pair, server: &Server) -> Terminal {
    let terminal = Terminal::start(pair.client_to(&server.addr().to_string()), 100, 30);
    terminal.wait_screen(|screen| screen.contains(pair.prompt.trim_end()));
    terminal
}

fn that_ask() -> impl Iterator<Item = &'static Pair> {
    PAIRS.iter().chain(&VARIANTS).filter(|pair| !pair.prompt.is_empty())
}

#[test]
fn a_line_from_a_pipe_says_the_same_as_an_argument_and_there_is_no_prompt() {
    each_pair(that_ask(), |pair| {
        let server = pair.serve(&[]);
        let client = pair.client_to(&server.addr().to_string()).start();
        client.line(pair.line);
        client.close_stdin();
        let exit = client.wait();
        exit.assert_code(0);
        assert_eq!(exit.out(), pair.converse(pair.serve(&[]).addr()).out());
        assert!(!exit.out().contains(pair.prompt) && !exit.err().contains(pair.prompt), "{exit:?}");
    });
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn what_is_typed_at_the_prompt_is_said_and_ctrl_d_ends_in_good_order() {
    each_pair(that_ask(), |pair| {
        let server = pair.serve(&[]);
        let client = asking(pair, &server);
        client.keys(format!("{}\r", pair.line));
        client.wait_text(pair.hears);
        client.wait_screen(|screen| screen.trim_end().ends_with(pair.prompt.trim_end()));
        client.keys("\x04");
        client.wait().assert_code(0);
        assert!(client.is_as_found(), "the terminal is not as it was found");
        pair.converse(server.addr());
    });
}

#[test]
#[cfg_attr(not(unix), ignore = "Windows has no signals")]
fn a_signal_at_the_prompt_leaves_the_terminal_as_it_was_found() {
    each_pair(that_ask(), |pair| {
        for signal in [Signal::SIGTERM, Signal::SIGINT] {
            // As in a shell, Ctrl+C gives up the line being typed, not the session.
            if signal == Signal::SIGINT && pair.server == "remote-cmd-server" {
                continue;
            }
            let server = pair.serve(&[]);
            let client = asking(pair, &server);
            client.signal(signal);
            client.wait().assert_code(130);
            assert!(client.is_as_found(), "{signal:?}: the terminal is not as it was found");
        }
    });
}

#[test]
#[cfg(unix)]
fn a_signal_that_ends_a_program_at_once_leaves_the_terminal_as_it_was_found() {
    each_pair(that_ask(), |pair| {
        let server = pair.serve(&[]);
        for signal in [Signal::SIGQUIT, Signal::SIGUSR1, Signal::SIGALRM, Signal::SIGVTALRM] {
            let client = asking(pair, &server);
            client.signal(signal);
            let exit = client.wait();
            assert_eq!(exit.code, None, "{exit:?}");
            assert!(client.is_as_found(), "{signal:?}: the terminal is not as it was found");
        }
    });
}

#[test]
#[cfg(unix)]
fn ctrl_z_gives_the_shell_its_terminal_back_and_fg_goes_on() {
    each_pair(PAIRS.iter().filter(|pair| !pair.prompt.is_empty()), |pair| {
        let server = pair.serve(&[]);
        let shell = Program::new("/bin/sh").arg("-i").env("PS1", "shell: ").env("ENV", "");
        let terminal = Terminal::start(shell, 200, 30);
        terminal.wait_text("shell: ");
        let before = terminal.settings();
        let at_prompt = |prompt: &'static str| {
            terminal.wait_screen(move |screen| screen.trim_end().ends_with(prompt.trim_end()));
        };
        let client = binary(pair.client);
        terminal.keys(format!("{} --addr {}\r", client.display(), server.addr()));
        at_prompt(pair.prompt);
        terminal.keys(b"\x1a");
        at_prompt("shell:");
        assert_eq!(terminal.settings(), before);
        terminal.keys("fg\r");
        at_prompt(pair.prompt);
        terminal.keys(format!("{}\r", pair.line));
        terminal.wait_text(pair.hears);
        at_prompt(pair.prompt);
        terminal.keys(b"\x04");
        at_prompt("shell:");
        terminal.keys("exit\r");
        terminal.wait();
    });
}

#[test]
#[cfg_attr(not(unix), ignore = "of a console of Windows, Wine shows no screen")]
fn ctrl_c_on_the_servers_terminal_ends_it_with_status_0() {
    each_pair(PAIRS.iter().chain(&VARIANTS), |pair| {
        let server = Terminal::start(pair.server_at("127.0.0.1:0"), 100, 30);
        server.wait_text("listening on ");
        server.keys("\x03");
        server.wait().assert_code(0);
        assert!(server.is_as_found(), "the terminal is not as it was found");
    });
}

#[test]
#[cfg_attr(not(unix), ignore = "Windows has no signals")]
fn a_server_whose_terminal_is_closed_ends() {
    each_pair(PAIRS.iter().chain(&VARIANTS), |pair| {
        let server = Terminal::start(pair.server_at("127.0.0.1:0"), 100, 30);
        server.wait_text("listening on ");
        // What a terminal's end sends to its foreground programs.
        server.signal(Signal::SIGHUP);
        server.wait().assert_code(0);
    });
}
