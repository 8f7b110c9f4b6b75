//! What `lab web` says, but for what stands beside the options of lessons ([`crate::lessons`]) and
//! the switches of the tap ([`crate::tap`]).

use common::texts;

texts! {
    pub(crate) fn building(what) {
        en: "building {what}; the first time that takes a while",
        zh: "正在编译 {what}，第一次要花些时间",
    }

    // ---- the start
    pub(crate) fn not_loopback(addr) {
        en: "{addr} can be reached from other machines, whose users could then run programs here: listen on \
             127.0.0.1 or [::1]",
        zh: "{addr} 从别的机器也连得上，那里的人就能在这台机器上运行程序：请监听 127.0.0.1 或 [::1]",
    }
    pub(crate) fn quotes_open(command) {
        en: "--command {command}: a quotation mark is not closed",
        zh: "--command {command}：引号没有配对",
    }
    pub(crate) fn empty_command() { en: "--command is empty", zh: "--command 是空的" }
    pub(crate) fn no_random_numbers() {
        en: "the system has no random numbers for the token",
        zh: "系统给不出令牌要用的随机数",
    }
    pub(crate) fn cannot_serve() { en: "cannot serve the page", zh: "无法提供网页" }
    pub(crate) fn cannot_print() { en: "cannot write to standard output", zh: "无法写入标准输出" }

    // ---- who may not
    pub(crate) fn take_the_address() {
        en: "Open the address that `cargo lab web` has printed, with its token: it is another one each time.",
        zh: "请打开 `cargo lab web` 打印的网址，连同其中的令牌：每次启动都不一样。",
    }
    pub(crate) fn wrong_token() {
        en: "the token is missing or wrong: open the address that `cargo lab web` has printed",
        zh: "缺少令牌，或者令牌不对：请打开 `cargo lab web` 打印的网址",
    }
    pub(crate) fn wrong_host() {
        en: "Host is not the address that is listened on",
        zh: "Host 不是正在监听的地址",
    }
    pub(crate) fn wrong_origin() {
        en: "Origin is not this server",
        zh: "Origin 不是这个服务器",
    }

    // ---- what cannot be done
    pub(crate) fn nothing_here() { en: "nothing is here", zh: "这里什么也没有" }
    pub(crate) fn wrong_method() {
        en: "that cannot be done with this",
        zh: "不能对它做这件事",
    }
    pub(crate) fn not_json() {
        en: "the body must be a JSON object in UTF-8, and Content-Type application/json",
        zh: "请求体必须是 UTF-8 的 JSON 对象，Content-Type 必须是 application/json",
    }
    pub(crate) fn body_too_long(most) {
        en: "the body has more than {most} bytes",
        zh: "请求体超过了 {most} 字节",
    }
    pub(crate) fn too_many_sessions(most) {
        en: "{most} sessions run already: stop one",
        zh: "已经有 {most} 个会话在运行：请先停掉一个",
    }
    pub(crate) fn no_such_session() {
        en: "there is no such session, or it has been forgotten",
        zh: "没有这个会话，或者已经不再保留",
    }
    pub(crate) fn too_many_streams() {
        en: "too many pages listen to this session already",
        zh: "看这个会话的网页已经太多",
    }
    pub(crate) fn has_ended() { en: "that has ended", zh: "它已经结束" }
    pub(crate) fn still_runs() { en: "that still runs", zh: "它还在运行" }
    pub(crate) fn too_busy() {
        en: "the programs have not caught up with what was asked for before: try again in a moment",
        zh: "之前要求的还没有做完：请稍后再试",
    }
    pub(crate) fn not_a_pair() {
        en: "only a pair of programs can do that",
        zh: "只有一对程序才能这样做",
    }
    pub(crate) fn nothing_to_save() {
        en: "there is nothing to save of this",
        zh: "没有可以保存的内容",
    }
    pub(crate) fn typed_too_much(most) {
        en: "more than {most} bytes are too much to type",
        zh: "一次输入不能超过 {most} 字节",
    }
    pub(crate) fn typed_enough(most) {
        en: "no more than {most} bytes can be typed in a session",
        zh: "一个会话里最多输入 {most} 字节",
    }
    pub(crate) fn cannot_start(what) { en: "cannot start {what}", zh: "无法启动 {what}" }
    pub(crate) fn is_gone(what) {
        en: "cannot start {what}: this program is not where it was, as it was built anew or removed; start \
             `cargo lab web` again",
        zh: "无法启动 {what}：这个程序已经不在原来的地方，可能重新编译过，或者被删掉了；请重新启动 `cargo lab web`",
    }
    pub(crate) fn unknown(field, value) {
        en: "{field}: {value} is none of those in the catalog",
        zh: "{field}：目录里没有 {value}",
    }
    pub(crate) fn missing(field) { en: "{field} is missing", zh: "缺少 {field}" }
    pub(crate) fn not_between(field, least, most) {
        en: "{field}: a number from {least} to {most} belongs here",
        zh: "{field}：应当是 {least} 到 {most} 的数",
    }
    pub(crate) fn not_whole(field) { en: "{field}: a whole number belongs here", zh: "{field}：应当是整数" }
    pub(crate) fn not_a_flag(field) {
        en: "{field}: true or false belongs here",
        zh: "{field}：应当是 true 或 false",
    }
    pub(crate) fn not_words(field, most) {
        en: "{field}: text without control characters belongs here, at most {most} bytes of it",
        zh: "{field}：应当是没有控制字符的文本，最多 {most} 字节",
    }
    pub(crate) fn quotes_in(field) {
        en: "{field}: a quotation mark is not closed",
        zh: "{field}：引号没有配对",
    }
    pub(crate) fn not_a_path(field) {
        en: "{field}: a path begins with / and has no blanks",
        zh: "{field}：路径以 / 开头，没有空格",
    }
    pub(crate) fn not_then(field, option, value) {
        en: "{field} goes with {option} {value} alone",
        zh: "{field} 只能和 {option} {value} 一起用",
    }
    pub(crate) fn bad_replacement() {
        en: "replace: a list of at most 8 pairs of texts, the first of each not empty, belongs here",
        zh: "replace：应当是文本对的列表，最多 8 对，每对的第一个不能为空",
    }
    pub(crate) fn not_over_udp(what) {
        en: "{what} is for a stream, and this lesson has datagrams",
        zh: "{what} 是给流用的，这一课用的是数据报",
    }
    pub(crate) fn not_over_tcp(what) {
        en: "{what} is for datagrams, and this lesson has a stream",
        zh: "{what} 是给数据报用的，这一课用的是流",
    }
    pub(crate) fn not_yours() {
        en: "own: `lab web` was given no command for this program",
        zh: "own：启动 `lab web` 时没有给出这个程序的命令",
    }

    // ---- within a session
    pub(crate) fn ended_too_early(program) {
        en: "{program} has ended before it listened",
        zh: "{program} 还没有监听就结束了",
    }
    pub(crate) fn never_listened(program, seconds) {
        en: "{program} does not listen after {seconds} s",
        zh: "过了 {seconds} 秒，{program} 还没有监听",
    }
    pub(crate) fn does_not_read(side) {
        en: "the {side} does not read what was typed: a line was thrown away",
        zh: "{side}不读输入的内容：丢掉了一行",
    }
    pub(crate) fn the_client() { en: "client", zh: "客户端" }
    pub(crate) fn the_server() { en: "server", zh: "服务端" }
    pub(crate) fn client_at(addr) { en: "client {addr}", zh: "客户端 {addr}" }
    pub(crate) fn server_at(addr) { en: "server {addr}", zh: "服务端 {addr}" }
    pub(crate) fn no_order() { en: "no order has come", zh: "没有收到指令" }

    // ---- a session as a page
    pub(crate) fn printed_by(who) { en: "The {who} printed:", zh: "{who}打印：" }
    pub(crate) fn failed_call(call, cause) { en: "{call}: {cause}", zh: "{call}：{cause}" }
    pub(crate) fn more_events(count) {
        en: "… and {count} more, which this picture leaves out",
        zh: "……还有 {count} 个，图中省略",
    }
    pub(crate) fn two_terminals() { en: "Two terminals", zh: "两个终端" }
}
