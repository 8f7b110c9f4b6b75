//! Does the steps of a check, one after the other, until one is not so.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use harness::{Handle, Process};

use super::bytes::{Difference, say};
use super::judge::find;
use super::lessons::Suite;
use super::program::{self, Target, TargetError};
use super::report::{Failure, Report, Verdict};
use super::script::{Answer, Check, Ending, Peer, Side, Step, Transport};
use super::socket::{Came, Socket};

/// How long a program may take until it listens: an interpreter on a busy machine is slow.
const STARTING: Duration = Duration::from_secs(15);
/// How many times the limit of an answer a program may take to end: a client asks several times
/// before it gives up.
const ENDING: u32 = 6;
/// After a wrong byte, how long the rest of the answer is waited for, to be shown.
const REST: Duration = Duration::from_millis(100);
/// How often to look whether the program, of which an answer is awaited, still runs.
const GLANCE: Duration = Duration::from_millis(100);

/// A program on trial in one lesson.
#[derive(Debug)]
pub struct Trial<'a> {
    /// What it must do.
    pub suite: &'a Suite,
    /// The program.
    pub target: &'a Target,
    /// How long it may take for one answer.
    pub limit: Duration,
}

impl Trial<'_> {
    /// Does one check, with a program started for it alone where there is a command to start it.
    pub fn run(&self, check: &Check) -> Report {
        let mut steps = Vec::new();
        let verdict = match self.skip(check) {
            Some(why) => Verdict::Skipped(why),
            None => match self.perform(check, &mut steps) {
                Ok(()) => Verdict::Held,
                Err(failure) => Verdict::Failed(failure),
            },
        };
        program::forget_ended();
        let Check { name, says, why, ideas, .. } = check;
        Report { name, says, why, ideas, steps, verdict }
    }

    fn skip(&self, check: &Check) -> Option<&'static str> {
        let running = matches!(self.target, Target::Running(_));
        let needs =
            self.suite.side == Side::Client || check.steps.iter().any(Step::needs_the_program);
        (running && needs).then_some("needs --command, to have the program itself in its hands")
    }

    fn perform(&self, check: &Check, steps: &mut Vec<String>) -> Result<(), Failure> {
        let mut stage = Stage::set(self)?;
        for step in &check.steps {
            steps.push(step.to_string());
            stage.play(step).map_err(|failure| stage.with_the_program(failure))?;
        }
        Ok(())
    }
}

/// The sockets and the program in the middle of a check.
struct Stage<'a> {
    trial: &'a Trial<'a>,
    /// Where the server is, whichever side that is.
    addr: SocketAddr,
    program: Option<Process>,
    /// Whether the program is known to listen.
    listens: bool,
    /// Whether it has been killed and started again.
    restarted: bool,
    listener: Option<TcpListener>,
    peers: Vec<(Peer, Conversation)>,
    /// What came last.
    heard: Vec<u8>,
    /// For what a client saves.
    directory: tempfile::TempDir,
}

struct Conversation {
    socket: Socket,
    /// What has come and was not yet looked at.
    inbox: Vec<u8>,
}

fn cannot(what: &str) -> impl Fn(io::Error) -> Failure {
    move |error| Failure::new(format!("cannot {what}: {}", common::error_text::cause(&error)))
}

impl<'a> Stage<'a> {
    fn set(trial: &'a Trial<'a>) -> Result<Self, Failure> {
        let directory =
            tempfile::tempdir().map_err(cannot("make a directory for what the program saves"))?;
        let mut stage = Stage {
            trial,
            addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            program: None,
            listens: false,
            restarted: false,
            listener: None,
            peers: Vec::new(),
            heard: Vec::new(),
            directory,
        };
        match (trial.suite.side, trial.target) {
            (_, Target::Running(addr)) => {
                stage.addr = *addr;
                stage.listens = true;
            }
            (Side::Server, Target::Command { addr: Some(addr), .. }) => stage.addr = *addr,
            (Side::Server, Target::Command { .. }) => {
                stage.addr = program::free_addr(trial.suite.transport)
                    .map_err(|e| Failure::new(e.to_string()))?;
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
                let listener = TcpListener::bind(addr).map_err(cannot("listen"))?;
                let local = listener.local_addr();
                self.listener = Some(listener);
                local
            }
            Transport::Udp => {
                let socket = UdpSocket::bind(addr).map_err(cannot("bind a socket"))?;
                let local = socket.local_addr();
                self.join("the server", Socket::Serving(socket, None));
                local
            }
        };
        self.addr = local.map_err(cannot("ask for the address"))?;
        Ok(())
    }

