//! What steps and reports say, in each language. The words of the checks stand with them.

common::texts! {
    pub(crate) fn reaches(who) { en: "{who} must reach the server", zh: "{who}必须能连到服务端" }
    pub(crate) fn connects(who) { en: "{who} connects", zh: "{who}连接" }
    pub(crate) fn connects_narrowly(who) { en: "{who} connects, with small buffers and short segments as over a network", zh: "{who}连接，缓冲区小、报文段短，就像隔着网络" }
    pub(crate) fn crowd_connects(count) { en: "{count} silent clients connect", zh: "{count} 个不说话的客户端连接" }
    pub(crate) fn accepts(who) { en: "{who} waits for the program, which must connect", zh: "{who}等待程序，程序必须来连接" }
    pub(crate) fn sends(who, what) { en: "{who} sends {what}", zh: "{who}发送 {what}" }
    pub(crate) fn sends_pieces(who, count, what) { en: "{who} sends {count} pieces: {what}", zh: "{who}分 {count} 次发送：{what}" }
    pub(crate) fn floods(who, what) { en: "{who} sends {what}, ends its half, and reads only when the program takes no more", zh: "{who}发送 {what}，半关闭，等程序不再收取时才开始读" }
    pub(crate) fn then() { en: ", then ", zh: "，然后 " }
    pub(crate) fn and_so_on() { en: ", and so on", zh: "，依此类推" }
    pub(crate) fn returns(who) { en: "{who} sends back what came", zh: "{who}把收到的原样发回" }
    pub(crate) fn sends_late(who, what) { en: "{who} sends {what}, late, to where the question before came from", zh: "{who}迟迟才把 {what} 发往上一个问题的来处" }
    pub(crate) fn gets(who, what) { en: "{who} must get {what}", zh: "{who}必须收到{what}" }
    pub(crate) fn gets_within(who, what, seconds) { en: "{who} must get {what} within {seconds} s", zh: "{who}必须在 {seconds} 秒内收到{what}" }
    pub(crate) fn gets_quickly(who, ask, what, limit) { en: "{who} sends {ask}, up to five times, and must once get {what} within {limit} ms", zh: "{who}发送 {ask}，最多五次，其中必须有一次在 {limit} 毫秒内收到 {what}" }
    pub(crate) fn asks_until(who, ask, what) { en: "{who} sends {ask}, again and again, and must get {what} in the end", zh: "{who}反复发送 {ask}，最后必须收到{what}" }
    pub(crate) fn gets_the_end(who) { en: "{who} must get the end of the stream", zh: "{who}必须收到流的结束" }
    pub(crate) fn gets_silence(who, limit) { en: "{who} must get nothing for {limit} ms", zh: "{who}在 {limit} 毫秒内必须什么也收不到" }
    pub(crate) fn gets_nothing(who, limit) { en: "{who} must get nothing for {limit} ms, or the end of the stream", zh: "{who}在 {limit} 毫秒内必须什么也收不到，或者收到流的结束" }
    pub(crate) fn gets_rest(who, what) { en: "{who} reads what was sent to it meanwhile, which must be {what}", zh: "{who}读取这期间发给它的东西，必须是{what}" }
    pub(crate) fn half_closes(who) { en: "{who} ends its half of the stream (FIN)", zh: "{who}半关闭：结束自己这个方向（FIN）" }
    pub(crate) fn closes(who) { en: "{who} closes", zh: "{who}关闭连接" }
    pub(crate) fn resets(who) { en: "{who} resets the connection (RST)", zh: "{who}复位连接（RST）" }
    pub(crate) fn answers_all(who, what) { en: "{who} answers {what}, until the program ends", zh: "直到程序结束，{who}{what}" }
    pub(crate) fn types_nothing() { en: "the program's user presses Enter on an empty line", zh: "程序的用户在空行上按回车" }
    pub(crate) fn types(line) { en: "the program's user types {line} and Enter", zh: "程序的用户输入 {line} 并按回车" }
    pub(crate) fn input_ends() { en: "the program's input ends", zh: "程序的输入结束" }
    pub(crate) fn shows(text) { en: "the program must show {text}", zh: "程序必须显示 {text}" }
    pub(crate) fn shows_times(text, times) { en: "the program must show {text}, {times} times by now", zh: "程序到此必须显示过 {times} 次 {text}" }
    pub(crate) fn must_not_show(text) { en: "the program must not have shown {text}", zh: "程序不得显示过 {text}" }
    pub(crate) fn tells(text) { en: "the program must say {text}, as output or as an error", zh: "程序必须说出 {text}，作为输出或作为错误都行" }
    pub(crate) fn tells_as_error(text) { en: "the program must say {text} on standard error, and not on standard output", zh: "程序必须在标准错误（而不是标准输出）上说出 {text}" }
    pub(crate) fn saves(what) { en: "the program must have saved {what}", zh: "程序必须已保存 {what}" }
    pub(crate) fn keeps(what) { en: "the file must be what it was before the program began: {what}", zh: "文件必须和程序开始之前一样：{what}" }
    pub(crate) fn exits_well() { en: "the program must end, with status 0", zh: "程序必须结束，状态是 0" }
    pub(crate) fn exits_badly() { en: "the program must end, with a status that is not 0", zh: "程序必须结束，状态不为 0" }
    pub(crate) fn exits_with(status) { en: "the program must end, with status {status}", zh: "程序必须结束，状态为 {status}" }
    pub(crate) fn exits() { en: "the program must end", zh: "程序必须结束" }
    pub(crate) fn stays_up(limit) { en: "the program must still run after {limit} ms", zh: "{limit} 毫秒后程序必须仍在运行" }
    pub(crate) fn restarts() { en: "the program is killed and started again at the same address", zh: "程序被杀死，并在同一地址重新启动" }
    pub(crate) fn in_one_recv(what) { en: "{what} in one recv", zh: "{what}，一次 recv 收齐" }
    pub(crate) fn until_gone() { en: "the end of the connection, after whatever comes before it", zh: "连接的结束，之前来什么都行" }
    pub(crate) fn until_gone_without(what) { en: "the end of the connection, and before it anything but {what}", zh: "连接的结束，之前来什么都行，只是不能有 {what}" }
    pub(crate) fn anything() { en: "an answer of any kind, or the end of the stream", zh: "随便什么回答，或者流的结束" }
}

