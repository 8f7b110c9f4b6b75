//! Does the steps of a check, one after the other, until one is not so.

mod conversation;
mod expect;
mod much;
mod program;
mod starting;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use harness::Process;

use super::diagnosis;
use super::lessons::Suite;
use super::patience::Patience;
use super::program::{Target, TargetError, forget_ended, free_addr, start};
use super::report::{Failure, Report, Verdict};
use super::script::{Check, Peer, Side, Step, Transport};
use super::socket::Socket;
use super::text;

/// After a wrong byte, how long the rest of the answer is waited for, to be shown.
const REST: Duration = Duration::from_millis(100);

/// A program on trial in one lesson.
#[derive(Debug)]
pub struct Trial<'a> {
    /// What it must do.
    pub suite: &'a Suite,
    /// The program.
    pub target: &'a Target,
    /// How long is waited for it.
    pub patience: Patience,
}

impl<'a> Trial<'a> {
    /// One in which an answer may take so long, and no less when a check has failed.
    pub fn new(suite: &'a Suite, target: &'a Target, limit: Duration) -> Self {
        Trial { suite, target, patience: Patience::exactly(limit) }
    }

    /// Does one check, with a program started for it alone where there is a command to start it.
    pub fn run(&self, check: &Check) -> Report {
        let mut steps = Vec::new();
        let verdict = match self.skip(check) {
            Some(why) => Verdict::Skipped(why),
            None => self.verdict(self.perform(check, &mut steps)),
        };
        forget_ended();
        let Check { name, says, why, ideas, .. } = *check;
        Report { name, says, why, ideas, steps, verdict }
    }

    fn verdict(&self, done: Result<(), Failure>) -> Verdict {
        match done {
            Ok(()) => {
                self.patience.hold();
                Verdict::Held
            }
            // The machine was too busy to start it, perhaps: that is found out when it starts
            // alone, and says nothing of the program before.
            Err(failure) if failure.hopeless && self.patience.is_known_to_start() => {
                Verdict::Failed(failure)
            }
            Err(_) if self.patience.is_over() => Verdict::Skipped(text::no_time()),
            Err(failure) => {
                self.patience.fail();
                Verdict::Failed(failure)
            }
        }
    }

    fn skip(&self, check: &Check) -> Option<&'static str> {
        if self.patience.is_over() {
            return Some(text::no_time());
        }
        let running = matches!(self.target, Target::Running(_));
        let needs =
            self.suite.side == Side::Client || check.steps.iter().any(Step::needs_the_program);
        (running && needs).then(text::needs_command)
    }

    fn perform(&self, check: &Check, steps: &mut Vec<String>) -> Result<(), Failure> {
        let mut stage = Stage::set(self, check)?;
        for step in &check.steps {
            steps.push(step.to_string());
            stage.play(step).map_err(|failure| stage.with_the_program(failure))?;
            if stage.begun.elapsed() > self.patience.check() {
                let failure = Failure::new(text::too_long(stage.begun.elapsed().as_secs()));
                return Err(stage.with_the_program(failure));
            }
        }
        Ok(())
    }
}

/// The sockets and the program in the middle of a check.
struct Stage<'a> {
    trial: &'a Trial<'a>,
    begun: Instant,
    /// Where the server is, whichever side that is.
    addr: SocketAddr,
    program: Option<Process>,
    /// Whether the program is known to listen.
    listens: bool,
    /// Whether it has been killed and started again.
    restarted: bool,
    listener: Option<TcpListener>,
    peers: Vec<(Peer, Conversation)>,
    /// Clients that connect and say nothing.
    silent: Vec<Socket>,
    /// When something was last done to which the program has not answered yet.
    acted: Option<Instant>,
    /// How long the slowest answer took.
    slowest: Duration,
    /// What came last.
    heard: Vec<u8>,
    /// For what a client saves.
    directory: tempfile::TempDir,
}

struct Conversation {
    socket: Socket,
    /// What has come and was not yet looked at.
    inbox: Vec<u8>,
    /// What was sent last.
    sent: Vec<u8>,
    /// The datagrams that a client has sent, each once.
    asked: Vec<Vec<u8>>,
}

fn cannot(what: &str) -> impl Fn(io::Error) -> Failure {
    move |error| Failure::new(text::cannot(what, common::error_text::cause(&error)))
}

impl<'a> Stage<'a> {
    fn set(trial: &'a Trial<'a>, check: &Check) -> Result<Self, Failure> {
        let directory = tempfile::tempdir().map_err(cannot(text::make_a_directory()))?;
        let mut stage = Stage {
            trial,
            begun: Instant::now(),
            addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            program: None,
            listens: false,
            restarted: false,
            listener: None,
            peers: Vec::new(),
            silent: Vec::new(),
            acted: None,
            slowest: Duration::ZERO,
            heard: Vec::new(),
            directory,
        };
        for step in &check.steps {
            if let Step::ExpectKept(before) = step {
                std::fs::write(stage.file(), before).map_err(cannot(text::make_a_directory()))?;
            }
        }
        match (trial.suite.side, trial.target) {
            (_, Target::Running(addr)) => {
                stage.addr = *addr;
                stage.listens = true;
            }
            (Side::Server, Target::Command { addr: Some(addr), .. }) => stage.addr = *addr,
            (Side::Server, Target::Command { .. }) => {
                stage.addr =
                    free_addr(trial.suite.transport).map_err(|e| Failure::new(e.to_string()))?;
            }
            (Side::Client, Target::Command { addr, .. }) => stage.serve(*addr)?,
        }
        stage.start()?;
        Ok(stage)
    }