    fn start(&mut self) -> Result<(), Failure> {
        if let Target::Command { words, .. } = self.trial.target {
            let process = program::start(words, self.addr, &self.file());
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
            failure.program = program::describe(program);
        }
        failure
    }

    fn play(&mut self, step: &Step) -> Result<(), Failure> {
        let limit = self.trial.limit;
        match step {
            Step::Connect(who) => self.connect(who),
            Step::Accept(who) => self.accept(who),
            Step::Send(who, pieces) => self.send(who, pieces),
            Step::Return(who) => {
                let heard = self.heard.clone();
                self.send(who, &[heard])
            }
            Step::Expect(who, answer) => self.expect(who, answer, limit),
            Step::ExpectWithin(who, answer, limit) => self.expect(who, answer, *limit),
            Step::ExpectEnd(who) => self.expect_end(who),
            Step::ExpectSilence(who, limit) => self.expect_silence(who, *limit),
            Step::HalfClose(who) => {
                self.peer(who)?.socket.half_close().map_err(cannot("end the stream"))
            }
            Step::Close(who) => self.leave(who).map(drop),
            Step::Reset(who) => {
                self.leave(who)?.socket.reset().map_err(cannot("reset the connection"))
            }
            Step::Type(line) => self.with_program(|program| program.line(line)),
            Step::EndInput => self.with_program(Process::close_stdin),
            Step::ExpectShown(text) => self.expect_shown(text, false),
            Step::ExpectTold(text) => self.expect_shown(text, true),
            Step::ExpectNotShown(text) => self.expect_not_shown(text),
            Step::ExpectSaved(body) => self.expect_saved(body.as_bytes()),
            Step::ExpectExit(ending) => self.expect_exit(*ending),
            Step::Restart => self.restart(),
        }
    }

    fn with_program(&self, act: impl FnOnce(&Process)) -> Result<(), Failure> {
        self.program.as_ref().map(act).ok_or_else(|| Failure::new("there is no program to act on"))
    }

    fn join(&mut self, who: Peer, socket: Socket) {
        self.peers.push((who, Conversation { socket, inbox: Vec::new() }));
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

    /// Whether it is worthwhile to try once more to reach a server that nobody has reached yet.
    fn may_still_start(&self, deadline: Instant) -> bool {
        let running = self.program.as_ref().is_some_and(|program| program.is_running());
        !self.listens && running && Instant::now() < deadline
    }

    fn refused(&self) -> Failure {
        let addr = self.addr;
        let what = match self.trial.target {
            _ if self.listens => format!("nobody listens at {addr} (any more)"),
            Target::Running(_) => format!("nobody listens at {addr}"),
            Target::Command { .. } if self.restarted => {
                format!("the program does not listen at {addr} again")
            }
            Target::Command { addr: Some(_), .. } => {
                format!("the program does not listen at {addr}")
            }
            Target::Command { .. } => format!(
                "the program does not listen at {addr}: write {{port}} where its command line names the port, let it read PORT from its environment, or say with --addr where it listens"
            ),
        };
        Failure { hopeless: !self.listens && !self.restarted, ..Failure::new(what) }
    }

    fn connect(&mut self, who: Peer) -> Result<(), Failure> {
        if self.trial.suite.transport == Transport::Udp {
            let socket = match self.stranger()? {
                Some(stranger) => stranger,
                None => Socket::datagrams(self.addr).map_err(cannot("open a socket"))?,
            };
            self.join(who, socket);
            return Ok(());
        }
        let deadline = Instant::now() + STARTING;
        loop {
            match Socket::stream(self.addr, self.trial.limit) {
                Ok(socket) => {
                    self.listens = true;
                    self.join(who, socket);
                    return Ok(());
                }
                Err(error) if error.kind() == ErrorKind::ConnectionRefused => {
                    if !self.may_still_start(deadline) {
                        return Err(self.refused());
                    }
                    std::thread::sleep(Duration::from_millis(20));
                }
                Err(error) => return Err(cannot(&format!("connect to {}", self.addr))(error)),
            }
        }
    }

    /// Where a client is on trial, whoever else connects is a stranger to it.
    fn stranger(&self) -> Result<Option<Socket>, Failure> {
        let client = self.peers.iter().find_map(|(_, peer)| match &peer.socket {
            Socket::Serving(_, from) => *from,
            _ => None,
        });
        let Some(client) = client else { return Ok(None) };
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).map_err(cannot("open a socket"))?;
        Ok(Some(Socket::Stranger(socket, client)))
    }

