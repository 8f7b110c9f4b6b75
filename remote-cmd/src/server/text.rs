//! What the server says, in English and in Chinese. What it says to clients is not here: it is the
//! same in every country.

use common::text::Text;

// Why a client is closed. It may be told so, too, and then in English: said when it is shown.
pub(crate) const SENT_TOO_EARLY: Text = Text {
    en: "the client sent more before it had its answer",
    zh: "客户端还没得到回答就又发来了内容",
};
pub(crate) const INPUT_FOR_NOBODY: Text = Text {
    en: "the client sent input that no command was to get",
    zh: "客户端发来的输入没有哪个命令要",
};
pub(crate) const INPUT_AFTER_END: Text = Text {
    en: "the client sent more input behind its end",
    zh: "输入已经结束，客户端又发来了输入",
};
pub(crate) const TOO_MUCH_INPUT: Text = Text {
    en: "the client sent more input than it may at once",
    zh: "客户端一次发来的输入太多",
};

common::texts! {
    #[cfg(unix)]
    pub(crate) fn no_guardian(cause) {
        en: "if this server is killed, its commands go on: cannot start what would end them: {cause}",
        zh: "如果这个服务端被杀掉，它的命令会继续运行：无法启动负责终止它们的进程：{cause}",
    }
    #[cfg(unix)]
    pub(crate) fn shell_failed() { en: "/bin/sh failed", zh: "/bin/sh 出错了" }
    pub(crate) fn connected(peer) { en: "{peer} connected", zh: "{peer} 已连接" }
    pub(crate) fn only_stream_has_keys() {
        en: "only the framing stream has keys: leave --key-file or --framing out",
        zh: "只有 stream 分帧有密钥：去掉 --key-file 或者 --framing",
    }
    pub(crate) fn not_without_key(addr, how) {
        en: "will not listen on {addr}: whoever reaches it could run commands as you; without a key only this \
             computer's own addresses are safe, 127.0.0.1 and [::1]{how}",
        zh: "不能在 {addr} 上监听：能连到它的人都可以用你的身份运行命令；没有密钥时，只有本机自己的地址是安全的，\
             127.0.0.1 和 [::1]{how}",
    }
    pub(crate) fn how_to_key() {
        en: " (--new-key FILE writes a key, --key-file FILE uses it)",
        zh: "（--new-key FILE 写一个密钥，--key-file FILE 使用它）",
    }
    pub(crate) fn no_random_numbers() {
        en: "the system has no random numbers",
        zh: "系统没有随机数",
    }
    pub(crate) fn cannot_write_key(path) {
        en: "cannot write a new key to {path}",
        zh: "无法把新密钥写到 {path}",
    }
    pub(crate) fn new_key(path) {
        en: "{path} holds a new key: whoever has it may run commands here; copy it to the client by a safe way",
        zh: "{path} 里是一个新密钥：谁有它，谁就能在这里运行命令；请用安全的办法拷到客户端",
    }
    pub(crate) fn not_let_in() { en: "not let in", zh: "没有放进来" }
    pub(crate) fn other_protocol() {
        en: "a client of another protocol was turned away",
        zh: "打发走了一个说别的协议的客户端",
    }
    pub(crate) fn other_version(version) {
        en: "the client speaks version {version} of the framing stream",
        zh: "客户端说的是 stream 分帧的第 {version} 版",
    }
    pub(crate) fn one_key_only() {
        en: "of the client and this server only one uses a key",
        zh: "客户端和服务端只有一方用密钥",
    }
    pub(crate) fn wrong_key() {
        en: "wrong key, and nothing run",
        zh: "密钥不对，什么也没有运行",
    }
    pub(crate) fn endless_command() {
        en: "the command is too long, where it ends cannot be told",
        zh: "命令太长，看不出到哪里为止",
    }
    pub(crate) fn length_not_acknowledged(cause) {
        en: "the length was not acknowledged: {cause}",
        zh: "长度没有得到确认：{cause}",
    }
    pub(crate) fn closed_unacknowledged() {
        en: "the client closed instead of acknowledging the length",
        zh: "客户端没有确认长度就关闭了",
    }
    pub(crate) fn other_than_ready(words) {
        en: "the client sent something else than \"{words}\"",
        zh: "客户端发来的不是“{words}”",
    }
    pub(crate) fn no_working_directory() {
        en: "cannot tell the working directory",
        zh: "不知道当前目录是哪个",
    }
    pub(crate) fn no_program_there() { en: "no program is there", zh: "那里没有程序" }
    pub(crate) fn not_on_path() {
        en: "no such program on the PATH; name its whole path",
        zh: "PATH 里没有这个程序；请写出完整的路径",
    }
}
