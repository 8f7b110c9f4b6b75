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
}
