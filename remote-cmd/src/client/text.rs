//! What the client says, in English and in Chinese.

common::texts! {
    pub(crate) fn cannot_read_input() { en: "cannot read standard input", zh: "无法读取标准输入" }
    pub(crate) fn script_too_long(most) {
        en: "a script of more than {most} bytes cannot be sent",
        zh: "超过 {most} 字节的脚本发不出去",
    }
    pub(crate) fn script_is_no_text() {
        en: "the script is no UTF-8 text",
        zh: "脚本不是 UTF-8 文本",
    }
    pub(crate) fn server_said(words) { en: "the server said: {words}", zh: "服务端说：{words}" }
    pub(crate) fn cannot_use_stdout() { en: "cannot use standard output", zh: "无法使用标准输出" }
    pub(crate) fn only_stream_has_keys() {
        en: "only the framing stream has keys: leave --key-file or --framing out",
        zh: "只有 stream 分帧有密钥：去掉 --key-file 或者 --framing",
    }
    pub(crate) fn no_session(server) { en: "no session with {server}", zh: "没能和 {server} 建立会话" }
    pub(crate) fn command_no_utf8() {
        en: "the command is no UTF-8 text and was not sent",
        zh: "命令不是 UTF-8 文本，没有发出",
    }
    pub(crate) fn only_plain_cd() {
        en: "only a plain `cd DIRECTORY` is remembered; the shell that did this one has ended",
        zh: "只有单独一句 `cd 目录` 才会记住；执行刚才那一句的 shell 已经结束了",
    }
    pub(crate) fn unread() {
        en: "nobody reads standard output any more",
        zh: "没有人再读标准输出了",
    }
    /// `vi` has ended with an error.
    pub(crate) fn wants_terminal(program) {
        en: "{program} wants a terminal, and a command here has none (as with ssh without -t)",
        zh: "{program} 需要终端，而这里的命令没有终端（跟不带 -t 的 ssh 一样）",
    }
    /// `vim` runs, and draws.
    pub(crate) fn draws_on_a_terminal(program) {
        en: "{program} wants a terminal, and a command here has none (as with ssh without -t); Ctrl+C ends it",
        zh: "{program} 需要终端，而这里的命令没有终端（跟不带 -t 的 ssh 一样）；按 Ctrl+C 结束它",
    }
    /// `python3` has ended at once, without a word.
    pub(crate) fn nothing_to_read(program) {
        en: "{program} reads from standard input what it is to do, and a terminal's is not passed on: \
             send a file, `remote-cmd-client {program} < FILE`",
        zh: "{program} 从标准输入读要做的事，而终端的输入不会传过去：可以发一个文件，`remote-cmd-client {program} < 文件`",
    }
    pub(crate) fn killed_by(number) {
        en: "killed by signal {number}",
        zh: "被信号 {number} 终止",
    }
    pub(crate) fn killed_by_name(number, name) {
        en: "killed by signal {number} ({name})",
        zh: "被信号 {number}（{name}）终止",
    }
    pub(crate) fn command_too_long(length, most) {
        en: "the command has {length} bytes, {most} is the most that can be sent",
        zh: "命令有 {length} 字节，最多只能发 {most} 字节",
    }
    pub(crate) fn connection_failed() {
        en: "the connection to the server has failed",
        zh: "和服务端的连接出错了",
    }
    pub(crate) fn closed_before_end() {
        en: "the server closed the connection before the command had ended",
        zh: "命令还没结束，服务端就关闭了连接",
    }
    pub(crate) fn said_nothing(seconds) {
        en: "the server said nothing for {seconds} s: does it speak another --framing?",
        zh: "服务端 {seconds} 秒没有说话：它用的是别的 --framing 吗？",
    }
    pub(crate) fn left_without_word(cause) {
        en: "the server left without a word: {cause}",
        zh: "服务端一句话没说就走了：{cause}",
    }
    pub(crate) fn closed_without_word() {
        en: "the server closed the connection without a word: does it speak another --framing?",
        zh: "服务端一句话没说就关闭了连接：它用的是别的 --framing 吗？",
    }
    pub(crate) fn other_version(theirs, ours) {
        en: "the server speaks version {theirs} of the framing stream, this client {ours}",
        zh: "服务端说的是 stream 分帧的第 {theirs} 版，这个客户端说的是第 {ours} 版",
    }
    pub(crate) fn server_has_no_key() {
        en: "the server has no key, and would not encrypt: start it with --key-file, or leave --key-file out here",
        zh: "服务端没有密钥，不会加密：启动服务端时加上 --key-file，或者这里去掉 --key-file",
    }
    pub(crate) fn server_wants_key() {
        en: "the server wants a key: name the file that holds it with --key-file",
        zh: "服务端要密钥：用 --key-file 指明存放密钥的文件",
    }
    pub(crate) fn not_stream(line) {
        en: "the server does not speak the framing stream, it said \"{line}\" (see --framing)",
        zh: "服务端用的不是 stream 分帧，它说“{line}”（见 --framing）",
    }
    pub(crate) fn wrong_key() {
        en: "wrong key: the server holds another one",
        zh: "密钥不对：服务端的是另一个",
    }
    pub(crate) fn closed_in_handshake() {
        en: "the server closed the connection within the handshake: it may hold another key",
        zh: "服务端在握手中关闭了连接：它的密钥可能是另一个",
    }

    // The tutorial's framings.
    pub(crate) fn same_framing() {
        en: "is the server's --framing the same?",
        zh: "服务端用的可能是别的 --framing",
    }
    pub(crate) fn closed() {
        en: "the server closed the connection",
        zh: "服务端关闭了连接",
    }
    pub(crate) fn empty_command() {
        en: "the command is empty, and nothing cannot be sent",
        zh: "命令是空的：没有内容，发不出去",
    }
    pub(crate) fn tutorial_command_too_long(length, most) {
        en: "the command has {length} bytes; the tutorial's server receives {most} of it and takes the rest \
             for something else, so it was not sent",
        zh: "命令有 {length} 字节；教程的服务端只收 {most} 字节，会把剩下的当作别的东西，所以没有发出",
    }
    pub(crate) fn input_stays_here(framing) {
        en: "the command does not get standard input, for which --framing {framing} has no place: \
             use --framing stream at both ends, or -n where it is not meant for the command",
        zh: "命令得不到标准输入，--framing {framing} 里没有它的位置：\
             两端都用 --framing stream；如果本来就不是给命令的，加上 -n",
    }
    pub(crate) fn no_answer() { en: "no answer", zh: "没有回答" }
}
