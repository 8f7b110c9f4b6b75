//! What the server says to whoever runs it, in each language.

common::texts! {
    /// Behind `listening on [::]:8080`.
    pub(crate) fn other_machines(urls) {
        en: "other machines reach it at {urls}",
        zh: "其他机器可以用这些地址访问：{urls}",
    }
    /// `--qr` of a server that nobody else reaches.
    pub(crate) fn nobody_else(addr) {
        en: "no code is drawn: only this machine reaches {addr}; listen for others with -a :PORT",
        zh: "没有画二维码：只有本机能访问 {addr}；要让其他机器也能访问，请用 -a :PORT 监听",
    }
}
