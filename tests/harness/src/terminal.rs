//! A program on a terminal, with a keyboard and a screen in the test's hands.

mod screen;

use std::io::Write;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};

use crate::output::Output;
use crate::watched::Watched;
use crate::witness::{Ended, Witness};
use crate::{Program, Running, Wanted, patience};
use screen::Screen;

/// A program that runs on a terminal of its own: its standard streams are a PTY, and what it writes
/// appears on a screen. Dropped, the program is killed and reaped.
pub struct Terminal {
    running: Running,
    screen: Arc<Watched<Screen>>,
    keyboard: Sender<Vec<u8>>,
    master: Box<dyn MasterPty + Send>,
    /// The settings of the line before the program was started.
    found: String,
}

impl Terminal {
    /// Starts `program` on a screen of `cols` columns and `rows` rows, with `TERM=xterm-256color`.
    ///
    /// # Panics
    ///
    /// When there is no PTY or the program cannot be started.
    #[track_caller]
    pub fn start(program: Program, cols: u16, rows: u16) -> Self {
        let pair = native_pty_system().openpty(size(cols, rows)).expect("a PTY");
        let found = settings(&*pair.master);
        let line = program.command_line();
        let mut child = pair
            .slave
            .spawn_command(command(&program))
            .unwrap_or_else(|e| panic!("cannot start {line}: {e}"));
        // The master sees the end only when nobody else holds the slave.
        drop(pair.slave);
        let reader = pair.master.try_clone_reader().expect("a reader of the PTY");
        let keyboard = type_on(pair.master.take_writer().expect("a writer of the PTY"));

        let screen = Arc::new(Watched::new(Screen::new(cols, rows, keyboard.clone())));
        let raw = Output::default();
        screen::draw(reader, Arc::clone(&screen), Arc::clone(&raw));

        let id = child.process_id().expect("a process id");
        let witness = Arc::new(Witness::new(
            line,
            id,
            raw,
            crate::output::collect(None::<std::io::Empty>, 0),
        ));
        let reaped = Arc::clone(&witness);
        std::thread::spawn(move || {
            let status = child.wait().ok();
            // portable-pty tells the signal by name only.
            let code = status
                .filter(|status| status.signal().is_none())
                .map(|status| status.exit_code() as i32);
            reaped.ended.update(|ended| *ended = Some(Ended { code, signal: None }));
        });
        Terminal { running: Running(witness), screen, keyboard, master: pair.master, found }
    }

    /// Presses keys: Enter is `\r`, Ctrl+C `\x03`, Ctrl+D `\x04`, Up `\x1b[A`.
    pub fn keys(&self, keys: impl AsRef<[u8]>) {
        let _ = self.keyboard.send(keys.as_ref().to_vec());
    }

    /// What the screen shows now: its rows, without the blanks at their ends, each with a newline
    /// between.
    pub fn screen(&self) -> String {
        self.screen.lock().text()
    }

    /// The cursor's column and row, from 0.
    pub fn cursor(&self) -> (u16, u16) {
        self.screen.lock().cursor()
    }

    /// Waits until the screen is as `shown` wants it, and returns its text.
    ///
    /// # Panics
    ///
    /// When the program ends without, or [`patience`] does; with the screen in the message.
    #[track_caller]
    pub fn wait_screen(&self, shown: impl Fn(&str) -> bool) -> String {
        let result = self.screen.wait(patience(), |screen| {
            let text = screen.text();
            if shown(&text) {
                return Some(Ok(text));
            }
            screen.ended.then_some(Err(text))
        });
        match result {
            Some(Ok(text)) => text,
            Some(Err(text)) => {
                panic!(
                    "the program let go of the terminal before the screen was as wanted:\n{text}"
                )
            }
            None => {
                panic!("the screen is not as wanted after {:?}:\n{}", patience(), self.screen())
            }
        }
    }

    /// Waits for `limit` at most until the screen is as `shown` wants it, or the program has let go
    /// of the terminal. Returns the text of the screen then, and whether it is as wanted.
    pub fn wait_screen_within(
        &self,
        limit: Duration,
        shown: impl Fn(&str) -> bool,
    ) -> (String, bool) {
        let result = self.screen.wait(limit, |screen| {
            let text = screen.text();
            let wanted = shown(&text);
            (wanted || screen.ended).then_some((text, wanted))
        });
        result.unwrap_or_else(|| (self.screen(), false))
    }

    /// Waits until the screen shows `text` somewhere.
    ///
    /// # Panics
    ///
    /// As [`wait_screen`](Terminal::wait_screen).
    #[track_caller]
    pub fn wait_text(&self, text: &str) -> String {
        self.wait_screen(|screen| screen.contains(text))
    }

    /// Waits for bytes that the program wrote, control sequences included, and returns all so far.
    ///
    /// # Panics
    ///
    /// When the program ends without, or [`patience`] does.
    #[track_caller]
    pub fn wait_raw(&self, wanted: impl Wanted) -> Vec<u8> {
        self.witness().stdout.wait_for("the terminal", patience(), &wanted)
    }

    /// The settings of the line (`stty -a`), to be compared.
    pub fn settings(&self) -> String {
        settings(&*self.master)
    }

    /// Whether the settings of the line (`stty -a`) are those that the program found. A program
    /// that has ended must have left them so.
    pub fn is_as_found(&self) -> bool {
        self.settings() == self.found
    }

    /// Changes the size of the screen, and tells the program with SIGWINCH.
    ///
    /// # Panics
    ///
    /// When the PTY refuses.
    pub fn resize(&self, cols: u16, rows: u16) {
        self.screen.update(|screen| screen.resize(cols, rows));
        self.master.resize(size(cols, rows)).expect("a new size for the PTY");
    }
}

impl Deref for Terminal {
    type Target = Running;

    fn deref(&self) -> &Running {
        &self.running
    }
}

#[cfg(unix)]
fn settings(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios())
}

#[cfg(not(unix))]
fn settings(_: &dyn MasterPty) -> String {
    String::new()
}

fn size(cols: u16, rows: u16) -> PtySize {
    PtySize { cols, rows, pixel_width: 0, pixel_height: 0 }
}

fn command(program: &Program) -> CommandBuilder {
    let mut command = CommandBuilder::new(&program.path);
    command.args(&program.args);
    command.env("TERM", "xterm-256color");
    for (name, value) in &program.env {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        }
    }
    match (&program.dir, std::env::current_dir()) {
        (Some(dir), _) => command.cwd(dir),
        // Left alone, portable-pty starts programs in the home directory.
        (None, Ok(dir)) => command.cwd(dir),
        (None, Err(_)) => {}
    }
    command
}

fn type_on(mut writer: Box<dyn Write + Send>) -> Sender<Vec<u8>> {
    let (keyboard, keys) = channel::<Vec<u8>>();
    std::thread::spawn(move || {
        for pressed in keys {
            if writer.write_all(&pressed).and_then(|()| writer.flush()).is_err() {
                return;
            }
        }
    });
    keyboard
}
