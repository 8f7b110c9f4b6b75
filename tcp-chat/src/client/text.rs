//! What the client tells its user, in English and in Chinese.

common::texts! {
    pub(crate) fn name_is_for_rooms() {
        en: "--name is for --mode room",
        zh: "--name 只用于 --mode room",
    }
    pub(crate) fn reconnect_is_for_rooms() {
        en: "--reconnect is for --mode room: only a room has a place to come back to",
        zh: "--reconnect 只用于 --mode room：只有聊天室里才有位置可回",
    }
    // `--reconnect`.
    pub(crate) fn tries_again(why, seconds) {
        en: "{why}; trying again in {seconds} s",
        zh: "{why}；{seconds} 秒后再试",
    }
    pub(crate) fn connected_again(peer) {
        en: "connected to {peer} again",
        zh: "又连上 {peer} 了",
    }
    pub(crate) fn name_is_taken(wanted, name) {
        en: "somebody has the name {wanted}; you are {name} until it is free",
        zh: "名字 {wanted} 有人在用；在它空出来以前，你叫 {name}",
    }
    pub(crate) fn line_is_kept() {
        en: "not connected: the line is kept, and said when the room is there again",
        zh: "连接断了：这一行先留着，等重新连上聊天室再说出去",
    }
    pub(crate) fn no_room() {
        en: "not connected, and enough lines are kept already",
        zh: "连接断了，留着的行也已经够多",
    }
    pub(crate) fn lines_not_sent(lines) {
        en: "not connected: lines that were kept and not sent: {lines}",
        zh: "连接断了：留着的 {lines} 行没有发出",
    }
    /// A line went into a connection that was lost before the room had said it.
    pub(crate) fn may_be_unheard(line) {
        en: "perhaps nobody has heard: {line}",
        zh: "可能没有人听到：{line}",
    }
    pub(crate) fn more_may_be_unheard(count) {
        en: "perhaps nobody has heard {count} more lines",
        zh: "还有 {count} 行可能没有人听到",
    }

    pub(crate) fn connected_to(peer) {
        en: "connected to {peer}; Ctrl+D leaves",
        zh: "已连接 {peer}；按 Ctrl+D 离开",
    }
    pub(crate) fn does_not_answer(peer) {
        en: "{peer} does not answer any more",
        zh: "{peer} 不再回答",
    }
    pub(crate) fn other_side_does_not_answer() {
        en: "the other side does not answer any more",
        zh: "对方不再回答",
    }
    pub(crate) fn has_closed(peer, words) {
        en: "{peer} has closed: {words}",
        zh: "{peer} 关闭了连接：{words}",
    }
    pub(crate) fn both_threads_failed() {
        en: "both threads have failed",
        zh: "两个线程都出错了",
    }
    pub(crate) fn cannot_take_name() { en: "cannot take a name", zh: "无法向聊天室报上名字" }
    pub(crate) fn long_line(most) {
        en: "a line of more than {most} bytes is not shown",
        zh: "有一行超过 {most} 字节，不显示",
    }
}
