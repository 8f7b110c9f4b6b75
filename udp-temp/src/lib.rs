//! The protocol of a temperature server: one datagram with degrees Celsius as text, one datagram
//! back.
//!
//! Request: a decimal number in UTF-8, blanks around it allowed: `36.6` is `33 36 2e 36`. Nothing
//! ends it: the datagram does.
//!
//! Reply: [`PREFIX`] and the degrees Fahrenheit, `转换为华氏温度为: 97.88`, digit for digit what Python's
//! `str(round(float(text) * 1.8 + 32, 2))` gives; or [`ERROR_PREFIX`] and what is wrong with the
//! request.
//!
//! Everything here is pure; `server/` and `client/` move the bytes.

pub mod number;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use number::Python;

/// Where the server listens, and the client asks, when nothing else is said: the tutorial's
/// address.
pub const DEFAULT_ADDR: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 9999);

/// Room for whatever arrives, in bytes: no datagram is longer.
pub const RECEIVE_BUFFER: usize = 65_535;

/// What stands before the degrees Fahrenheit: 26 bytes of UTF-8.
pub const PREFIX: &str = "转换为华氏温度为: ";

/// What stands before the reason, when a request has no answer. The tutorial has no such reply: its
/// server dies of the request, and its client waits for ever.
pub const ERROR_PREFIX: &str = "error: ";

/// The longest reply, in bytes. A reply much longer than its request would make the server an
/// amplifier for whoever forges the sender's address.
pub const MAX_REPLY: usize = 300;

/// Nothing is colder, in degrees Celsius.
pub const ABSOLUTE_ZERO: f64 = -273.15;

/// The end of every answer of the tutorial's time server: it answers any datagram, hence an error
/// of ours too.
const TIME_SERVER: &str = " 接收到消息";

/// Why a request has no temperature as its answer; the text goes to the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unanswerable {
    /// The datagram is not the text of a decimal number.
    #[error("not a decimal number: send degrees Celsius such as 36.6, -40 or 1e3")]
    NotANumber,
    /// The number, or the answer to it, is beyond what a 64-bit float holds.
    #[error("too large: send a number up to 9.98e307")]
    TooLarge,
    /// The number is below [`ABSOLUTE_ZERO`].
    #[error("below absolute zero: send degrees Celsius from -273.15 up")]
    BelowAbsoluteZero,
}

/// Degrees Fahrenheit, in hundredths, for the text of degrees Celsius.
pub fn convert(request: &[u8]) -> Result<f64, Unanswerable> {
    let celsius = number::parse(request).ok_or(Unanswerable::NotANumber)?;
    if celsius < ABSOLUTE_ZERO {
        return Err(Unanswerable::BelowAbsoluteZero);
    }
    // Two roundings, after the product and after the sum, as in Python; `mul_add` would round once.
    let fahrenheit = celsius * 1.8 + 32.0;
    if !fahrenheit.is_finite() {
        return Err(Unanswerable::TooLarge);
    }
    Ok(number::round_to_hundredths(fahrenheit))
}

/// The reply to `request`, which came from port `from`: at most [`MAX_REPLY`] bytes. `None`: stay
/// silent.
pub fn answer(request: &[u8], from: u16) -> Option<String> {
    match convert(request) {
        Ok(fahrenheit) => Some(format!("{PREFIX}{}", Python(fahrenheit))),
        Err(_) if is_from_a_server(request, from) => None,
        Err(reason) => Some(format!("{ERROR_PREFIX}{reason}")),
    }
}

/// Whether a request that is no number may be a server's reply, so that an error in return would be
/// the beginning of an endless conversation. One datagram with a forged sender is enough to start
/// one.
///
/// A server that echoes or greets sends our own words back, somewhere in its reply. One that
/// answers with anything else is known only by its port: those of echo (7), daytime (13), chargen
/// (19) and their like are below 1024, where no client is. (inetd refuses requests from there for
/// the same reason.)
fn is_from_a_server(request: &[u8], from: u16) -> bool {
    let quotes_us = [PREFIX, ERROR_PREFIX].iter().any(|words| contains(request, words.as_bytes()));
    quotes_us || request.ends_with(TIME_SERVER.as_bytes()) || from < 1024
}

fn contains(text: &[u8], words: &[u8]) -> bool {
    text.windows(words.len()).any(|window| window == words)
}

