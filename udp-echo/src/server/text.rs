//! What the server says, in English and in Chinese.

common::texts! {
    pub(crate) fn cannot_receive() { en: "cannot receive", zh: "无法接收" }
    pub(crate) fn cannot_share_socket() { en: "cannot share the socket", zh: "无法共用套接字" }
    /// What stands before a datagram.
    pub(crate) fn received_from(client) { en: "Received from {client}: ", zh: "收到 {client}：" }
    /// The same, of one that `--drop` has lost.
    pub(crate) fn dropped_from(client) { en: "Dropped from {client}: ", zh: "丢弃 {client}：" }
    pub(crate) fn no_answer_for(client, why) {
        en: "{client} gets no answer: {why}; two servers would go on for ever",
        zh: "不回答 {client}：{why}；两个服务端会没完没了地互相回答",
    }
    pub(crate) fn once_more(seed) {
        en: "--seed {seed} does the same to the datagrams again",
        zh: "再次运行时加上 --seed {seed}，数据报的遭遇就完全一样",
    }
    pub(crate) fn too_many_wait(client) {
        en: "too many replies wait for --delay: that to {client} is dropped",
        zh: "被 --delay 扣住的回答太多：丢弃了给 {client} 的这一个",
    }
}
