//! What the client says, in English and in Chinese.

common::texts! {
    pub(crate) fn empty_message() {
        en: "an empty message cannot be sent: TCP has no such thing; say something",
        zh: "空消息发不出去：TCP 里没有这种东西；说点什么吧",
    }
    pub(crate) fn cannot_send(server) { en: "cannot send to {server}", zh: "无法向 {server} 发送" }
    pub(crate) fn cannot_send_all(server) {
        en: "cannot send all of it to {server}",
        zh: "没能把所有内容都发给 {server}",
    }
    /// Of a message that nobody answers.
    pub(crate) fn perhaps_unread(server) {
        en: "{server} may not have read all of the message",
        zh: "{server} 可能没有读完这条消息",
    }
    pub(crate) fn cannot_receive(server) {
        en: "cannot receive from {server}",
        zh: "无法从 {server} 接收",
    }
    pub(crate) fn sender_failed() {
        en: "the thread that sends has failed",
        zh: "负责发送的线程出错了",
    }
    pub(crate) fn printer_failed() {
        en: "the thread that prints has failed",
        zh: "负责打印的线程出错了",
    }
    pub(crate) fn closed_early(server) {
        en: "{server} closed the connection before everything was said",
        zh: "话还没有全部发完，{server} 就关闭了连接",
    }
    pub(crate) fn reply_cut() {
        en: "the server closed the connection before its reply was complete",
        zh: "回答还不完整，服务端就关闭了连接",
    }
    pub(crate) fn greeting() { en: "greeting", zh: "问候" }
    pub(crate) fn reply() { en: "reply", zh: "回答" }
    pub(crate) fn nothing_from(what, server) {
        en: "no {what} from {server}",
        zh: "没有收到 {server} 的{what}",
    }
    pub(crate) fn nothing_within(what, server, seconds, dialect) {
        en: "no {what} from {server} within {seconds} s; does the server speak --dialect {dialect}? --timeout allows more",
        zh: "{seconds} 秒内没有收到 {server} 的{what}；服务端说的是 --dialect {dialect} 吗？--timeout 可以多等一会儿",
    }
    /// What a full server says, which comes in English whatever this program speaks.
    pub(crate) fn server_is_full() {
        en: "the server is full: try again later",
        zh: "服务端满员了：过一会儿再试",
    }
    pub(crate) fn answered_in_pieces(pieces) {
        en: "the server took the message in {pieces} pieces and answered each",
        zh: "服务端把这条消息分 {pieces} 块收下，每块都回答了",
    }
    pub(crate) fn other_words() {
        en: "these are not the words of this --dialect: what one recv brings counts as a reply",
        zh: "这不是这个 --dialect 的话：一次 recv 收到的就算一个回答",
    }
    pub(crate) fn said_more() {
        en: "the server said more than it owed: it took some message in several pieces",
        zh: "服务端说的比该说的多：有条消息它是分几块收下的",
    }
}

#[cfg(test)]
mod tests {
    use common::text::{Lang, speaking};

    #[test]
    fn what_a_full_server_says_is_known() {
        assert_eq!(speaking(Lang::En, super::server_is_full), tcp_echo::FULL);
    }
}
