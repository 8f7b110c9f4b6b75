//! How a command ended, and what the tutorial's framings say of it.

use std::fmt;
use std::time::Duration;

/// How a command ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommandEnd {
    /// By itself, with this status (Unix: 0 to 255).
    Exit(i32),
    /// Killed by this signal.
    Signal(i32),
    /// Killed by the server, since it ran longer than this.
    TimeLimit(Duration),
    /// Killed by the server, since it printed more than so many bytes.
    OutputLimit(u64),
    /// It never ran, and why.
    NotRun(String),
}

impl fmt::Display for CommandEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exit(status) => write!(f, "exit status {status}"),
            Self::Signal(number) => match signal_name(*number) {
                Some(name) => write!(f, "killed by signal {number} ({name})"),
                None => write!(f, "killed by signal {number}"),
            },
            Self::TimeLimit(limit) => {
                write!(
                    f,
                    "the command was killed after {} s, the server's --run-timeout",
                    limit.as_secs_f64()
                )
            }
            Self::OutputLimit(limit) => {
                write!(
                    f,
                    "the command was killed after {limit} bytes of output, the server's --max-output"
                )
            }
            Self::NotRun(reason) => f.write_str(reason),
        }
    }
}

/// The names of the signals that have the same number on every Unix (signal(7), POSIX `kill -l`).
/// The name of a signal, of those that programs are ended by.
pub fn signal_name(number: i32) -> Option<&'static str> {
    Some(match number {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        6 => "SIGABRT",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        14 => "SIGALRM",
        15 => "SIGTERM",
        _ => return None,
    })
}

/// The longest answer that the client takes in the framings `ack` and `prefix`, in bytes. A length
/// sent in the wrong byte order is above it: 3 would be 50,331,648.
pub const MAX_ANSWER: usize = 32 << 20;

/// What the tutorial answers when a command printed nothing, whether it succeeded or not.
pub const SUCCESS: &[u8] = b"action success!";

/// The answer of the framings `ack`, `prefix` and `none`, which have room for one text only.
///
/// It is stderr if there is any, else stdout, else [`SUCCESS`]: so the tutorial has it, and so its
/// clients expect it. stdout is lost beside stderr, and so is the exit status. What the tutorial
/// does not tell at all, a command that was killed or never ran, is told here in a line of its own.
pub fn answer(stdout: Vec<u8>, stderr: Vec<u8>, outcome: &CommandEnd) -> Vec<u8> {
    let mut answer = if stderr.is_empty() { stdout } else { stderr };
    match outcome {
        CommandEnd::Exit(_) if answer.is_empty() => SUCCESS.to_vec(),
        CommandEnd::Exit(_) => answer,
        CommandEnd::Signal(_) => {
            if answer.last().is_some_and(|&byte| byte != b'\n') {
                answer.push(b'\n');
            }
            answer.extend(format!("{outcome}\n").into_bytes());
            answer
        }
        CommandEnd::TimeLimit(_) | CommandEnd::OutputLimit(_) | CommandEnd::NotRun(_) => {
            format!("error: {outcome}\n").into_bytes()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer_of(stdout: &str, stderr: &str, outcome: &CommandEnd) -> String {
        String::from_utf8(answer(stdout.into(), stderr.into(), outcome)).unwrap()
    }

    #[test]
    fn the_answer_is_stderr_else_stdout_else_the_tutorials_words() {
        assert_eq!(answer_of("out\n", "err\n", &CommandEnd::Exit(0)), "err\n");
        assert_eq!(answer_of("out\n", "", &CommandEnd::Exit(0)), "out\n");
        assert_eq!(answer_of("", "", &CommandEnd::Exit(0)), "action success!");
        assert_eq!(answer_of("", "", &CommandEnd::Exit(3)), "action success!");
    }

    #[test]
    fn a_command_killed_by_a_signal_is_never_called_a_success() {
        assert_eq!(answer_of("", "", &CommandEnd::Signal(9)), "killed by signal 9 (SIGKILL)\n");
        assert_eq!(answer_of("half", "", &CommandEnd::Signal(64)), "half\nkilled by signal 64\n");
        assert_eq!(
            answer_of("whole\n", "", &CommandEnd::Signal(15)),
            "whole\nkilled by signal 15 (SIGTERM)\n"
        );
    }

    #[test]
    fn an_error_by_limit_names_the_option() {
        let slow = answer_of("out", "", &CommandEnd::TimeLimit(Duration::from_millis(1500)));
        assert_eq!(slow, "error: the command was killed after 1.5 s, the server's --run-timeout\n");
        let loud = answer_of("out", "", &CommandEnd::OutputLimit(1000));
        assert_eq!(
            loud,
            "error: the command was killed after 1000 bytes of output, the server's --max-output\n"
        );
    }
}
