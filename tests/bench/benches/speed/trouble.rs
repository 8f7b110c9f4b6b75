//! What can go wrong while something is measured, in English and in Chinese.

common::texts! {
    // Programs.
    pub(crate) fn cannot_start(name) { en: "cannot start {name}", zh: "无法启动 {name}" }
    pub(crate) fn says_nothing(name) { en: "{name} says nothing", zh: "{name} 什么也没说" }
    pub(crate) fn says(line) { en: "it says {line}", zh: "它说的是 {line}" }
    pub(crate) fn said(line) { en: "it said {line}", zh: "它说的是 {line}" }
    pub(crate) fn no_output() { en: "it has no output", zh: "它没有输出" }
    pub(crate) fn ended_early(how, why) { en: "it ended, {how}: {why}", zh: "它结束了，{how}：{why}" }
    pub(crate) fn ended_with(how) { en: "it ended with {how}", zh: "它结束了，{how}" }
    pub(crate) fn client_ended(how) { en: "the client ended, {how}", zh: "客户端结束了，{how}" }
    pub(crate) fn nothing_listens(seconds) {
        en: "nothing listens after {seconds} s",
        zh: "过了 {seconds} 秒还没有监听",
    }
    pub(crate) fn does_not_build(why) { en: "it does not build: {why}", zh: "编译不了：{why}" }
    pub(crate) fn no_wrk_report() { en: "wrk does not report", zh: "wrk 没有给出结果" }
    pub(crate) fn no_iperf_server() {
        en: "iperf3 does not reach its server",
        zh: "iperf3 连不上它的服务端",
    }
    pub(crate) fn memory_unsettled() {
        en: "its memory does not settle",
        zh: "它占用的内存一直不稳定",
    }
    pub(crate) fn watcher_failed() {
        en: "the thread that watches the memory has failed",
        zh: "看着内存的线程出错了",
    }
    pub(crate) fn sender_panicked() { en: "the sender has panicked", zh: "发送的线程崩溃了" }
    pub(crate) fn server_panicked() { en: "the server has panicked", zh: "服务端的线程崩溃了" }

    // Folders and files.
    pub(crate) fn no_folder() {
        en: "cannot make a folder for files",
        zh: "无法创建放文件的文件夹",
    }
    pub(crate) fn odd_folder() {
        en: "a folder with an odd name",
        zh: "文件夹的名字不是 UTF-8",
    }
    pub(crate) fn fetched(come, length) {
        en: "it fetched {come} bytes of {length}",
        zh: "{length} 字节只取到 {come} 字节",
    }
    pub(crate) fn part_came(come, why) {
        en: "{come} bytes came of 100,000: {why}",
        zh: "100,000 字节只来了 {come} 字节：{why}",
    }
    pub(crate) fn no_head(come, length) {
        en: "{come} bytes came, of {length} and a head",
        zh: "只来了 {come} 字节，应当有 {length} 字节再加响应头",
    }
    pub(crate) fn no_file(said) { en: "no file, but {said}", zh: "来的不是文件，是 {said}" }

    // Connections, before the cause.
    pub(crate) fn client_of(number, of) {
        en: "client {number} of {of}",
        zh: "第 {number} 个客户端，共 {of} 个",
    }
    pub(crate) fn connection_of(number, of) {
        en: "connection {number} of {of}",
        zh: "第 {number} 条连接，共 {of} 条",
    }
    pub(crate) fn further_connection() { en: "a further connection", zh: "再建一条连接时" }
    pub(crate) fn member(number) { en: "member {number}", zh: "第 {number} 个成员" }
    pub(crate) fn a_member() { en: "a member", zh: "听一个成员时" }
    pub(crate) fn a_line() { en: "a line", zh: "说一行时" }
    pub(crate) fn a_request() { en: "a request", zh: "发一个请求时" }
    pub(crate) fn a_reply() { en: "a reply", zh: "收一个回答时" }
    pub(crate) fn first_reply() { en: "the first reply", zh: "收第一个回答时" }

    // Replies.
    pub(crate) fn no_reply() { en: "no reply", zh: "没有回答" }
    pub(crate) fn no_reply_for(seconds) {
        en: "no reply for {seconds} s",
        zh: "{seconds} 秒没有回答",
    }
    pub(crate) fn other_echo() {
        en: "the echo is not what was sent",
        zh: "回声跟发出的不一样",
    }
    pub(crate) fn unasked() {
        en: "a reply that was not asked for",
        zh: "没有问，却来了回答",
    }
    pub(crate) fn unexpected() {
        en: "it is not what was expected",
        zh: "来的不是要的那个",
    }
    pub(crate) fn closed_after(bytes) {
        en: "the server closed a connection after {bytes} bytes of a reply",
        zh: "回答只来了 {bytes} 字节，服务端就关闭了连接",
    }
    pub(crate) fn other_length(come, expected) {
        en: "a reply of {come} bytes, expected {expected}",
        zh: "回答有 {come} 字节，应为 {expected} 字节",
    }
    pub(crate) fn begins_with(start) {
        en: "a reply begins with {start}",
        zh: "有一个回答的开头是 {start}",
    }
    pub(crate) fn head_in_pieces() {
        en: "the first piece of a reply does not hold its whole head",
        zh: "第一次收到的内容里没有完整的响应头",
    }
    pub(crate) fn no_length() {
        en: "a reply without a Content-Length",
        zh: "响应没有 Content-Length",
    }

    // A room, and rates.
    pub(crate) fn nothing_heard(seconds) {
        en: "nothing heard for {seconds} s",
        zh: "{seconds} 秒什么也没听到",
    }
    pub(crate) fn room_is_deaf() {
        en: "the room does not take what is said to it",
        zh: "聊天室不收对它说的话",
    }
    pub(crate) fn room_closed(number) {
        en: "the room closed the connection of member {number}",
        zh: "聊天室关闭了第 {number} 个成员的连接",
    }
    pub(crate) fn no_fixed_rate() {
        en: "it was not at a fixed rate",
        zh: "它不是按固定的快慢发的",
    }
}
