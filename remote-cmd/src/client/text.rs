//! What the client says, in English and in Chinese.

common::texts! {
    pub(crate) fn cannot_read_input() { en: "cannot read standard input", zh: "无法读取标准输入" }
    pub(crate) fn script_too_long(most) {
        en: "a script of more than {most} bytes cannot be sent",
        zh: "超过 {most} 字节的脚本发不出去",
    }
    pub(crate) fn script_is_no_text() {
        en: "the script is no UTF-8 text",
        zh: "脚本不是 UTF-8 文本",
    }
    pub(crate) fn server_said(words) { en: "the server said: {words}", zh: "服务端说：{words}" }
}
