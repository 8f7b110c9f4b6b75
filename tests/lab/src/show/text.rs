//! What `lab show` says around what an experiment says itself.

use common::text::Text;

/// What experiments measure, where that is words, and in Chinese.
const VALUES: &[(&str, &str)] = &[
    ("None", "没有"),
    ("a number", "一个数"),
    ("addresses", "地址"),
    ("an address", "是地址"),
    ("an error", "出错"),
    ("complete, 2 headers", "完整，2 个字段"),
    ("complete, 3 headers", "完整，3 个字段"),
    ("complete: GET /", "完整：GET /"),
    ("datagram (UDP)", "数据报（UDP）"),
    ("false", "否"),
    ("invalid HTTP version", "HTTP 版本不对"),
    ("invalid header name", "字段名不对"),
    ("listed", "列出了"),
    ("no", "不是"),
    ("no address", "不是地址"),
    ("none", "没有"),
    ("not complete", "不完整"),
    ("not listed", "没有列出"),
    ("nothing", "什么也没有"),
    ("ok", "成功"),
    ("stream (TCP)", "流（TCP）"),
    ("text", "文字"),
    ("the server", "服务端"),
    ("the stranger", "陌生人"),
    ("true", "是"),
    ("yes", "是"),
];

/// A measured value as it is shown.
pub fn value(measured: &str) -> String {
    let known = VALUES.iter().find(|(en, _)| *en == measured);
    known.map_or(measured, |(_, zh)| shown(measured, zh)).to_owned()
}

fn shown<'a>(en: &'a str, zh: &'a str) -> &'a str {
    match common::text::lang() {
        common::text::Lang::En => en,
        common::text::Lang::Zh => zh,
    }
}

/// What an error says, for who does not know its name (`man 3 errno`).
pub(crate) fn meaning(error: &str) -> Option<Text> {
    Some(match error {
        "EACCES" => Text { en: "not permitted", zh: "没有权限" },
        "EADDRINUSE" => Text { en: "the address is taken", zh: "地址被占用" },
        "EADDRNOTAVAIL" => Text { en: "no address of this machine", zh: "不是本机的地址" },
        "EAGAIN" => Text { en: "it would have to wait", zh: "现在不行，要等" },
        "ECONNABORTED" => Text { en: "given up by this system", zh: "被本机放弃" },
        "ECONNREFUSED" => Text { en: "nobody listens there", zh: "那里没有人监听" },
        "ECONNRESET" => Text { en: "torn down by the peer", zh: "被对端复位" },
        "EINPROGRESS" => Text { en: "under way", zh: "正在进行" },
        "EMSGSIZE" => Text { en: "the buffer is too short", zh: "缓冲区太短" },
        "ENOTCONN" => Text { en: "not connected", zh: "没有连接" },
        "EPIPE" => Text { en: "nothing can be sent any more", zh: "不能再发了" },
        _ => return None,
    })
}

/// Where it is written, one behind the other.
pub(crate) fn places(sources: &[&str]) -> String {
    sources.join(shown("; ", "；")).replace(", appendix ", shown(", appendix ", " 附录 "))
}

