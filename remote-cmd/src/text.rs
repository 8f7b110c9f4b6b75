//! What the protocols have to say to people, in English and in Chinese. What a server says to its
//! clients is not here: it is the same in every country.

common::texts! {
    pub(crate) fn not_a_length(said) {
        en: "\"{said}\" is not the length of an answer (does the server use another --framing?)",
        zh: "“{said}”不是回答的长度（服务端用的是别的 --framing 吗？）",
    }
    pub(crate) fn answer_too_long(length, most) {
        en: "an answer of {length} bytes is announced, above the limit of {most}",
        zh: "预告的回答有 {length} 字节，超过了 {most} 字节的上限",
    }
    pub(crate) fn not_a_key() {
        en: "a key is 64 hexadecimal digits and a newline (remote-cmd-server --new-key FILE writes one)",
        zh: "密钥是 64 位十六进制数字加一个换行（remote-cmd-server --new-key FILE 可以写一个）",
    }
    pub(crate) fn cannot_use_key_file(path) {
        en: "cannot use the key file {path}",
        zh: "不能使用密钥文件 {path}",
    }
    pub(crate) fn others_may_read(mode, path) {
        en: "others may read it (mode {mode}); make it yours alone: chmod 600 {path}",
        zh: "别人也能读它（权限 {mode}）；改成只有自己能读：chmod 600 {path}",
    }
    pub(crate) fn keys_differ() {
        en: "the keys of the two sides are not the same",
        zh: "双方的密钥不一样",
    }
    pub(crate) fn closed_in_handshake() {
        en: "the peer closed the connection within the handshake",
        zh: "对端在握手中关闭了连接",
    }
    pub(crate) fn encryption_failed(why) {
        en: "the encryption failed: {why}",
        zh: "加密失败：{why}",
    }
    pub(crate) fn forged() {
        en: "a record was changed on the way, or is not of this connection",
        zh: "有一条记录在路上被改动了，或者不是这条连接的",
    }
    pub(crate) fn no_hello() {
        en: "the peer closed the connection without a word",
        zh: "对端一句话没说就关闭了连接",
    }
    pub(crate) fn not_stream(said) {
        en: "the peer does not speak the framing stream, it said \"{said}\"",
        zh: "对端用的不是 stream 分帧，它说“{said}”",
    }
    pub(crate) fn empty_message() { en: "the peer sent an empty message", zh: "对端发来了空消息" }
    pub(crate) fn unknown_kind(kind) {
        en: "the peer sent a message of the unknown kind 0x{kind}",
        zh: "对端发来了不认识的消息，种类是 0x{kind}",
    }
    pub(crate) fn no_utf8() {
        en: "the peer sent a text that is no UTF-8",
        zh: "对端发来的文本不是 UTF-8",
    }
    pub(crate) fn wrong_length(kind, length) {
        en: "the peer sent a message of the kind 0x{kind} with {length} bytes in it",
        zh: "对端发来了种类为 0x{kind} 的消息，里面有 {length} 字节",
    }
    pub(crate) fn http_refused() {
        en: "an HTTP request was refused and not run",
        zh: "拒绝了一个 HTTP 请求，什么也没有运行",
    }
    pub(crate) fn tls_refused() {
        en: "a TLS handshake was refused and not run",
        zh: "拒绝了一次 TLS 握手，什么也没有运行",
    }
    pub(crate) fn stream_refused() {
        en: "a client speaks the framing stream, this server does not (see --framing)",
        zh: "有个客户端用的是 stream 分帧，这个服务端不是（见 --framing）",
    }
}