    fn accept(&mut self, who: Peer) -> Result<(), Failure> {
        let Some(listener) = &self.listener else { return Ok(()) };
        let gone = || self.program.as_ref().is_none_or(|program| !program.is_running());
        match Socket::accept(listener, STARTING, gone).map_err(cannot("accept"))? {
            Some(socket) => {
                self.join(who, socket);
                Ok(())
            }
            None => Err(Failure::new(format!("the program did not connect to {}", self.addr))),
        }
    }

    fn send(&mut self, who: Peer, pieces: &[Vec<u8>]) -> Result<(), Failure> {
        // Long enough to arrive alone; a message in very many pieces need not take for ever.
        let pause = Duration::from_millis(if pieces.len() > 8 { 3 } else { 50 });
        for (at, piece) in pieces.iter().enumerate() {
            if at > 0 {
                std::thread::sleep(pause);
            }
            self.send_piece(who, piece)?;
        }
        Ok(())
    }

    fn send_piece(&mut self, who: Peer, piece: &[u8]) -> Result<(), Failure> {
        let limit = self.trial.limit;
        let deadline = Instant::now() + STARTING;
        loop {
            let Err(error) = self.peer(who)?.socket.send(piece, limit) else { return Ok(()) };
            match error.kind() {
                ErrorKind::ConnectionRefused if self.may_still_start(deadline) => {
                    std::thread::sleep(Duration::from_millis(20));
                }
                ErrorKind::ConnectionRefused => return Err(self.refused()),
                ErrorKind::WouldBlock | ErrorKind::TimedOut => {
                    return Err(Failure::new("the program does not read what is sent"));
                }
                _ => {
                    let why = common::error_text::cause(&error);
                    return Err(Failure::new(format!(
                        "the program has closed the connection: {why}"
                    )));
                }
            }
        }
    }

    fn expect(&mut self, who: Peer, answer: &Answer, limit: Duration) -> Result<(), Failure> {
        let limit = if self.listens || self.trial.suite.side == Side::Server {
            limit
        } else {
            limit.max(STARTING)
        };
        let deadline = Instant::now() + limit;
        let stream = self.trial.suite.transport == Transport::Tcp;
        let refused = self.refused();
        let program = self.program.as_ref().map(|program| program.handle());
        let has_ended = || program.as_ref().is_some_and(Handle::has_ended);
        let peer = self.peer(who)?;
        let mut inbox = std::mem::take(&mut peer.inbox);
        let mut first = None;
        let stopped = loop {
            if !inbox.is_empty() && (!stream || is_enough(answer, &inbox)) {
                break None;
            }
            // Of a program that has ended comes what is under way, and no more.
            let over = has_ended();
            let until = Instant::now() + if over { REST } else { GLANCE };
            match peer.socket.recv(until.min(deadline)) {
                Came::Nothing if !over && Instant::now() < deadline => {}
                Came::Bytes(bytes) => {
                    inbox.extend(bytes);
                    first.get_or_insert(inbox.len());
                    if !stream {
                        break None;
                    }
                }
                end => break Some(end),
            }
        };
        let limit = if has_ended() { None } else { Some(limit) };
        if let (Answer::AtOnce(wanted), Some(first)) = (answer, first)
            && inbox.len() > first
            && inbox == *wanted
        {
            inbox.truncate(first);
            let what = "the first recv brought only a part, the rest came later: the answer was sent in pieces";
            let difference = Difference { expected: Some(wanted.clone()), came: inbox, at: first };
            return Err(Failure::new(what).at(difference));
        }
        if stream
            && stopped.is_none()
            && wanted_bytes(answer).is_some_and(|wanted| !wanted.starts_with(&inbox))
        {
            // The rest of a wrong answer helps to understand it.
            let until = Instant::now() + REST;
            while let Came::Bytes(bytes) = peer.socket.recv(until) {
                inbox.extend(bytes);
            }
        }
        let result = judge(answer, &inbox, stopped, limit, refused);
        if result.is_ok() {
            if let Answer::Part(part) = answer
                && let Ok(Some(length)) = part.read(&inbox)
            {
                peer.inbox = inbox.split_off(length.min(inbox.len()));
            }
            self.listens = true;
            self.heard = inbox;
        }
        result
    }

