//! What both sides of a chat tell their users, in English and in Chinese. What goes over the wire
//! is not here: it is the same everywhere.

common::texts! {
    /// The other side has closed the connection.
    pub fn has_left(peer) { en: "{peer} has left", zh: "{peer} 走了" }
    /// The same, where the connection broke.
    pub fn has_left_because(peer, cause) {
        en: "{peer} has left: {cause}",
        zh: "{peer} 走了：{cause}",
    }
    /// The other side has ended the conversation by the word for that.
    pub fn said_the_word(peer, word) { en: "{peer} said {word}", zh: "{peer} 说了 {word}" }
    /// In turns, somebody was owed an answer.
    pub fn left_without_word(peer, word) {
        en: "{peer} has left without saying {word}",
        zh: "{peer} 没有说 {word} 就走了",
    }
    /// Why an empty line is not sent.
    pub fn empty_line() { en: "an empty line cannot be sent", zh: "空行发不出去" }
    /// Why a line is not sent in turns.
    pub fn not_our_turn() { en: "it is the other side's turn", zh: "现在轮到对方说" }
    /// A line is lost, and why.
    pub fn line_not_sent(why) { en: "{why}: the line was not sent", zh: "{why}：这一行没有发出" }
    /// Whoever was at the prompt was talking to somebody who has left.
    pub fn nobody_is_connected() { en: "nobody is connected", zh: "现在没有人连上来" }
    pub(crate) fn cannot_start_typist() {
        en: "cannot start the thread that reads what is typed",
        zh: "无法启动读取键入内容的线程",
    }
    pub(crate) fn cannot_start_receiver() {
        en: "cannot start the thread that receives",
        zh: "无法启动负责接收的线程",
    }

    // Words that end a conversation, and names.
    pub(crate) fn empty_word() {
        en: "an empty message cannot be sent, so it cannot end anything",
        zh: "空消息发不出去，所以不能用来结束对话",
    }
    pub(crate) fn word_of_lines() { en: "the end word is one line", zh: "结束词只能是一行" }
    pub(crate) fn name_length(most) {
        en: "a name has 1 to {most} characters: /nick NAME",
        zh: "名字是 1 到 {most} 个字符",
    }
    pub(crate) fn name_unseen() {
        en: "a name has no blanks and nothing that cannot be seen",
        zh: "名字里不能有空格，也不能有看不见的字符",
    }
    pub(crate) fn name_mark() {
        en: "a name does not begin with a mark, which would stand on what is before it",
        zh: "名字不能以组合字符开头，它会叠在前面的字上",
    }
    pub(crate) fn name_signs() {
        en: "a name has no : and no \\, and does not begin with * or /, or what looks so",
        zh: "名字里不能有 : 和 \\，也不能以 * 或 / 开头，看上去像它们的也不行",
    }

    // What a server tells somebody whom it sends away, as its client says it.
    pub(crate) fn server_is_full() {
        en: "the server is full: try again later",
        zh: "服务端满员了：过一会儿再试",
    }
    pub(crate) fn room_is_full() { en: "the room is full", zh: "聊天室满了" }
    pub(crate) fn you_were_silent(seconds) {
        en: "you have been dropped: nothing was heard from you for {seconds} s (--idle-timeout)",
        zh: "你已被请出：{seconds} 秒没有听到你说话（--idle-timeout）",
    }
    pub(crate) fn you_do_not_read() {
        en: "you have been dropped: you do not read what is said",
        zh: "你已被请出：你不读别人说的话",
    }
    pub(crate) fn you_speak_http() {
        en: "you have been dropped: this is no web server, and nothing of your request was said",
        zh: "你已被请出：这里不是网页服务器，你的请求一句也没有说出去",
    }
}
