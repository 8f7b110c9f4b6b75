//! Errors and notices of this crate.

use std::fmt::Display;
use std::process::ExitStatus;

use super::{Lang, lang};

/// Between an error and its cause.
pub(crate) fn colon() -> &'static str {
    match lang() {
        Lang::En => ": ",
        Lang::Zh => "：",
    }
}

/// Several, one behind the other.
pub fn list<I: IntoIterator<Item: Display>>(items: I) -> String {
    let between = match lang() {
        Lang::En => ", ",
        Lang::Zh => "、",
    };
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(between)
}

/// An error and its cause, or whose words they are, in one line.
pub fn because(error: impl Display, cause: impl Display) -> String {
    format!("{error}{}{cause}", colon())
}

/// How a program ended, behind what is said of it.
pub fn how_it_ended(status: ExitStatus) -> String {
    match (lang(), status.code()) {
        (Lang::En, _) => status.to_string(),
        (Lang::Zh, Some(code)) => format!("退出状态是 {code}"),
        (Lang::Zh, None) => "被信号终止".to_owned(),
    }
}

crate::texts! {
    // What everybody may meet.
    /// Of writing the conversation.
    pub fn cannot_write_stdout() {
        en: "cannot write to standard output",
        zh: "无法写入标准输出",
    }
    /// Of a thread that the system does not allow.
    pub fn cannot_start_thread() {
        en: "cannot start a thread (ulimit -u allows more)",
        zh: "无法启动线程（可用 ulimit -u 放宽限制）",
    }
    /// Of a client that would come to its end without a word.
    pub(crate) fn too_little_memory(needed, left) {
        en: "too little memory: {needed} MiB are needed, and {left} MiB are left; allow more (ulimit -v)",
        zh: "内存太少：需要 {needed} MiB，只剩 {left} MiB；请放宽限制（ulimit -v）",
    }
    /// Of something that grows.
    pub(crate) fn no_memory_beyond(length) {
        en: "there is no memory for more than {length} bytes of it",
        zh: "内存只放得下其中的 {length} 字节",
    }
    /// Why the last column of a trace is missing.
    pub(crate) fn no_states() {
        en: "this system does not tell the state of a connection: the last column is left out",
        zh: "这个系统不报告连接的状态，所以没有最后一列",
    }
    pub(crate) fn cannot_read_stdin() { en: "cannot read standard input", zh: "无法读取标准输入" }
    pub(crate) fn line_too_long(max) {
        en: "a line of standard input is longer than {max} bytes",
        zh: "标准输入里有一行超过 {max} 字节",
    }
    pub(crate) fn cannot_set_up_terminal() {
        en: "cannot set up the terminal",
        zh: "无法设置终端",
    }
    pub(crate) fn cannot_read_terminal() {
        en: "cannot read from the terminal",
        zh: "无法从终端读取",
    }
    pub(crate) fn typed_no_utf8() {
        en: "what was typed is not UTF-8 and was dropped",
        zh: "键入的内容不是 UTF-8，已丢弃",
    }
    pub(crate) fn cannot_handle_interrupt() {
        en: "cannot handle Ctrl+C",
        zh: "无法接管 Ctrl+C",
    }
    pub(crate) fn no_deadline_thread() {
        en: "cannot start the thread that keeps the deadline",
        zh: "无法启动守着结束时限的线程",
    }
    /// Behind the beginning of a long datagram.
    pub(crate) fn and_so_on(length) { en: " ... ({length} bytes)", zh: " ……（共 {length} 字节）" }
    pub(crate) fn lines_left_out(count) {
        en: "{count} lines left out: they are not read fast enough",
        zh: "略去了 {count} 行：读的一方跟不上",
    }

    // Addresses.
    pub(crate) fn no_addr() {
        en: "an address is missing: write HOST:PORT, HOST, :PORT or PORT",
        zh: "缺少地址：写成 HOST:PORT、HOST、:PORT 或 PORT",
    }
    pub(crate) fn not_a_port() {
        en: "a port is a number from 0 to 65535",
        zh: "端口是 0 到 65535 之间的数",
    }
    pub(crate) fn not_ipv4() {
        en: "an IPv4 address has four numbers from 0 to 255, such as 192.168.0.1",
        zh: "IPv4 地址是四个 0 到 255 之间的数，例如 192.168.0.1",
    }
    pub(crate) fn not_ipv6() {
        en: "an IPv6 address is written as ::1, or as [::1]:PORT with a port",
        zh: "IPv6 地址写成 ::1，带端口时写成 [::1]:PORT",
    }
    pub(crate) fn not_a_name() {
        en: "an address is written HOST:PORT, without a scheme, a path or blanks",
        zh: "地址写成 HOST:PORT，前面没有 http:// 之类，后面没有路径，中间没有空格",
    }
    pub(crate) fn full_width(letter) {
        en: "«{letter}» is a full-width character: switch the keyboard to English for colons, dots and digits",
        zh: "“{letter}”是全角字符：冒号、点和数字要切换到英文输入法再写",
    }
    pub(crate) fn port_zero() {
        en: "port 0 means «any free port» and is for servers: name the port that the server printed",
        zh: "端口 0 是“随便哪个空闲端口”，只有服务端能用：请写服务端显示的那个端口",
    }
    pub(crate) fn unknown_host(name, reason) {
        en: "cannot find the address of '{name}': {reason}; check the spelling, or write the IP address",
        zh: "查不到 '{name}' 的地址：{reason}；检查一下拼写，或者直接写 IP 地址",
    }
    pub(crate) fn host_has_none() { en: "it has none", zh: "它没有地址" }
    pub(crate) fn no_answer_within(seconds) {
        en: "no answer within {seconds} s",
        zh: "{seconds} 秒内没有回答",
    }

    // Binding and connecting.
    pub(crate) fn cannot_listen(addr, cause) {
        en: "cannot listen on {addr}: {cause}",
        zh: "无法在 {addr} 上监听：{cause}",
    }
    pub(crate) fn port_in_use() {
        en: "; another program uses that port, perhaps this server in another terminal: \
             stop it, or take another port with --addr :PORT (0 finds a free one)",
        zh: "；别的程序占着这个端口，也许是另一个终端里的同一个服务端：\
             先停掉它，或者用 --addr :PORT 换一个端口（0 表示自动找一个空闲的）",
    }
    pub(crate) fn low_port() {
        en: "; ports below 1024 are for standard services and need administrator rights: \
             take one from 1024 up with --addr",
        zh: "；1024 以下的端口留给标准服务，要有管理员权限：用 --addr 换一个 1024 以上的",
    }
    pub(crate) fn not_our_address() {
        en: "; this machine has no such address: 127.0.0.1 is for this machine alone, \
             and an empty host (:PORT) is every address that it has",
        zh: "；要监听的地址必须是本机的：127.0.0.1 只让本机连接，不写主机（:PORT）就是本机的所有地址",
    }
    pub(crate) fn cannot_connect(target) {
        en: "cannot connect to {target}",
        zh: "无法连接 {target}",
    }
    pub(crate) fn has_no_address() { en: "it has no address", zh: "它没有地址" }
    pub(crate) fn nothing_listens(how_to_start) {
        en: "; nothing listens there: {how_to_start}",
        zh: "；那里没有程序在监听：{how_to_start}",
    }
    pub(crate) fn waited_for_connection() {
        en: "; waited for the connection: check the address, the network and firewalls, or allow more with --timeout",
        zh: "；连接一直没有建立：检查地址、网络和防火墙，或者用 --timeout 多等一会儿",
    }
    pub(crate) fn no_route() {
        en: "; no network of this machine leads there: check the address",
        zh: "；从这台机器的网络到不了那里：检查一下地址",
    }
    pub(crate) fn nobody_listens(target, told, how_to_start) {
        en: "nobody listens at {target} ({told}): {how_to_start}",
        zh: "{target} 没有程序在监听（{told}）：{how_to_start}",
    }
    pub(crate) fn cannot_reach(target, told) {
        en: "cannot reach {target}: {told}",
        zh: "到不了 {target}：{told}",
    }
    pub(crate) fn port_unreachable() {
        en: "ICMP: port unreachable",
        zh: "ICMP 报告：端口不可达",
    }
    pub(crate) fn cannot_send(length, to, cause) {
        en: "cannot send {length} bytes to {to}: {cause}",
        zh: "无法向 {to} 发送 {length} 字节：{cause}",
    }
    pub(crate) fn start_the_server_with(command) {
        en: "start the server in another terminal with `{command}`, or name its address with --addr",
        zh: "在另一个终端里用 `{command}` 启动服务端，或者用 --addr 写明它的地址",
    }
    pub(crate) fn start_the_server() {
        en: "start the server first",
        zh: "先启动服务端",
    }

    // Serving.
    pub(crate) fn cannot_accept(cause) {
        en: "cannot accept: {cause}; new clients wait",
        zh: "无法接受连接：{cause}；新的客户端要等一等",
    }
    pub(crate) fn no_more_threads(peer) {
        en: "{peer}: refused: the system allows no more threads",
        zh: "{peer}：已拒绝：系统不允许再开线程",
    }
    /// Why a server does not start.
    pub(crate) fn thread_limit() {
        en: "the system allows no more threads: end other programs, or allow more (ulimit -u, pids.max)",
        zh: "系统不允许再开线程：请结束别的程序，或者放宽限制（ulimit -u、pids.max）",
    }
    pub(crate) fn no_more_clients(peer) {
        en: "{peer}: refused: as many clients as --max-clients allows",
        zh: "{peer}：已拒绝：客户端数已到 --max-clients 的上限",
    }
    pub(crate) fn no_more_memory(peer, fit) {
        en: "{peer}: refused: there is memory for {fit} clients at once (ulimit -v, vm.max_map_count)",
        zh: "{peer}：已拒绝：内存只够同时服务 {fit} 个客户端（ulimit -v、vm.max_map_count）",
    }
    pub(crate) fn no_more_processes(peer, fit) {
        en: "{peer}: refused: there are threads and processes for {fit} clients at once (pids.max of the cgroup)",
        zh: "{peer}：已拒绝：线程和进程只够同时服务 {fit} 个客户端（cgroup 的 pids.max）",
    }
    pub(crate) fn nothing_moved(peer, seconds) {
        en: "{peer}: closed: nothing moved for {seconds} s (--idle-timeout)",
        zh: "{peer}：已关闭：{seconds} 秒没有任何动静（--idle-timeout）",
    }

    // Frames.
    pub(crate) fn negative_length(length) {
        en: "the peer announced a message of {length} bytes",
        zh: "对端说消息长 {length} 字节",
    }
    pub(crate) fn text_for_length(text) {
        en: "the peer sent text that begins with {text} where the length of a message belongs: its framing is another one",
        zh: "该是消息长度的地方，对端发来了以 {text} 开头的文本：它用的是另一种分帧",
    }
    pub(crate) fn message_too_long(length, max) {
        en: "a message of {length} bytes is longer than the limit of {max} bytes",
        zh: "消息长 {length} 字节，超过了 {max} 字节的上限",
    }
    pub(crate) fn message_cut(got, of) {
        en: "the peer closed the connection in the middle of a message, after {got} of {of} bytes",
        zh: "对端在消息中途关闭了连接：{of} 字节只来了 {got} 字节",
    }
}

/// What resolvers say of a name, in the language that is spoken.
pub(crate) fn of_resolver(words: &str) -> String {
    if lang() == Lang::En {
        return words.to_owned();
    }
    match words {
        "name or service not known" | "nodename nor servname provided, or not known" => {
            "没有这个名字"
        }
        "temporary failure in name resolution" => "暂时查不到，域名服务器没有回答",
        "no address associated with hostname" => "这个名字没有地址",
        "address family for hostname not supported" => "这个名字没有这种地址",
        "non-recoverable failure in name resolution" => "域名服务器出错了",
        other => other,
    }
    .to_owned()
}