common::texts! {
    pub(crate) fn no_bytes() { en: "0 bytes (empty)", zh: "0 字节（空）" }
    pub(crate) fn one_byte(text) { en: "1 byte \"{text}\"", zh: "1 字节 \"{text}\"" }
    pub(crate) fn bytes(count, text) { en: "{count} bytes \"{text}\"", zh: "{count} 字节 \"{text}\"" }
    pub(crate) fn expected() { en: "expected", zh: "应为" }
    pub(crate) fn came() { en: "came", zh: "实为" }
    pub(crate) fn no_more(came, wanted) { en: "nothing more came: {came} of {wanted} bytes", zh: "到此为止：{wanted} 字节只来了 {came} 字节" }
    pub(crate) fn ends_here(came) { en: "the end, after {came} bytes", zh: "{came} 字节之后就结束了" }
    pub(crate) fn one_too_many(number) { en: "byte {number}: one too many", zh: "第 {number} 个字节：多出来的" }
    pub(crate) fn first_wrong(number) { en: "byte {number} is the first wrong one", zh: "第 {number} 个字节是第一个错的" }
}

common::texts! {
    pub(crate) fn needs_command() { en: "needs --command, to have the program itself in its hands", zh: "要用 --command 来启动程序，才能查这一项" }
    pub(crate) fn no_time() { en: "not tried for want of time", zh: "时间不够，没有检查" }
    pub(crate) fn no_program() { en: "there is no program to act on", zh: "没有可操作的程序" }
    pub(crate) fn no_connection(who) { en: "{who} has no connection", zh: "{who}没有连接" }
    pub(crate) fn cannot(what, why) { en: "cannot {what}: {why}", zh: "无法{what}：{why}" }
    pub(crate) fn make_a_directory() { en: "make a directory for what the program saves", zh: "为程序要保存的东西建目录" }
    pub(crate) fn listen() { en: "listen", zh: "监听" }
    pub(crate) fn bind() { en: "bind a socket", zh: "绑定套接字" }
    pub(crate) fn ask_address() { en: "ask for the address", zh: "查询地址" }
    pub(crate) fn open_socket() { en: "open a socket", zh: "打开套接字" }
    pub(crate) fn end_stream() { en: "end the stream", zh: "结束流" }
    pub(crate) fn reset_connection() { en: "reset the connection", zh: "复位连接" }
    pub(crate) fn accept() { en: "accept", zh: "接受连接" }
    pub(crate) fn connect_to(addr) { en: "connect to {addr}", zh: "连接 {addr}" }
    pub(crate) fn nobody_any_more(addr) { en: "nobody listens at {addr} (any more)", zh: "{addr} 上（已经）没有人监听" }
    pub(crate) fn nobody(addr) { en: "nobody listens at {addr}", zh: "{addr} 上没有人监听" }
    pub(crate) fn not_again(addr) { en: "the program does not listen at {addr} again", zh: "程序没有重新监听 {addr}" }
    pub(crate) fn does_not_listen(addr) { en: "the program does not listen at {addr}", zh: "程序没有监听 {addr}" }
    pub(crate) fn ended_first(addr, end) { en: "{end}, before it listened at {addr}", zh: "还没监听 {addr}，{end}" }
    pub(crate) fn elsewhere(addr, there) { en: "the program listens at {there}, and not at {addr}", zh: "程序监听的是 {there}，而不是 {addr}" }
    pub(crate) fn write_port() { en: ": write {port} where its command line names the port, let it read PORT from its environment, or say with --addr where it listens", zh: "：在命令行里写端口的地方写 {port}，或让程序从环境变量 PORT 读取端口，或用 --addr 说明它监听哪里" }
    pub(crate) fn port_is_written() { en: ", though its command line names the port: it has to listen where that says", zh: "，尽管命令行写明了端口：它应该监听那里" }
    pub(crate) fn listens_nowhere(addr) { en: "the program runs and does not listen at {addr}, nor, as far as can be seen, anywhere else", zh: "程序在运行，但没有监听 {addr}，看起来也没有监听别处" }
    pub(crate) fn no_such_file(file, folder) { en: "there is no file {file} in {folder}", zh: "{folder} 里没有文件 {file}" }
    pub(crate) fn did_not_connect(addr) { en: "the program did not connect to {addr}", zh: "程序没有连接 {addr}" }
    pub(crate) fn does_not_read() { en: "the program does not read what is sent", zh: "程序不读取发给它的东西" }
    pub(crate) fn has_closed(why) { en: "the program has closed the connection: {why}", zh: "程序已关闭连接：{why}" }
    pub(crate) fn in_pieces() { en: "the first recv brought only a part, the rest came later: the answer was sent in pieces", zh: "第一次 recv 只收到一部分，其余后到：回答是分几次发送的" }
    pub(crate) fn more_before_end() { en: "more came before the end of the stream", zh: "流结束之前又来了别的" }
    pub(crate) fn still_open(seconds) { en: "the connection is still open after {seconds} s", zh: "{seconds} 秒后连接仍然开着" }
    pub(crate) fn all_the_same() { en: "that came all the same", zh: "它照样来了" }
    pub(crate) fn something_came() { en: "something came", zh: "来了东西" }
    pub(crate) fn not_within(seconds) { en: "it did not within {seconds} s", zh: "{seconds} 秒内没有做到" }
    pub(crate) fn has_shown() { en: "it has", zh: "它显示过" }
    pub(crate) fn on_stdout() { en: "it said so on standard output", zh: "它说在了标准输出上" }
    pub(crate) fn file_differs() { en: "the file has something else in it", zh: "文件里是别的内容" }
    pub(crate) fn file_gone() { en: "the file is gone", zh: "文件不见了" }
    pub(crate) fn not_saved() { en: "neither in the file that its command line names as {file} nor at the end of its standard output", zh: "既不在命令行中 {file} 所指的文件里，也不在标准输出的末尾" }
    pub(crate) fn goes_on(seconds) { en: "it goes on after {seconds} s", zh: "{seconds} 秒后它仍在继续" }
    pub(crate) fn too_slow(limit) { en: "none of the answers came within {limit} ms", zh: "没有一次回答在 {limit} 毫秒内到达" }
    pub(crate) fn asked_too_often(times) { en: "it asked {times} times: who does not wait before asking again floods the network", zh: "它问了 {times} 次：不等一等就重问会淹没网络" }
    pub(crate) fn nothing_within(seconds) { en: "nothing came within {seconds} s", zh: "{seconds} 秒内什么也没来" }
    pub(crate) fn nothing_more_within(seconds) { en: "nothing more came within {seconds} s", zh: "{seconds} 秒内没有再来什么" }
    pub(crate) fn nothing_for_it_ended() { en: "nothing came, for the program has ended", zh: "什么也没来，因为程序已经结束" }
    pub(crate) fn nothing_more_for_it_ended() { en: "nothing more came, for the program has ended", zh: "没有再来什么，因为程序已经结束" }
    pub(crate) fn more_than_that() { en: "more came than that", zh: "来的比这多" }
    pub(crate) fn something_else() { en: "something else came", zh: "来的是别的" }
    pub(crate) fn empty_datagram() { en: "an empty datagram came", zh: "来了一个空数据报" }
    pub(crate) fn closed() { en: "the program closed the connection (FIN)", zh: "程序关闭了连接（FIN）" }
    pub(crate) fn was_reset() { en: "the connection was reset (RST): the program ended, or closed with bytes unread", zh: "连接被复位（RST）：程序结束了，或者没读完就关闭了" }
    pub(crate) fn nobody_there() { en: "nobody listens there (any more)", zh: "那里（已经）没有人监听" }
    pub(crate) fn nothing_came() { en: "nothing came", zh: "什么也没来" }
    pub(crate) fn still_running() { en: "the program is still running", zh: "程序仍在运行" }
    pub(crate) fn ended_with(status) { en: "the program has ended with status {status}", zh: "程序已结束，状态为 {status}" }
    pub(crate) fn ended_by(signal) { en: "the program was ended by signal {signal}", zh: "程序被信号 {signal} 终止" }
    pub(crate) fn ended_by_known(signal, name) { en: "the program was ended by signal {signal} ({name})", zh: "程序被信号 {signal} 终止（{name}）" }
    pub(crate) fn ended() { en: "the program has ended", zh: "程序已结束" }
    pub(crate) fn its_output() { en: "its standard output", zh: "它的标准输出" }
    pub(crate) fn its_errors() { en: "its standard error", zh: "它的标准错误" }
    pub(crate) fn below(what) { en: "{what}:", zh: "{what}：" }
    pub(crate) fn last_lines(stream) { en: "{stream}, the last lines", zh: "{stream}（最后几行）" }
    pub(crate) fn too_long(seconds) { en: "the check took longer than {seconds} s", zh: "这项检查超过了 {seconds} 秒" }
}

