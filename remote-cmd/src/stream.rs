//! The framing `stream`: output as it is produced, stdout and stderr apart, and how the command
//! ended.
//!
//! # Hello
//!
//! Each side begins with 8 bytes, the client first. The client says nothing more until it has the
//! server's.
//!
//! ```text
//! 89 52 43 4d 44 0a   01        00
//! magic, "\x89RCMD\n" version 1 0: plain, 1: with a key
//! ```
//!
//! The magic's first byte begins no UTF-8 text, so that a tutorial's server finds no command in it;
//! the last one ends a line, so that a server of lines answers. Who sends something else is told so
//! at the first wrong byte. With a key, the handshake of [`noise`](crate::noise) follows, and all
//! the rest is encrypted.
//!
//! # Messages
//!
//! Everything after that is frames: 4 bytes of length in network order, and as many bytes of
//! message. The first byte of a message is its kind:
//!
//! | kind | message   | from   | the rest |
//! | ---- | --------- | ------ | --- |
//! | `01` | run       | client | a command, UTF-8 |
//! | `02` | interrupt | client | – |
//! | `03` | directory | client | where commands shall run from now on, UTF-8: what stands behind `cd` |
//! | `04` | run with input | client | a command, UTF-8, whose standard input follows |
//! | `05` | input     | client | a piece of that input; none at all is its end |
//! | `11` | stdout    | server | output of the command |
//! | `12` | stderr    | server | its error output |
//! | `13` | exit      | server | its exit status: 4 bytes, signed, network order |
//! | `14` | signal    | server | the number of the signal that killed it: 4 bytes, signed, network order |
//! | `15` | error     | server | why the server did not run it, or killed it, UTF-8 |
//! | `16` | taken     | server | how many bytes of its input the command has taken since it was last told; 0 is that it takes no more: 4 bytes, network order |
//!
//! `echo hi` is `00 00 00 08  01 65 63 68 6f 20 68 69`, and its answer `00 00 00 04  11 68 69 0a`,
//! `00 00 00 05  13 00 00 00 00`.
//!
//! A run and a directory are answered with any number of stdout and stderr, and one of exit, signal
//! and error. Until that has come, the client sends nothing but interrupts and the input of that
//! run. Nothing acknowledges output: a client that does not read fills TCP's window, the server's
//! send waits, the pipe fills, and the command waits. A client that closes has gone, and its
//! command is ended.
//!
//! The command of a plain run finds the end of its input at once. Input has a window of its own,
//! for behind it interrupts have to come through: a client has at most [`INPUT_WINDOW`] bytes on
//! their way of which no taken has told. What comes when the command has ended goes nowhere.

use std::io::{self, IoSlice, Read, Write};

use byteorder::{BigEndian, ByteOrder};
use common::frame::{self, FrameError, PREFIX_LEN, Prefix};

use crate::text;

/// The first bytes of each side.
pub const MAGIC: [u8; 6] = *b"\x89RCMD\n";

/// The version of everything in this module.
pub const VERSION: u8 = 1;

/// Bytes of a hello.
pub const HELLO_LEN: usize = 8;

/// The most output in one message, in bytes: what a pipe usually holds.
pub const MAX_OUTPUT: usize = 64 * 1024;

/// The longest message, in bytes.
pub const MAX_MESSAGE: usize = 1 + MAX_OUTPUT;

/// The most input that is on its way to a command, in bytes.
pub const INPUT_WINDOW: usize = 256 * 1024;

/// Whether a key is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Everything is sent as it is.
    Plain,
    /// Both sides prove the same key, and everything is encrypted.
    Keyed,
}

/// What one side says first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hello {
    /// [`VERSION`], or that of another time.
    pub version: u8,
    /// As it is on the wire: 0 or 1.
    pub mode: u8,
}

impl Hello {
    /// The hello of this version.
    pub fn new(mode: Mode) -> Self {
        Self { version: VERSION, mode: mode.byte() }
    }

    /// Its bytes.
    pub fn bytes(self) -> [u8; HELLO_LEN] {
        let [a, b, c, d, e, f] = MAGIC;
        [a, b, c, d, e, f, self.version, self.mode]
    }