/// What a reply says: the whole line `转换为华氏温度为: 97.88`, or why there is none.
pub fn read_reply(reply: &[u8]) -> Result<&[u8], &[u8]> {
    if reply.starts_with(PREFIX.as_bytes()) {
        return Ok(reply);
    }
    Err(reply.strip_prefix(ERROR_PREFIX.as_bytes()).unwrap_or(reply))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CLIENT_PORT: u16 = 40_000;

    fn reply_to(request: &[u8], from: u16) -> Option<Vec<u8>> {
        answer(request, from).map(String::into_bytes)
    }

    #[test]
    fn the_reply_to_36_6_is_these_bytes() {
        let mut bytes = vec![
            0xe8, 0xbd, 0xac, 0xe6, 0x8d, 0xa2, 0xe4, 0xb8, 0xba, 0xe5, 0x8d, 0x8e, 0xe6, 0xb0,
            0x8f, 0xe6, 0xb8, 0xa9, 0xe5, 0xba, 0xa6, 0xe4, 0xb8, 0xba, 0x3a, 0x20,
        ];
        bytes.extend(b"97.88");
        assert_eq!(bytes.len(), 31);
        assert_eq!(reply_to(b"36.6", CLIENT_PORT), Some(bytes));
    }

    /// Made with Python 3.11: `print(round(float(text) * 1.8 + 32, 2))`.
    #[test]
    fn answers_agree_with_python() {
        for (celsius, fahrenheit) in [
            ("0", "32.0"),
            ("-40", "-40.0"),
            ("36.6", "97.88"),
            (" 36.6 ", "97.88"),
            ("37.777", "100.0"),
            ("100", "212.0"),
            ("1e3", "1832.0"),
            ("1E3", "1832.0"),
            (".5", "32.9"),
            ("5.", "41.0"),
            ("+5", "41.0"),
            ("-273.15", "-459.67"),
            ("-17.777777778", "-0.0"),
            ("-17.78", "-0.0"),
            ("-0.0", "32.0"),
            ("1e-400", "32.0"),
            ("2.675", "36.81"),
            ("0.069444444444", "32.12"),
            ("0.0625", "32.11"),
            ("1234567.891", "2222254.2"),
            ("1e13", "18000000000032.0"),
            ("5e15", "9000000000000032.0"),
            ("5555555555555538", "1e+16"),
            ("1e16", "1.8000000000000032e+16"),
            ("100000000000000000000", "1.8e+20"),
            ("1e300", "1.8e+300"),
            ("9.987e307", "1.7976600000000002e+308"),
            ("123456789012345678", "2.2222222022222227e+17"),
            ("4503599627370496", "8106479329266925.0"),
            ("5003999585967217.5", "9007199254741024.0"),
            ("12345678901234567890e-10", "2222222234.22"),
            ("-100.005", "-148.01"),
            ("36.659999", "97.99"),
            // two shortest texts are equally near, and the even one is shown
            ("580208303801264.0", "1044374946842307.2"),
            ("1194904457547241.5", "2150828023585066.8"),
            // the sum lies exactly half-way between two hundredths
            ("10066.458333333334", "18151.62"),
            ("13608.541666666666", "24527.38"),
            ("853.2638888888889", "1567.88"),
            ("13557.291666666666", "24435.12"),
            ("6615.069444444444", "11939.12"),
        ] {
            let shown = convert(celsius.as_bytes()).map(|f| Python(f).to_string());
            assert_eq!(shown.as_deref(), Ok(fahrenheit), "{celsius}");
        }
    }

    #[test]
    fn what_cannot_be_converted_gets_the_reason() {
        use Unanswerable::{BelowAbsoluteZero, NotANumber, TooLarge};
        for (request, reason) in [
            ("", NotANumber),
            ("abc", NotANumber),
            ("36,6", NotANumber),
            ("36.6℃", NotANumber),
            ("３６．６", NotANumber),
            ("0x10", NotANumber),
            ("1_0", NotANumber),
            ("nan", NotANumber),
            ("inf", NotANumber),
            ("-273.16", BelowAbsoluteZero),
            ("-1e400", BelowAbsoluteZero),
            ("1e400", TooLarge),
            ("1e308", TooLarge),
        ] {
            assert_eq!(convert(request.as_bytes()), Err(reason), "{request:?}");
            let reply = reply_to(request.as_bytes(), CLIENT_PORT).unwrap();
            assert_eq!(reply, format!("error: {reason}").as_bytes());
            assert_eq!(read_reply(&reply), Err(reason.to_string().as_bytes()));
        }
    }

    #[test]
    fn an_error_is_never_answered_with_an_error() {
        let error = reply_to(b"abc", CLIENT_PORT).unwrap();
        assert_eq!(reply_to(&error, CLIENT_PORT), None);
    }

    #[test]
    fn no_server_s_reply_to_ours_is_answered() {
        for ours in [reply_to(b"25", CLIENT_PORT).unwrap(), reply_to(b"abc", CLIENT_PORT).unwrap()]
        {
            let greeted = [b"Hello, ", ours.as_slice(), b"!"].concat();
            let timed = "Sat Nov 21 05:47:12 2026 接收到消息";
            assert_eq!(reply_to(&ours, CLIENT_PORT), None, "an echo");
            assert_eq!(reply_to(&greeted, CLIENT_PORT), None, "a greeting");
            assert_eq!(reply_to(timed.as_bytes(), CLIENT_PORT), None, "the time");
            assert_eq!(reply_to(b"!\"#$%&'()*+,-./", 19), None, "chargen");
        }
    }

    #[test]
    fn a_number_from_a_low_port_is_answered() {
        assert!(reply_to(b"25", 7).is_some());
    }

    proptest! {
        #[test]
        fn every_reply_is_short_text_that_says_which_it_is(request in prop::collection::vec(any::<u8>(), 0..60)) {
            let reply = reply_to(&request, CLIENT_PORT);
            if let Some(reply) = reply {
                prop_assert!(reply.len() <= MAX_REPLY);
                prop_assert!(String::from_utf8(reply.clone()).is_ok());
                prop_assert_eq!(read_reply(&reply).is_ok(), convert(&request).is_ok());
            }
        }

        #[test]
        fn two_servers_never_talk_for_long(request in prop::collection::vec(any::<u8>(), 0..60)) {
            let mut said = request;
            for _ in 0..2 {
                match reply_to(&said, CLIENT_PORT) {
                    Some(reply) => said = reply,
                    None => return Ok(()),
                }
            }
            prop_assert_eq!(reply_to(&said, CLIENT_PORT), None);
        }

        #[test]
        fn answers_are_finite_and_not_below_absolute_zero(celsius in any::<f64>()) {
            if let Ok(fahrenheit) = convert(celsius.to_string().as_bytes()) {
                prop_assert!(fahrenheit.is_finite() && fahrenheit >= -459.67);
            }
        }
    }
}
