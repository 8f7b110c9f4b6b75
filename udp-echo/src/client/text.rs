//! What the client says, in English and in Chinese.

common::texts! {
    pub(crate) fn prompt() { en: "message> ", zh: "消息> " }
    pub(crate) fn ping_needs_request() {
        en: "--ping needs replies that carry the request: --dialect greet or raw",
        zh: "--ping 要求回答里带着请求：用 --dialect greet 或 raw",
    }
    pub(crate) fn unanswered(unanswered, messages, server) {
        en: "no answer to {unanswered} of {messages} messages from {server}; is a server of this dialect there? --timeout \
             and --retries allow more",
        zh: "{server} 没有回答 {messages} 条消息中的 {unanswered} 条；那里有说这种方言的服务端吗？\
             --timeout 和 --retries 可以多等、多试几次",
    }
    pub(crate) fn other_dialect() {
        en: "this is no answer of that dialect to that message; has the server another --dialect?",
        zh: "按这种方言，这不是那条消息的回答；服务端用的是别的 --dialect 吗？",
    }
    pub(crate) fn no_answer(message, tries, seconds, why) {
        en: "no answer to '{message}' (tries: {tries}, {seconds} s each){why}",
        zh: "“{message}”没有得到回答（试了 {tries} 次，每次 {seconds} 秒）{why}",
    }
    pub(crate) fn network_said(told) { en: ": {told}", zh: "：{told}" }
    pub(crate) fn like_an_answer() {
        en: ": it is like a server's answer, and those get none",
        zh: "：它像是服务端的回答，而回答是不会再得到回答的",
    }
    pub(crate) fn cannot_send(bytes, server) {
        en: "cannot send {bytes} bytes to {server}",
        zh: "无法向 {server} 发送 {bytes} 字节",
    }
    pub(crate) fn count(sent, received, lost) {
        en: "{sent} sent, {received} received, {lost} lost",
        zh: "发出 {sent} 个，收到 {received} 个，丢失 {lost} 个",
    }
    pub(crate) fn refused(count) { en: ", {count} refused", zh: "，被拒 {count} 个" }
    pub(crate) fn late(count) { en: ", {count} late or twice", zh: "，迟到或重复 {count} 个" }

    // `--ping`; its summary is the same in every language.
    pub(crate) fn no_pong(server) {
        en: "no answer from {server}; is a server of this dialect there?",
        zh: "{server} 没有回答；那里有说这种方言的服务端吗？",
    }
    pub(crate) fn pong(bytes, server, number, time, mark) {
        en: "{bytes} bytes from {server}: seq={number} time={time} ms{mark}",
        zh: "来自 {server} 的 {bytes} 字节：seq={number} time={time} ms{mark}",
    }
    pub(crate) fn overtaken() { en: " (out of order)", zh: "（乱序）" }
    pub(crate) fn duplicate() { en: " (DUP!)", zh: "（重复！）" }
    pub(crate) fn no_pong_this(bytes, server) {
        en: "{bytes} bytes from {server} are no answer to a ping; has the server another --dialect?",
        zh: "来自 {server} 的 {bytes} 字节不是 ping 的回答；服务端用的是别的 --dialect 吗？",
    }
    pub(crate) fn told_of(number, told) { en: "seq={number}: {told}", zh: "seq={number}：{told}" }
}