    /// Takes the other side's hello.
    ///
    /// # Errors
    /// [`HelloError::NotHello`] at the first wrong byte, with all that has come: a stranger may
    /// wait for an answer before it sends more.
    pub fn read(reader: &mut impl Read) -> Result<Self, HelloError> {
        let mut buffer = [0; 256];
        let mut got = 0;
        loop {
            let read = match reader.read(buffer.get_mut(got..).unwrap_or_default()) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read?,
            };
            got += read;
            let come = buffer.get(..got).unwrap_or_default();
            match *come {
                [a, b, c, d, e, f, version, mode] if [a, b, c, d, e, f] == MAGIC => {
                    return Ok(Self { version, mode });
                }
                [] => return Err(HelloError::Closed),
                // Nobody may say more than hello before the other side has.
                _ if read > 0
                    && MAGIC.starts_with(come.get(..MAGIC.len()).unwrap_or(come))
                    && got < HELLO_LEN => {}
                _ => return Err(HelloError::NotHello(come.to_vec())),
            }
        }
    }
}

impl Mode {
    /// As it is on the wire.
    pub fn byte(self) -> u8 {
        match self {
            Self::Plain => 0,
            Self::Keyed => 1,
        }
    }
}

/// Why there is no hello.
#[derive(Debug, thiserror::Error)]
pub enum HelloError {
    /// The peer closed without a word.
    #[error("{}", text::no_hello())]
    Closed,
    /// The peer said something else, and what.
    #[error("{}", text::not_stream(.0.escape_ascii()))]
    NotHello(Vec<u8>),
    /// Reading failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// What a client asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request<'a> {
    /// Run this command.
    Run(&'a str),
    /// Interrupt the command that runs, as Ctrl+C does.
    Interrupt,
    /// Run commands there from now on.
    Directory(&'a str),
    /// Run this command, whose standard input follows.
    RunWithInput(&'a str),
    /// A piece of that input; an empty one is its end.
    Input(&'a [u8]),
}

/// What a server answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply<'a> {
    /// Output.
    Stdout(&'a [u8]),
    /// Error output.
    Stderr(&'a [u8]),
    /// The command ended with this status.
    Exit(i32),
    /// The command was killed by this signal.
    Signal(i32),
    /// The server did not run the command, or killed it, and why.
    Error(&'a str),
    /// The command has taken so many bytes more of its input; with 0 it takes no more.
    Taken(u32),
}

const RUN: u8 = 0x01;
const INTERRUPT: u8 = 0x02;
const DIRECTORY: u8 = 0x03;
const RUN_WITH_INPUT: u8 = 0x04;
const INPUT: u8 = 0x05;
const STDOUT: u8 = 0x11;
const STDERR: u8 = 0x12;
const EXIT: u8 = 0x13;
const SIGNAL: u8 = 0x14;
const ERROR: u8 = 0x15;
const TAKEN: u8 = 0x16;

/// A message that is none.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// Without even a kind.
    #[error("{}", text::empty_message())]
    Empty,
    /// Of a kind that this side does not know, or that only this side sends.
    #[error("{}", text::unknown_kind(format_args!("{:02x}", .0)))]
    Kind(u8),
    /// Text that is no UTF-8.
    #[error("{}", text::no_utf8())]
    Text,
    /// Too few or too many bytes for its kind.
    #[error("{}", text::wrong_length(format_args!("{kind:02x}"), length))]
    Length {
        /// Its kind.
        kind: u8,
        /// Bytes after the kind.
        length: usize,
    },
}

impl<'a> Request<'a> {
    /// Reads a message of a client.
    ///
    /// # Errors
    /// [`MessageError`]; the connection is of no use after that.
    pub fn decode(message: &'a [u8]) -> Result<Self, MessageError> {
        let (kind, rest) = split(message)?;
        match kind {
            RUN => Ok(Self::Run(text(rest)?)),
            INTERRUPT if rest.is_empty() => Ok(Self::Interrupt),
            INTERRUPT => Err(MessageError::Length { kind, length: rest.len() }),
            DIRECTORY => Ok(Self::Directory(text(rest)?)),
            RUN_WITH_INPUT => Ok(Self::RunWithInput(text(rest)?)),
            INPUT => Ok(Self::Input(rest)),
            _ => Err(MessageError::Kind(kind)),
        }
    }

    /// Sends it, in one call.
    ///
    /// # Errors
    /// [`FrameError::TooLong`], before anything is sent, or [`FrameError::Io`].
    pub fn write(&self, writer: &mut impl Write) -> Result<(), FrameError> {
        match self {
            Self::Run(command) => write(writer, RUN, command.as_bytes()),
            Self::Interrupt => write(writer, INTERRUPT, &[]),
            Self::Directory(directory) => write(writer, DIRECTORY, directory.as_bytes()),
            Self::RunWithInput(command) => write(writer, RUN_WITH_INPUT, command.as_bytes()),
            Self::Input(piece) => write(writer, INPUT, piece),
        }
    }
}

impl<'a> Reply<'a> {
    /// Reads a message of a server.
    ///
    /// # Errors
    /// [`MessageError`]; the connection is of no use after that.
    pub fn decode(message: &'a [u8]) -> Result<Self, MessageError> {
        let (kind, rest) = split(message)?;
        match kind {
            STDOUT => Ok(Self::Stdout(rest)),
            STDERR => Ok(Self::Stderr(rest)),
            EXIT => number(kind, rest).map(Self::Exit),
            SIGNAL => number(kind, rest).map(Self::Signal),
            ERROR => text(rest).map(Self::Error),
            TAKEN => number(kind, rest).map(|bytes| Self::Taken(bytes.cast_unsigned())),
            _ => Err(MessageError::Kind(kind)),
        }
    }

    /// Sends it, in one call. Output of more than [`MAX_OUTPUT`] bytes makes several messages, of
    /// no bytes none.
    ///
    /// # Errors
    /// [`FrameError::TooLong`], before anything is sent, or [`FrameError::Io`].
    pub fn write(&self, writer: &mut impl Write) -> Result<(), FrameError> {
        match self {
            Self::Stdout(output) => write_output(writer, STDOUT, output),
            Self::Stderr(output) => write_output(writer, STDERR, output),
            Self::Exit(status) => write(writer, EXIT, &status.to_be_bytes()),
            Self::Signal(number) => write(writer, SIGNAL, &number.to_be_bytes()),
            Self::Error(reason) => write(writer, ERROR, reason.as_bytes()),
            Self::Taken(bytes) => write(writer, TAKEN, &bytes.to_be_bytes()),
        }
    }
}

fn write(writer: &mut impl Write, kind: u8, rest: &[u8]) -> Result<(), FrameError> {
    frame::write_frame_of(writer, Prefix::Native, [&[kind], rest], MAX_MESSAGE)
}

/// As many messages as it takes, with all their heads in one call: a call costs as much as to copy
/// some ten KiB, and wakes the receiver.
fn write_output(writer: &mut impl Write, kind: u8, output: &[u8]) -> Result<(), FrameError> {
    let head = |piece: &[u8]| -> Result<[u8; PREFIX_LEN + 1], FrameError> {
        let [a, b, c, d] = Prefix::Native.encode(1 + piece.len(), MAX_MESSAGE)?;
        Ok([a, b, c, d, kind])
    };
    let pieces = output.chunks(MAX_OUTPUT);
    let messages: Vec<_> =
        pieces.map(|piece| Ok((head(piece)?, piece))).collect::<Result<_, FrameError>>()?;
    let mut slices: Vec<IoSlice<'_>> = messages
        .iter()
        .flat_map(|(head, piece)| [IoSlice::new(head), IoSlice::new(piece)])
        .collect();
    frame::write_all_vectored(writer, &mut slices)?;
    writer.flush()?;
    Ok(())
}

fn split(message: &[u8]) -> Result<(u8, &[u8]), MessageError> {
    message.split_first().map(|(kind, rest)| (*kind, rest)).ok_or(MessageError::Empty)
}

fn text(bytes: &[u8]) -> Result<&str, MessageError> {
    str::from_utf8(bytes).map_err(|_| MessageError::Text)
}

fn number(kind: u8, bytes: &[u8]) -> Result<i32, MessageError> {
    if bytes.len() == 4 {
        Ok(BigEndian::read_i32(bytes))
    } else {
        Err(MessageError::Length { kind, length: bytes.len() })
    }
}

#[cfg(test)]
mod tests {
    use common::frame::FrameReader;
    use proptest::prelude::*;

    use super::*;

    fn request_bytes(request: &Request<'_>) -> Vec<u8> {
        let mut bytes = Vec::new();
        request.write(&mut bytes).unwrap();
        bytes
    }

    fn reply_bytes(reply: &Reply<'_>) -> Vec<u8> {
        let mut bytes = Vec::new();
        reply.write(&mut bytes).unwrap();
        bytes
    }

    /// Gives a stream in pieces of `size` bytes.
    struct Pieces<'a>(&'a [u8], usize);

    impl Read for Pieces<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let room = self.1.min(buffer.len());
            self.0.read(&mut buffer[..room])
        }
    }

    #[test]
    fn the_bytes_are_those_of_the_description() {
        assert_eq!(Hello::new(Mode::Plain).bytes(), *b"\x89RCMD\n\x01\x00");
        assert_eq!(Hello::new(Mode::Keyed).bytes(), *b"\x89RCMD\n\x01\x01");
        assert_eq!(request_bytes(&Request::Run("echo hi")), b"\0\0\0\x08\x01echo hi");
        assert_eq!(request_bytes(&Request::Interrupt), b"\0\0\0\x01\x02");
        assert_eq!(request_bytes(&Request::Directory("/tmp")), b"\0\0\0\x05\x03/tmp");
        assert_eq!(reply_bytes(&Reply::Stdout(b"hi\n")), b"\0\0\0\x04\x11hi\n");
        assert_eq!(reply_bytes(&Reply::Stderr(b"\xff")), b"\0\0\0\x02\x12\xff");
        assert_eq!(reply_bytes(&Reply::Exit(3)), b"\0\0\0\x05\x13\0\0\0\x03");
        assert_eq!(reply_bytes(&Reply::Exit(-1)), b"\0\0\0\x05\x13\xff\xff\xff\xff");
        assert_eq!(reply_bytes(&Reply::Signal(9)), b"\0\0\0\x05\x14\0\0\0\x09");
        assert_eq!(reply_bytes(&Reply::Error("no")), b"\0\0\0\x03\x15no");
        assert_eq!(request_bytes(&Request::RunWithInput("cat")), b"\0\0\0\x04\x04cat");
        assert_eq!(request_bytes(&Request::Input(b"\xff\n")), b"\0\0\0\x03\x05\xff\n");
        assert_eq!(request_bytes(&Request::Input(b"")), b"\0\0\0\x01\x05");
        assert_eq!(reply_bytes(&Reply::Taken(0x1_0203)), b"\0\0\0\x05\x16\0\x01\x02\x03");
    }

    #[test]
    fn a_hello_may_come_in_pieces() {
        let hello = Hello::new(Mode::Keyed);
        for size in 1..=HELLO_LEN {
            assert_eq!(Hello::read(&mut Pieces(&hello.bytes(), size)).unwrap(), hello);
        }
    }

    #[test]
    fn a_stranger_is_known_by_its_first_wrong_byte() {
        /// Fails the test where more is waited for.
        struct Impatient<'a>(&'a [u8]);
        impl Read for Impatient<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                assert!(!self.0.is_empty(), "one more read");
                self.0.read(buffer)
            }
        }
        for stranger in
            [&b"l"[..], b"SSH-2.0-OpenSSH\r\n", b"\x89P", b"\x89RCMD\r", b"\x89RCMD\n\x01\0more"]
        {
            let error = Hello::read(&mut Impatient(stranger)).unwrap_err();
            assert!(matches!(error, HelloError::NotHello(said) if said == stranger));
        }
    }

    #[test]
    fn an_end_before_the_hello_is_told_from_one_within() {
        assert!(matches!(Hello::read(&mut &b""[..]), Err(HelloError::Closed)));
        assert!(
            matches!(Hello::read(&mut &b"\x89RC"[..]), Err(HelloError::NotHello(said)) if said == b"\x89RC")
        );
    }

    #[test]
    fn another_version_is_read_and_left_to_the_caller() {
        let hello = Hello::read(&mut &b"\x89RCMD\n\x07\x02"[..]).unwrap();
        assert_eq!(hello, Hello { version: 7, mode: 2 });
    }

    #[test]
    fn a_message_that_is_none_is_refused() {
        assert_eq!(Request::decode(b""), Err(MessageError::Empty));
        assert_eq!(Request::decode(b"\x11hi"), Err(MessageError::Kind(0x11)));
        assert_eq!(Request::decode(b"\x01\xff"), Err(MessageError::Text));
        assert_eq!(Request::decode(b"\x02!"), Err(MessageError::Length { kind: 2, length: 1 }));
        assert_eq!(Reply::decode(b"\x01ls"), Err(MessageError::Kind(1)));
        assert_eq!(
            Reply::decode(b"\x13\0\0\0"),
            Err(MessageError::Length { kind: 0x13, length: 3 })
        );
        assert_eq!(Reply::decode(b"\x14"), Err(MessageError::Length { kind: 0x14, length: 0 }));
        assert_eq!(Reply::decode(b"\x15\xff"), Err(MessageError::Text));
        assert_eq!(Request::decode(b"\x04\xff"), Err(MessageError::Text));
        assert_eq!(Reply::decode(b"\x16\0\0"), Err(MessageError::Length { kind: 0x16, length: 2 }));
    }

    /// Counts the calls, and takes everything.
    struct Calls(Vec<u8>, usize);

    impl Write for Calls {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.write_vectored(&[IoSlice::new(bytes)])
        }
        fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
            self.1 += 1;
            slices.iter().for_each(|slice| self.0.extend_from_slice(slice));
            Ok(slices.iter().map(|slice| slice.len()).sum())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn long_output_is_several_messages_in_one_call_and_no_output_is_none() {
        for (length, messages) in [
            (0, 0),
            (1, 1),
            (MAX_OUTPUT, 1),
            (MAX_OUTPUT + 1, 2),
            (8 * MAX_OUTPUT, 8),
            (1_000_000, 16),
        ] {
            let output: Vec<u8> = (0..=250).cycle().take(length).collect();
            let mut calls = Calls(Vec::new(), 0);
            Reply::Stderr(&output).write(&mut calls).unwrap();
            assert_eq!(calls.1, messages.min(1), "{length} bytes");
            let mut frames = FrameReader::new(&calls.0[..], Prefix::Native, MAX_MESSAGE);
            let mut came = Vec::new();
            for _ in 0..messages {
                match Reply::decode(frames.next().unwrap().unwrap()).unwrap() {
                    Reply::Stderr(piece) => came.extend_from_slice(piece),
                    other => panic!("{other:?}"),
                }
            }
            assert!(frames.next().unwrap().is_none());
            assert!(came == output, "{length} bytes");
        }
    }

    #[test]
    fn a_message_may_be_as_long_as_the_cap_and_no_longer() {
        let (most, text) = ("x".repeat(MAX_OUTPUT), "x".repeat(MAX_OUTPUT + 1));
        assert!(Reply::Error(&most).write(&mut io::sink()).is_ok());
        assert!(matches!(
            Reply::Error(&text).write(&mut io::sink()),
            Err(FrameError::TooLong { .. })
        ));
        assert!(matches!(
            Request::Run(&text).write(&mut io::sink()),
            Err(FrameError::TooLong { .. })
        ));
    }

    proptest! {
        #[test]
        fn replies_come_out_as_they_went_in_whatever_the_pieces(
            outputs in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..100), 0..4),
            status in any::<i32>(),
            reason in any::<String>(),
            size in 1_usize..20,
        ) {
            let mut replies: Vec<Reply<'_>> = outputs.iter().map(|output| Reply::Stdout(output)).collect();
            replies.extend(outputs.iter().map(|output| Reply::Stderr(output)));
            replies.extend([Reply::Exit(status), Reply::Signal(status), Reply::Error(&reason)]);
            replies.push(Reply::Taken(status.cast_unsigned()));
            let bytes: Vec<u8> = replies.iter().flat_map(reply_bytes).collect();
            let mut frames = FrameReader::new(Pieces(&bytes, size), Prefix::Native, MAX_MESSAGE);
            for reply in replies {
                let message = frames.next().unwrap().unwrap();
                prop_assert_eq!(Reply::decode(message).unwrap(), reply);
            }
            prop_assert!(frames.next().unwrap().is_none());
        }

        #[test]
        fn no_bytes_make_a_decoder_panic(bytes in any::<Vec<u8>>()) {
            let _ = (Request::decode(&bytes), Reply::decode(&bytes), Hello::read(&mut &bytes[..]));
        }
    }
}
