//! Telnet's commands (RFC 854), which `telnet` sends between the words of its user.
//!
//! A command begins with the byte 255 (IAC, «interpret as command»), which no UTF-8 text has. At
//! Ctrl+C telnet asks `DO TIMING-MARK`, and shows nothing of what comes until that is answered. So
//! every wish for an option is declined, and no command is shown to anybody.

/// Interpret as command.
const IAC: u8 = 255;
const DONT: u8 = 254;
const DO: u8 = 253;
const WONT: u8 = 252;
const WILL: u8 = 251;
/// The parameters of an option begin.
const SB: u8 = 250;
/// They end. The smallest byte that is a command.
const SE: u8 = 240;

/// Where in a command the stream is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    #[default]
    Text,
    /// After IAC.
    Command,
    /// After IAC and the verb: the option comes.
    Option(u8),
    /// Among the parameters of an option.
    Parameters,
    /// After IAC among them.
    CommandInParameters,
}

/// Takes the commands out of what a member sends.
#[derive(Debug, Default)]
pub struct Telnet {
    place: Place,
}

impl Telnet {
    /// Returns the text in what has come, and what is to be answered to telnet.
    pub fn push(&mut self, bytes: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let (mut text, mut answer) = (Vec::with_capacity(bytes.len()), Vec::new());
        for &byte in bytes {
            self.place = match (self.place, byte) {
                (Place::Text, IAC) => Place::Command,
                (Place::Text, byte) => {
                    text.push(byte);
                    Place::Text
                }
                // Twice, it is the byte itself.
                (Place::Command, IAC) => {
                    text.push(IAC);
                    Place::Text
                }
                (Place::Command, DO | DONT | WILL | WONT) => Place::Option(byte),
                (Place::Command, SB) => Place::Parameters,
                // Interrupt, are you there, nothing: no option follows, and none needs an answer.
                (Place::Command, SE..) => Place::Text,
                // No telnet, but bytes that are no text.
                (Place::Command, byte) => {
                    text.extend([IAC, byte]);
                    Place::Text
                }
                // Option 10 is historic (RFC 652). A line that ends here was no telnet.
                (Place::Option(verb), b'\n') => {
                    text.extend([IAC, verb, b'\n']);
                    Place::Text
                }
                (Place::Option(verb), option) => {
                    match verb {
                        DO => answer.extend([IAC, WONT, option]),
                        WILL => answer.extend([IAC, DONT, option]),
                        // It agrees to what is so already.
                        _ => {}
                    }
                    Place::Text
                }
                (Place::Parameters, IAC) => Place::CommandInParameters,
                (Place::CommandInParameters, SE) => Place::Text,
                (Place::Parameters | Place::CommandInParameters, _) => Place::Parameters,
            };
        }
        (text, answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn whole(bytes: &[u8]) -> (Vec<u8>, Vec<u8>) {
        Telnet::default().push(bytes)
    }

    #[test]
    fn wishes_are_declined_and_nobody_sees_them() {
        // Ctrl+C of telnet: interrupt process, do timing mark.
        assert_eq!(whole(b"a\xff\xf4\xff\xfd\x06b"), (b"ab".to_vec(), b"\xff\xfc\x06".to_vec()));
        // Will terminal type, will window size: both are declined.
        let wishes = b"\xff\xfb\x18\xff\xfb\x1f\xff\xfe\x01\xff\xfc\x03";
        assert_eq!(whole(wishes), (Vec::new(), b"\xff\xfe\x18\xff\xfe\x1f".to_vec()));
        // Are you there, go ahead, nothing.
        assert_eq!(whole(b"x\xff\xf6\xff\xf9\xff\xf1y"), (b"xy".to_vec(), Vec::new()));
    }

    #[test]
    fn parameters_of_an_option_are_no_text() {
        assert_eq!(
            whole(b"a\xff\xfa\x18\x00XTERM\xff\xff\n\xff\xf0b\n"),
            (b"ab\n".to_vec(), Vec::new())
        );
    }

    #[test]
    fn what_is_no_command_stays() {
        assert_eq!(whole("你好\n".as_bytes()), ("你好\n".into(), Vec::new()));
        assert_eq!(whole(b"\xff\xff\xff\n\xff\tx"), (b"\xff\xff\n\xff\tx".to_vec(), Vec::new()));
        assert_eq!(whole(b"\xff\xfe\nhi"), (b"\xff\xfe\nhi".to_vec(), Vec::new()));
    }

    proptest! {
        #[test]
        fn the_pieces_do_not_matter(bytes in any::<Vec<u8>>(), commands in any::<Vec<(bool, u8)>>(), size in 1_usize..5) {
            let mut all = bytes;
            all.extend(commands.into_iter().flat_map(|(iac, byte)| if iac { vec![IAC, byte | 0xf0] } else { vec![byte] }));
            let (mut telnet, mut text, mut answer) = (Telnet::default(), Vec::new(), Vec::new());
            for piece in all.chunks(size) {
                let (more, reply) = telnet.push(piece);
                text.extend(more);
                answer.extend(reply);
            }
            prop_assert_eq!((text, answer), whole(&all));
        }
    }
}