common::texts! {
    pub(crate) fn held(name, says) { en: "ok      {name}: {says}", zh: "通过    {name}：{says}" }
    pub(crate) fn skipped(name, says, why) { en: "skipped {name}: {says} ({why})", zh: "跳过    {name}：{says}（{why}）" }
    pub(crate) fn failed(name, says) { en: "FAILED  {name}: {says}", zh: "未通过  {name}：{says}" }
    pub(crate) fn failed_briefly(name, says) { en: "FAILED  {name}: {says} (--only {name} shows how)", zh: "未通过  {name}：{says}（--only {name} 看详情）" }
    pub(crate) fn times(count) { en: "(and so {count} times in all)", zh: "（如此共 {count} 次）" }
    pub(crate) fn more_steps(count) { en: "… {count} more steps …", zh: "…… 另有 {count} 步 ……" }
    pub(crate) fn why() { en: "why", zh: "原因" }
    pub(crate) fn and_why(what, why) { en: "{what}. {why}", zh: "{what}。{why}" }
    pub(crate) fn ideas(list) { en: "ideas {list} of `cargo lab list`", zh: "知识点 {list}，见 `cargo lab list`" }
    pub(crate) fn hold(held, of) { en: "{held} of {of} checks hold", zh: "{of} 项检查通过 {held} 项" }
    pub(crate) fn and_skipped(count) { en: ", {count} skipped", zh: "，跳过 {count} 项" }
    pub(crate) fn and_failed(names) { en: "; failed: {names}", zh: "；未通过：{names}" }
    pub(crate) fn one_alone(name) { en: "One alone, when you have changed something: --only {name}", zh: "改过之后只查一项：--only {name}" }
    pub(crate) fn not_tried(count) { en: "{count} further checks were not tried: each would fail for the same reason.", zh: "另有 {count} 项没有检查：都会因同样的原因不通过。" }
    pub(crate) fn other_variant(option, value) { en: "It does what --{option} {value} asks for: judge it with that option.", zh: "它的行为符合 --{option} {value}：请加上这个选项再检查。" }
    pub(crate) fn quotes_open(line) { en: "a quotation mark in the command is never closed: {line}", zh: "命令里有引号没有闭合：{line}" }
    pub(crate) fn empty_command() { en: "the command is empty", zh: "命令是空的" }
    pub(crate) fn cannot_start(program, why) { en: "cannot start {program}: {why}", zh: "无法启动 {program}：{why}" }
    pub(crate) fn interrupted() { en: "interrupted", zh: "已中断" }
    pub(crate) fn no_port(why) { en: "no port of 127.0.0.1 is free: {why}", zh: "127.0.0.1 上没有空闲端口：{why}" }
}

