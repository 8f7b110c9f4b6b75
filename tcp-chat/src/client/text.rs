//! What the client tells its user, in English and in Chinese.

common::texts! {
    pub(crate) fn name_is_for_rooms() {
        en: "--name is for --mode room",
        zh: "--name 只用于 --mode room",
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
    pub(crate) fn cannot_take_name() { en: "cannot take a name", zh: "无法取名" }
    pub(crate) fn long_line(most) {
        en: "a line of more than {most} bytes is not shown",
        zh: "有一行超过 {most} 字节，不显示",
    }
}
