//! What is said of a program with a planted fault, and in it.

common::texts! {
    /// Its first line, in a comment.
    pub(super) fn is_for(lesson) {
        en: "The server of {lesson}, with one fault in it. Find it, and mend it.",
        zh: "{lesson} 的服务端，里面有一处毛病。找出来，改好它。",
    }
    /// Comments in the program of the chat.
    pub(super) fn queue_of_each() {
        en: "For each client what waits to be sent to it, so that nobody waits for one that does not read.",
        zh: "每个客户端等着发给它的内容：一个客户端不读，别人也不用等它。",
    }
    pub(super) fn behind_the_queue() {
        en: "Behind what still waits.",
        zh: "排在还没发完的后面。",
    }
    /// The fault is mended.
    pub(super) fn it_was(what, check) {
        en: "The fault was: {what} (check {check}).",
        zh: "毛病是：{what}（检查项 {check}）。",
    }
    /// What to do next.
    pub(super) fn next_seed(lesson, seed) {
        en: "Another: cargo lab learn {lesson} --repair --seed {seed}",
        zh: "再来一处：cargo lab learn {lesson} --repair --seed {seed}",
    }
}