    fn expect_end(&mut self, who: Peer) -> Result<(), Failure> {
        let deadline = Instant::now() + self.trial.limit;
        let limit = self.trial.limit;
        let peer = self.peer(who)?;
        let came = if peer.inbox.is_empty() {
            peer.socket.recv(deadline)
        } else {
            Came::Bytes(std::mem::take(&mut peer.inbox))
        };
        match came {
            Came::End => Ok(()),
            Came::Bytes(bytes) => Err(unwanted(bytes, "more came before the end of the stream")),
            Came::Nothing => Err(Failure::new(format!(
                "the connection is still open after {} s",
                limit.as_secs_f64()
            ))),
            other => Err(Failure::new(say_stop(&other))),
        }
    }

    fn expect_silence(&mut self, who: Peer, limit: Duration) -> Result<(), Failure> {
        let peer = self.peer(who)?;
        let came = if peer.inbox.is_empty() {
            peer.socket.recv(Instant::now() + limit)
        } else {
            Came::Bytes(std::mem::take(&mut peer.inbox))
        };
        match came {
            Came::Nothing => Ok(()),
            Came::Bytes(bytes) => Err(unwanted(bytes, "something came")),
            other => Err(Failure::new(say_stop(&other))),
        }
    }

    fn expect_shown(&mut self, text: &str, errors_too: bool) -> Result<(), Failure> {
        let limit = self.trial.limit;
        let mut shown = false;
        self.with_program(|program| shown = program::shows(program, text, errors_too, limit))?;
        if shown {
            Ok(())
        } else {
            Err(Failure::new(format!("it did not within {} s", limit.as_secs_f64())))
        }
    }

    fn expect_not_shown(&mut self, text: &str) -> Result<(), Failure> {
        let mut shown = false;
        self.with_program(|program| shown = program::shows(program, text, true, Duration::ZERO))?;
        if shown { Err(Failure::new("it has")) } else { Ok(()) }
    }

    fn expect_saved(&mut self, body: &[u8]) -> Result<(), Failure> {
        if let Ok(saved) = std::fs::read(self.file()) {
            return match Difference::between(body, &saved) {
                None => Ok(()),
                Some(difference) => {
                    Err(Failure::new("the file has something else in it").at(difference))
                }
            };
        }
        let mut output = Vec::new();
        self.with_program(|program| output = program.stdout())?;
        if output.ends_with(body) {
            return Ok(());
        }
        // The head may stand before it. What comes after that is compared.
        let from = find(&output, b"\r\n\r\n").map_or(0, |at| at + 4);
        let came = output.get(from..).unwrap_or_default();
        let failure = Failure::new(
            "neither in the file that its command line names as {file} nor at the end of its standard output",
        );
        Err(match Difference::between(body, came) {
            Some(difference) => failure.at(difference),
            None => failure,
        })
    }

    fn expect_exit(&mut self, ending: Ending) -> Result<(), Failure> {
        let limit = self.trial.limit.saturating_mul(ENDING);
        let mut ended = None;
        self.with_program(|program| ended = program.ended_within(limit))?;
        let Some(end) = ended else {
            return Err(Failure::new(format!("it goes on after {} s", limit.as_secs_f64())));
        };
        let right = match ending {
            Ending::Well => end.code == Some(0),
            Ending::Badly => end.code.is_some_and(|code| code != 0),
            Ending::Anyhow => end.code.is_some(),
        };
        if right { Ok(()) } else { Err(Failure::new(program::say_end(end))) }
    }

    fn restart(&mut self) -> Result<(), Failure> {
        // A server that has not yet accepted a client leaves nothing behind on its port.
        std::thread::sleep(REST);
        // Dropped, it is killed and reaped; the clients' sockets stay open meanwhile.
        drop(self.program.take());
        self.listens = false;
        self.restarted = true;
        self.start()
    }
}

fn nobody(who: Peer) -> Failure {
    Failure::new(format!("{who} has no connection"))
}