common::texts! {
    pub(crate) fn tutorials() { en: "Where the tutorials speak of it", zh: "教程里讲到它的地方" }
    pub(crate) fn predicted() { en: "Predicted", zh: "预测" }
    pub(crate) fn in_words() { en: "In words", zh: "说明" }
    pub(crate) fn seen() { en: "Seen on this machine", zh: "在这台机器上看到的" }
    pub(crate) fn result() { en: "Result", zh: "结果" }
    pub(crate) fn why() { en: "Why", zh: "为什么" }
    pub(crate) fn mend() { en: "What mends it", zh: "怎么办" }
    pub(crate) fn sources() { en: "Sources", zh: "出处" }
    pub(crate) fn code() { en: "The lines that ran", zh: "运行的代码" }
    pub(crate) fn lines(path, first, last, ends) {
        en: "{path}, lines {first} to {last}; connections and the like come from {ends}",
        zh: "{path}，第 {first} 到 {last} 行；建立连接之类的代码在 {ends}",
    }
    pub(crate) fn next() { en: "Next", zh: "接下来" }
    pub(crate) fn lesson(name) {
        en: "the lesson: {name}/README.md",
        zh: "这一课：{name}/README.zh-CN.md",
    }
    pub(crate) fn question() { en: "Question", zh: "问题" }
    pub(crate) fn prompt(last) {
        en: "Your prediction (a to {last}, q skips): ",
        zh: "你的预测（a 到 {last}，q 跳过）：",
    }
    pub(crate) fn not_a_choice(last) {
        en: "One letter from a to {last}, or its number, and Enter; q skips the question.",
        zh: "请输入 a 到 {last} 里的一个字母，或者它的序号，再按回车；q 跳过这个问题。",
    }
    pub(crate) fn your_prediction() { en: "Your prediction", zh: "你的预测" }
    pub(crate) fn right(choice) {
        en: "right: {choice} is what was measured",
        zh: "对了，测到的就是 {choice}",
    }
    pub(crate) fn not_right(choice) { en: "you predicted {choice}", zh: "你预测的是 {choice}" }
    pub(crate) fn measured(choice) { en: "measured was {choice}", zh: "测到的是 {choice}" }
    pub(crate) fn no_choice(value) {
        en: "{value}, which is none of the choices",
        zh: "{value}，几个选项里都没有",
    }
    pub(crate) fn not_measured() {
        en: "this system does not allow it to be measured",
        zh: "这个系统上测不了",
    }
    pub(crate) fn score(right, of) {
        en: "{right} of your {of} predictions were right.",
        zh: "你的 {of} 个预测，对了 {right} 个。",
    }
    pub(crate) fn could_not_be_made(name) {
        en: "the experiment {name} could not be made",
        zh: "实验 {name} 做不成",
    }
    pub(crate) fn nothing_was_compared() { en: "nothing was compared", zh: "什么也没有比较" }
    pub(crate) fn differs(what, predicted, seen) {
        en: "{what}: predicted {predicted}, seen {seen}",
        zh: "{what}：预测 {predicted}，看到 {seen}",
    }
    pub(crate) fn same(what, seen) { en: "{what}: {seen}", zh: "{what}：{seen}" }
    pub(crate) fn same_as(what, seen, predicted) {
        en: "{what}: {seen} (predicted {predicted})",
        zh: "{what}：{seen}（预测：{predicted}）",
    }
    pub(crate) fn explained(value, words) { en: "{value} ({words})", zh: "{value}（{words}）" }
    pub(crate) fn not_shown(why) { en: "not shown here: {why}", zh: "这里看不到：{why}" }
    pub(crate) fn impossible() {
        en: "This system does not allow the experiment.",
        zh: "这个系统上做不了这个实验。",
    }
    pub(crate) fn as_predicted(checked) {
        en: "As predicted: {checked} of {checked}.",
        zh: "和预测的一样：{checked} 项全部相符。",
    }
    pub(crate) fn not_as_predicted(different, checked) {
        en: "Not as predicted: this system differs in {different} of {checked}, marked ✗ above.",
        zh: "和预测的不一样：{checked} 项里有 {different} 项不同，上面用 ✗ 标出。",
    }
    pub(crate) fn one_not_shown() {
        en: " One part could not be shown here.",
        zh: "有一部分这里看不到。",
    }
    pub(crate) fn parts_not_shown(impossible) {
        en: " {impossible} parts could not be shown here.",
        zh: "有 {impossible} 部分这里看不到。",
    }
    pub(crate) fn unknown_name() {
        en: "no experiment has that name; `cargo lab list` shows all",
        zh: "没有叫这个名字的实验；`cargo lab list` 列出全部",
    }
    pub(crate) fn is_it(names) {
        en: "no experiment has that name; is it {names}?",
        zh: "没有叫这个名字的实验；是不是 {names}？",
    }
    pub(crate) fn colon() { en: ":", zh: "：" }
    pub(crate) fn or() { en: " or ", zh: " 或 " }
    pub(crate) fn bytes(n) { en: "{n} bytes", zh: "{n} 个字节" }
    pub(crate) fn queues(send, receive) {
        en: "{send} bytes to send, {receive} to read",
        zh: "{send} 个字节待发，{receive} 个待读",
    }
    // Where an experiment cannot be made.
    pub(crate) fn no_free_port() {
        en: "no free port on 127.0.0.1",
        zh: "127.0.0.1 上没有空闲端口",
    }
    pub(crate) fn cannot_connect(addr) { en: "cannot connect to {addr}", zh: "无法连接 {addr}" }
    pub(crate) fn waiting_for(what) { en: "waiting for {what}", zh: "等{what}的时候" }
    pub(crate) fn waited_in_vain(seconds, what) {
        en: "waited {seconds} s in vain for {what}",
        zh: "{seconds} 秒没有等到{what}",
    }
    pub(crate) fn bytes_to_arrive(wanted) { en: "{wanted} bytes to arrive", zh: " {wanted} 个字节" }
    pub(crate) fn the_handshake() { en: "the handshake", zh: "握手完成" }
    pub(crate) fn the_next_client() { en: "the next client to get in", zh: "下一个客户端进来" }
    pub(crate) fn the_connection() { en: "the connection", zh: "连接建立" }
    pub(crate) fn time_wait_at_the_server() {
        en: "TIME-WAIT at the server",
        zh: "服务端进入 TIME-WAIT 状态",
    }
    pub(crate) fn the_clients_fin() { en: "the client's FIN", zh: "客户端的 FIN 到达" }
    pub(crate) fn the_servers_end_to_go() {
        en: "the server's end to be gone",
        zh: "服务端那一端消失",
    }
    pub(crate) fn the_answer_to_it() { en: "the answer to it", zh: "对它的回答" }
    pub(crate) fn the_fin_acknowledged() {
        en: "the acknowledgement of the FIN",
        zh: "对 FIN 的确认",
    }
    pub(crate) fn the_strangers_datagram() {
        en: "the stranger's datagram",
        zh: "陌生人的数据报",
    }
    pub(crate) fn no_address() { en: "no address", zh: "没有地址" }
    pub(crate) fn no_port_for_both() {
        en: "20 free TCP ports were all taken for UDP",
        zh: "试了 20 个空闲的 TCP 端口，UDP 都被占着",
    }
    pub(crate) fn only_linux_tells_states() {
        en: "only Linux tells the states of connections in /proc/net/tcp",
        zh: "只有 Linux 在 /proc/net/tcp 里说出连接的状态",
    }
}
