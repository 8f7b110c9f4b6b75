//! Which language a program speaks.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};

/// A language that the programs speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// English.
    En,
    /// Chinese, in simplified characters.
    Zh,
}

/// By this variable of the environment the laboratory tells the programs that it starts which
/// language it was asked for: they stand for what it says, and no option reaches those that a
/// learner's program starts in turn.
pub const LANG_OF_THE_LAB: &str = "LAB_LANG";

/// Set once, at the start of a program; who told nobody anything else speaks English.
static CHINESE: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// What this thread speaks for the moment, whatever the program does.
    static MEANWHILE: Cell<Option<Lang>> = const { Cell::new(None) };
}

/// The language that this program speaks.
pub fn lang() -> Lang {
    let of_the_program = || if CHINESE.load(Ordering::Relaxed) { Lang::Zh } else { Lang::En };
    MEANWHILE.get().unwrap_or_else(of_the_program)
}

/// Says from now on everything in `language`.
pub fn speak(language: Lang) {
    CHINESE.store(language == Lang::Zh, Ordering::Relaxed);
}

/// Makes words in `language`, whatever the program speaks: what a server says to its clients goes
/// over the wire, and is the same in every country.
pub fn speaking<R>(language: Lang, words: impl FnOnce() -> R) -> R {
    struct Restore(Option<Lang>);

    impl Drop for Restore {
        fn drop(&mut self) {
            MEANWHILE.set(self.0);
        }
    }

    let _restore = Restore(MEANWHILE.replace(Some(language)));
    words()
}

impl Lang {
    /// All of them.
    pub const ALL: [Lang; 2] = [Lang::En, Lang::Zh];

    /// What it is called by on a command line (ISO 639): `en`, `zh`.
    pub fn code(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Zh => "zh",
        }
    }

    /// Its tag (RFC 5646), as HTML's `lang` has it: browsers choose fonts and hyphens by it, and
    /// `zh` alone does not say which characters.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Zh => "zh-CN",
        }
    }

    /// The language that is called so on a command line.
    pub fn of_code(code: &str) -> Option<Lang> {
        Lang::ALL.into_iter().find(|language| language.code() == code)
    }

    /// The language of the system: of `LC_ALL`, `LC_MESSAGES` or `LANG`, the first that is set
    /// (`man 7 locale`), and on Windows the user's. The laboratory's, for what it has started.
    pub fn of_the_system() -> Lang {
        let told = std::env::var(LANG_OF_THE_LAB).ok();
        if let Some(language) = told.and_then(|code| Lang::of_code(&code)) {
            return language;
        }
        let set = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .filter_map(std::env::var_os)
            .find(|value| !value.is_empty());
        match set {
            Some(locale) => Lang::of_locale(&locale.to_string_lossy()),
            None => Lang::of_the_user(),
        }
    }

    #[cfg(windows)]
    fn of_the_user() -> Lang {
        sys_locale::get_locale().map_or(Lang::En, |locale| Lang::of_locale(&locale))
    }

    #[cfg(not(windows))]
    fn of_the_user() -> Lang {
        Lang::En
    }

    /// The language of a locale such as `zh_CN.UTF-8` or `zh-Hans-CN`.
    fn of_locale(locale: &str) -> Lang {
        let language: String = locale.chars().take(2).collect();
        if language.eq_ignore_ascii_case("zh") { Lang::Zh } else { Lang::En }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_known_by_its_code_and_written_into_pages_by_its_tag() {
        for language in Lang::ALL {
            assert_eq!(Lang::of_code(language.code()), Some(language));
            assert_eq!(Lang::of_locale(language.tag()), language);
        }
        assert_eq!(Lang::ALL.map(Lang::tag), ["en", "zh-CN"]);
        assert_eq!(Lang::of_code("zh-CN"), None);
    }

    #[test]
    fn a_locale_that_begins_with_zh_is_chinese() {
        for locale in ["zh", "zh_CN.UTF-8", "zh-Hans-CN", "ZH_TW"] {
            assert_eq!(Lang::of_locale(locale), Lang::Zh, "{locale}");
        }
        for locale in ["", "C", "C.UTF-8", "en_US.UTF-8", "POSIX", "z", "és"] {
            assert_eq!(Lang::of_locale(locale), Lang::En, "{locale}");
        }
    }

    #[test]
    fn a_thread_may_speak_another_language_for_a_moment() {
        assert_eq!(speaking(Lang::Zh, lang), Lang::Zh);
        let inner = speaking(Lang::Zh, || speaking(Lang::En, lang));
        assert_eq!(inner, Lang::En);
        assert_eq!(lang(), Lang::En);
        let panicked = std::panic::catch_unwind(|| speaking(Lang::Zh, || panic!("for a moment")));
        assert!(panicked.is_err());
        assert_eq!(lang(), Lang::En);
    }
}