fn wanted_bytes(answer: &Answer) -> Option<&[u8]> {
    match answer {
        Answer::Exactly(bytes) | Answer::AtOnce(bytes) => Some(bytes),
        _ => None,
    }
}

/// Whether what has come of a stream can be judged without what may still come.
fn is_enough(answer: &Answer, inbox: &[u8]) -> bool {
    match answer {
        Answer::Exactly(wanted) | Answer::AtOnce(wanted) => {
            inbox.len() >= wanted.len() || !wanted.starts_with(inbox)
        }
        Answer::Head(_) => find(inbox, b"\r\n\r\n").or_else(|| find(inbox, b"\n\n")).is_some(),
        Answer::Part(part) => !matches!(part.read(inbox), Ok(None)),
        Answer::Judged(_) => false,
        Answer::Anything => true,
    }
}

/// Whether `inbox`, after which the stream `stopped`, is the answer.
fn judge(
    answer: &Answer,
    inbox: &[u8],
    stopped: Option<Came>,
    limit: Option<Duration>,
    refused: Failure,
) -> Result<(), Failure> {
    let stop = match &stopped {
        None => None,
        Some(Came::Refused) => return Err(refused),
        Some(Came::Nothing) => {
            let more = if inbox.is_empty() { "" } else { " more" };
            Some(match limit {
                Some(limit) => format!("nothing{more} came within {} s", limit.as_secs_f64()),
                None => format!("nothing{more} came, for the program has ended"),
            })
        }
        Some(other) => Some(say_stop(other)),
    };
    match answer {
        Answer::Exactly(wanted) | Answer::AtOnce(wanted) => {
            match (Difference::between(wanted, inbox), stop) {
                (None, _) => Ok(()),
                (Some(difference), stop) => {
                    let what = stop.unwrap_or_else(|| {
                        if difference.at >= wanted.len() {
                            "more came than that"
                        } else {
                            "something else came"
                        }
                        .to_owned()
                    });
                    let what = if inbox.is_empty() && stopped.is_none() {
                        "an empty datagram came".to_owned()
                    } else {
                        what
                    };
                    let failure = Failure::new(what);
                    Err(if inbox.is_empty() { failure } else { failure.at(difference) })
                }
            }
        }
        Answer::Part(part) => match part.read(inbox) {
            Ok(Some(_)) => Ok(()),
            Ok(None) => Err(unfinished(inbox, stop)),
            Err(failure) => Err(failure),
        },
        Answer::Judged(judge) | Answer::Head(judge) => {
            let whole = match answer {
                Answer::Head(_) => stop.is_none(),
                _ => stop.is_none() || matches!(stopped, Some(Came::End)),
            };
            if !whole {
                return Err(unfinished(inbox, stop));
            }
            (judge.judge)(inbox).map_err(|wrong| {
                let failure = Failure::new(wrong.why);
                if inbox.is_empty() {
                    return failure;
                }
                failure.at(Difference { expected: None, came: inbox.to_vec(), at: wrong.at })
            })
        }
        Answer::Anything => match stopped {
            Some(Came::Nothing | Came::Failed(_)) => Err(Failure::new(stop.unwrap_or_default())),
            _ => Ok(()),
        },
    }
}

/// What has come is no answer yet, and nothing more comes.
fn unfinished(inbox: &[u8], stop: Option<String>) -> Failure {
    let failure = Failure::new(stop.unwrap_or_default());
    let rest = Difference { expected: None, came: inbox.to_vec(), at: inbox.len() };
    if inbox.is_empty() { failure } else { failure.at(rest) }
}

fn unwanted(bytes: Vec<u8>, what: &str) -> Failure {
    let what = format!("{what}: {}", say(&bytes));
    Failure::new(what).at(Difference { expected: None, came: bytes, at: 0 })
}

fn say_stop(came: &Came) -> String {
    match came {
        Came::End => "the program closed the connection (FIN)".to_owned(),
        Came::Reset => {
            "the connection was reset (RST): the program ended, or closed with bytes unread"
                .to_owned()
        }
        Came::Refused => "nobody listens there (any more)".to_owned(),
        Came::Failed(error) => common::error_text::cause(error).to_string(),
        Came::Nothing => "nothing came".to_owned(),
        Came::Bytes(bytes) => say(bytes),
    }
}