#[cfg(target_os = "linux")]
common::texts! {
    pub(crate) fn signal_abort() { en: "SIGABRT: it gave up by itself", zh: "SIGABRT：它自己放弃了" }
    pub(crate) fn signal_kill() { en: "SIGKILL: somebody killed it, or the memory was used up", zh: "SIGKILL：有谁杀死了它，或者内存用完了" }
    pub(crate) fn signal_memory() { en: "SIGSEGV: it touched memory that is not its own", zh: "SIGSEGV：它碰了不属于它的内存" }
    pub(crate) fn signal_time() { en: "SIGXCPU: too much processor time", zh: "SIGXCPU：占用处理器的时间太长" }
    pub(crate) fn signal_file() { en: "SIGXFSZ: too long a file", zh: "SIGXFSZ：写的文件太长" }
}

/// What stands behind a Chinese word: a blank is between it and what is not Chinese.
pub(crate) fn behind_chinese(what: impl std::fmt::Display) -> String {
    let mut what = what.to_string();
    let is_chinese = |letter: char| common::terminal::columns(letter.encode_utf8(&mut [0; 4])) == 2;
    if common::text::lang() == common::text::Lang::Zh && !what.starts_with(is_chinese) {
        what.insert(0, ' ');
    }
    what
}

/// A peer of a check, by its English name.
pub(crate) fn peer(who: &str) -> &str {
    match common::text::lang() {
        common::text::Lang::En => who,
        common::text::Lang::Zh => in_chinese(who),
    }
}

fn in_chinese(who: &str) -> &str {
    match who {
        "the client" => "客户端",
        "a second client" => "第二个客户端",
        "a third client" => "第三个客户端",
        "the server" => "服务端",
        "a stranger" => "陌生人",
        "a silent client" => "不说话的客户端",
        "a client that reads late" => "很晚才读的客户端",
        "a client that does not read" => "不读取的客户端",
        "a member that does not read" => "不读取的成员",
        "a client that does not acknowledge" => "不确认的客户端",
        "another" => "另一个客户端",
        other => other,
    }
}
