//! What the client says, in English and in Chinese.

use udp_temp::Unanswerable;

common::texts! {
    pub(crate) fn prompt() { en: "degrees Celsius> ", zh: "摄氏度> " }
    /// What the server finds wrong with a question.
    pub(crate) fn refused(celsius, reason) { en: "'{celsius}': {reason}", zh: "“{celsius}”：{reason}" }
    pub(crate) fn cannot_ask(server, bytes) {
        en: "cannot ask {server} in a datagram of {bytes} bytes",
        zh: "无法用一个 {bytes} 字节的数据报去问 {server}",
    }
    pub(crate) fn no_answer(celsius, server, tries, seconds) {
        en: "no answer to '{celsius}' from {server} (tries: {tries}, {seconds} s each); is a server of this kind there? \
             --timeout and --retries allow more",
        zh: "{server} 没有回答“{celsius}”（试了 {tries} 次，每次 {seconds} 秒）；那里有这样的服务端吗？\
             --timeout 和 --retries 可以多等、多试几次",
    }

    fn not_a_number() {
        en: "not a decimal number: send degrees Celsius such as 36.6, -40 or 1e3",
        zh: "不是十进制数：请发摄氏度，例如 36.6、-40 或 1e3",
    }
    fn too_large() {
        en: "too large: send a number up to 9.98e307",
        zh: "太大了：请发不超过 9.98e307 的数",
    }
    fn below_absolute_zero() {
        en: "below absolute zero: send degrees Celsius from -273.15 up",
        zh: "低于绝对零度：请发不低于 -273.15 的摄氏度",
    }
}

/// What the server finds wrong, which comes in English whatever this program speaks; other servers
/// have other words.
pub(crate) fn reason(said: &str) -> &str {
    use Unanswerable::{BelowAbsoluteZero, NotANumber, TooLarge};

    let reasons = [NotANumber, TooLarge, BelowAbsoluteZero];
    match reasons.into_iter().find(|reason| reason.to_string() == said) {
        Some(NotANumber) => not_a_number(),
        Some(TooLarge) => too_large(),
        Some(BelowAbsoluteZero) => below_absolute_zero(),
        None => said,
    }
}

#[cfg(test)]
mod tests {
    use common::text::{Lang, speaking};

    use super::*;

    #[test]
    fn a_reason_that_came_in_english_is_told_in_the_users_language() {
        let said = Unanswerable::BelowAbsoluteZero.to_string();
        assert_eq!(speaking(Lang::En, || reason(&said)), said);
        assert_eq!(
            speaking(Lang::Zh, || reason(&said)),
            "低于绝对零度：请发不低于 -273.15 的摄氏度"
        );
        for said in [Unanswerable::NotANumber, Unanswerable::TooLarge] {
            assert!(!speaking(Lang::Zh, || reason(&said.to_string()).is_ascii()), "{said}");
        }
        assert_eq!(speaking(Lang::Zh, || reason("zu kalt")), "zu kalt");
    }
}