    /// The check plays the server, and listens before the client starts.
    fn serve(&mut self, addr: Option<SocketAddr>) -> Result<(), Failure> {
        let addr = addr.unwrap_or(self.addr);
        let local = match self.trial.suite.transport {
            Transport::Tcp => {
                let listener = TcpListener::bind(addr).map_err(cannot(text::listen()))?;
                let local = listener.local_addr();
                self.listener = Some(listener);
                local
            }
            Transport::Udp => {
                let socket = UdpSocket::bind(addr).map_err(cannot(text::bind()))?;
                let local = socket.local_addr();
                self.join("the server", Socket::Serving { socket, client: None, before: None });
                local
            }
        };
        self.addr = local.map_err(cannot(text::ask_address()))?;
        Ok(())
    }

    fn start(&mut self) -> Result<(), Failure> {
        if let Target::Command { words, .. } = self.trial.target {
            if let Some(missing) = diagnosis::missing_file(words) {
                return Err(Failure { hopeless: true, ..Failure::new(missing) });
            }
            let process = start(words, self.addr, &self.file());
            let hopeless =
                |error: TargetError| Failure { hopeless: true, ..Failure::new(error.to_string()) };
            self.program = Some(process.map_err(hopeless)?);
        }
        Ok(())
    }

    fn file(&self) -> PathBuf {
        self.directory.path().join("saved")
    }

    fn with_the_program(&self, mut failure: Failure) -> Failure {
        if let Some(program) = &self.program {
            failure.program = super::program::describe(program);
        }
        failure
    }

    fn play(&mut self, step: &Step) -> Result<(), Failure> {
        let limit = self.trial.patience.answer();
        match step {
            Step::Reach(who) => self.reach(who),
            Step::Connect(who) => self.connect(who),
            Step::ConnectNarrow(who) => self.connect_narrowly(who),
            Step::Crowd(count) => self.crowd(*count),
            Step::Accept(who) => self.accept(who),
            Step::Send(who, pieces) => self.send(who, pieces),
            Step::Flood(who, bytes) => self.flood(who, bytes),
            Step::Return(who) => {
                let heard = self.heard.clone();
                self.send(who, &[heard])
            }
            Step::SendLate(who, bytes) => {
                self.peer(who)?.socket.send_late(bytes).map_err(cannot(text::open_socket()))
            }
            Step::Expect(who, answer) => self.expect(who, answer, limit),
            Step::ExpectWithin(who, answer, limit) => self.expect(who, answer, *limit),
            Step::ExpectQuick(who, ask, answer, limit) => {
                self.expect_quick(who, ask, answer, *limit)
            }
            Step::AskUntil(who, ask, part) => self.ask_until(who, ask, part),
            Step::ExpectEnd(who) => self.expect_end(who),
            Step::ExpectSilence(who, limit) => self.expect_silence(who, *limit, false),
            Step::ExpectNothing(who, limit) => self.expect_silence(who, *limit, true),
            Step::ExpectRest(who, judge) => self.expect_rest(who, judge),
            Step::HalfClose(who) => {
                self.peer(who)?.socket.half_close().map_err(cannot(text::end_stream()))
            }
            Step::Close(who) => self.leave(who).map(drop),
            Step::Reset(who) => {
                self.leave(who)?.socket.reset().map_err(cannot(text::reset_connection()))
            }
            Step::AnswerAll(who, rule) => self.answer_all(who, rule),
            Step::Type(line) => {
                self.acted = Some(Instant::now());
                self.with_program(|program| program.line(line))
            }
            Step::EndInput => self.with_program(Process::close_stdin),
            Step::ExpectShown(text) => self.expect_shown(text, 1, false),
            Step::ExpectShownTimes(text, times) => self.expect_shown(text, *times, false),
            Step::ExpectTold(text) => self.expect_shown(text, 1, true),
            Step::ExpectToldAsError(text) => self.expect_told_as_error(text),
            Step::ExpectNotShown(text) => self.expect_not_shown(text),
            Step::ExpectSaved(body) => self.expect_saved(body),
            Step::ExpectKept(body) => self.expect_kept(body.as_bytes()),
            Step::ExpectExit(ending) => self.expect_exit(*ending),
            Step::StaysUp(limit) => self.stays_up(*limit),
            Step::Restart => self.restart(),
        }
    }

    fn with_program(&self, act: impl FnOnce(&Process)) -> Result<(), Failure> {
        self.program.as_ref().map(act).ok_or_else(|| Failure::new(text::no_program()))
    }

    fn join(&mut self, who: Peer, socket: Socket) {
        let (inbox, sent, asked) = (Vec::new(), Vec::new(), Vec::new());
        self.peers.push((who, Conversation { socket, inbox, sent, asked }));
    }

    fn leave(&mut self, who: Peer) -> Result<Conversation, Failure> {
        let at = self.peers.iter().position(|(name, _)| *name == who);
        at.map(|at| self.peers.remove(at).1).ok_or_else(|| nobody(who))
    }

    fn peer(&mut self, who: Peer) -> Result<&mut Conversation, Failure> {
        self.peers
            .iter_mut()
            .find(|(name, _)| *name == who)
            .map(|(_, peer)| peer)
            .ok_or_else(|| nobody(who))
    }
}

fn nobody(who: Peer) -> Failure {
    Failure::new(text::no_connection(text::peer(who)))
}
