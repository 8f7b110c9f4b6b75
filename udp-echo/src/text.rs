//! What the protocol has to say to people, in English and in Chinese.

common::texts! {
    pub(crate) fn is_an_answer() { en: "it is an answer itself", zh: "它本身就是一个回答" }
    pub(crate) fn is_a_service() {
        en: "ports below 1024 are servers'",
        zh: "1024 以下的端口是服务端的",
    }
    pub(crate) fn is_our_port() {
        en: "it comes from a server's port, the same as ours",
        zh: "它来自服务端的端口，跟我们的一样",
    }

    // `--ping` at Ctrl+\, which is a notice; the summary is the same in every language.
    pub(crate) fn so_far(sent, received, loss) {
        en: "{received}/{sent} answered, {loss}% loss",
        zh: "已发出 {sent} 个，收到 {received} 个回答，丢失 {loss} %",
    }
    /// Behind that.
    pub(crate) fn times_so_far(times) {
        en: ", min/avg/max = {times} ms",
        zh: "，往返最短/平均/最长 = {times} ms",
    }
}
