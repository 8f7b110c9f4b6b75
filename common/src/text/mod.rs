//! What programs say, in each language.
//!
//! Code names what it says, and a file called `text.rs` beside it holds the words in every
//! language:
//!
//! ```
//! common::texts! {
//!     /// Why a client was not let in.
//!     pub fn full(most) {
//!         en: "no seat: {most} clients are served already",
//!         zh: "没有空位：已有 {most} 个客户端",
//!     }
//!     /// The prompt of a chat.
//!     pub fn prompt() {
//!         en: "you: ",
//!         zh: "你：",
//!     }
//! }
//!
//! assert_eq!(full(2), "no seat: 2 clients are served already");
//! assert_eq!(prompt(), "you: ");
//! ```
//!
//! A text that lacks a language does not compile. Tables of words are made of [`Text`]. The help of
//! options, whose English stands beside them, has its Chinese by [`cli::InChinese`].
//!
//! [`cli::InChinese`]: crate::cli::InChinese

mod lang;
pub(crate) mod network;
pub(crate) mod options;
pub(crate) mod system;
#[cfg(any(windows, all(test, target_os = "linux")))]
pub(crate) mod system_english;
pub(crate) mod words;

use std::fmt::{self, Display, Formatter};

pub use lang::{LANG_OF_THE_LAB, Lang, lang, speak, speaking};
pub use words::{because, cannot_start_thread, cannot_write_stdout, how_it_ended, list};

/// The same words in each language; displayed in the one that the program speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// In English.
    pub en: &'static str,
    /// In Chinese.
    pub zh: &'static str,
}

impl Text {
    /// The words in the language that the program speaks.
    pub fn words(self) -> &'static str {
        self.words_in(lang())
    }

    /// The words in `language`.
    pub fn words_in(self, language: Lang) -> &'static str {
        match language {
            Lang::En => self.en,
            Lang::Zh => self.zh,
        }
    }
}

impl Display for Text {
    fn fmt(&self, to: &mut Formatter<'_>) -> fmt::Result {
        to.pad(self.words())
    }
}

/// Functions that say something in the language that the program speaks: without parameters a
/// `&'static str`, with parameters, which stand in braces as in [`format!`], a `String`.
#[macro_export]
macro_rules! texts {
    (@one $(#[$about:meta])* $sight:vis fn $name:ident() $en:literal $zh:literal) => {
        $(#[$about])*
        $sight fn $name() -> &'static str {
            $crate::text::Text { en: $en, zh: $zh }.words()
        }
    };
    (@one $(#[$about:meta])* $sight:vis fn $name:ident($($value:ident),+) $en:literal $zh:literal) => {
        $(#[$about])*
        $sight fn $name($($value: impl ::std::fmt::Display),+) -> ::std::string::String {
            match $crate::text::lang() {
                $crate::text::Lang::En => ::std::format!($en),
                $crate::text::Lang::Zh => ::std::format!($zh),
            }
        }
    };
    ($(
        $(#[$about:meta])*
        $sight:vis fn $name:ident($($value:ident),* $(,)?) { en: $en:literal, zh: $zh:literal $(,)? }
    )*) => {
        $($crate::texts! { @one $(#[$about])* $sight fn $name($($value),*) $en $zh })*
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    crate::texts! {
        /// Without anything to fill in.
        fn greeting() { en: "hello", zh: "你好" }
        fn sent(count, to) {
            en: "{count} bytes sent to {to}",
            zh: "已向 {to} 发送 {count} 字节",
        }
    }

    #[test]
    fn a_text_is_said_in_the_language_that_is_spoken() {
        let say = || (greeting(), sent(3, "b"));
        assert_eq!(speaking(Lang::En, say), ("hello", "3 bytes sent to b".to_owned()));
        assert_eq!(speaking(Lang::Zh, say), ("你好", "已向 b 发送 3 字节".to_owned()));
        let text = Text { en: "yes", zh: "是" };
        assert_eq!(speaking(Lang::Zh, || text.to_string()), "是");
        assert_eq!((text.words(), text.words_in(Lang::Zh)), ("yes", "是"));
    }
}
