//! What the server tells its user, in English and in Chinese.

common::texts! {
    pub(crate) fn only_rooms_have_history() {
        en: "only a room has a history: add --mode room, or leave --history out",
        zh: "只有聊天室才有历史：加上 --mode room，或者去掉 --history",
    }
    pub(crate) fn has_joined(peer) { en: "{peer} has joined", zh: "{peer} 来了" }
    pub(crate) fn has_joined_as(peer, name) {
        en: "{peer} has joined as {name}",
        zh: "{peer} 来了，名叫 {name}",
    }
    pub(crate) fn member_has_left(peer, name) {
        en: "{peer} has left: {name}",
        zh: "{peer}（{name}）走了",
    }
    pub(crate) fn member_has_left_because(peer, name, cause) {
        en: "{peer} has left: {name}: {cause}",
        zh: "{peer}（{name}）走了：{cause}",
    }
    pub(crate) fn member_does_not_read(peer) {
        en: "{peer} has been dropped: it does not read",
        zh: "{peer} 已被请出：它不读别人说的话",
    }
    pub(crate) fn http_refused(peer) {
        en: "{peer}: an HTTP request was refused and not said",
        zh: "{peer}：拒绝了一个 HTTP 请求，没有说出去",
    }
    pub(crate) fn does_not_read(peer) {
        en: "{peer} does not read: this line was not sent to it",
        zh: "{peer} 没有在读：这一行没有发给它",
    }
    pub(crate) fn input_has_failed(cause) {
        en: "no more is read from standard input: {cause}",
        zh: "不再读标准输入：{cause}",
    }
    pub(crate) fn nothing_more_is_said() {
        en: "nothing more is said from here; Ctrl+C ends the server",
        zh: "这边不再说话；按 Ctrl+C 结束服务端",
    }
}
