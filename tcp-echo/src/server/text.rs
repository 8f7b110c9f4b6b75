//! What the server says, in English and in Chinese.

common::texts! {
    pub(crate) fn connected(peer) { en: "{peer} connected", zh: "{peer} 已连接" }
    pub(crate) fn closed(peer) { en: "{peer} closed", zh: "{peer} 已关闭" }
    pub(crate) fn cannot_start_printer() {
        en: "cannot start the thread that prints",
        zh: "无法启动负责打印的线程",
    }
    pub(crate) fn cannot_start_workers() {
        en: "cannot start the threads that carry the tasks",
        zh: "无法启动承载任务的线程",
    }
    pub(crate) fn cannot_wait() { en: "cannot wait for clients", zh: "无法等待客户端" }
    pub(crate) fn read_size() {
        en: "a buffer has 1 to 16777216 bytes",
        zh: "缓冲区是 1 到 16777216 字节",
    }
}
