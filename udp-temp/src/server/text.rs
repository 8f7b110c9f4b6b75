//! What the server says, in English and in Chinese.

common::texts! {
    pub(crate) fn cannot_receive() { en: "cannot receive", zh: "无法接收" }
    /// What stands before a question.
    pub(crate) fn received_from(client) { en: "Received from {client}: ", zh: "收到 {client}：" }
    pub(crate) fn no_answer_for(client) {
        en: "{client} gets no answer, for it may be a server: two would go on for ever",
        zh: "不回答 {client}：它可能也是服务端，两个服务端会没完没了地互相回答",
    }
}
