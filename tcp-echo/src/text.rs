//! What the protocol has to say to people, in English and in Chinese.

common::texts! {
    pub(crate) fn too_long(most) {
        en: "the message is longer than {most} bytes",
        zh: "消息超过了 {most} 字节",
    }
}
