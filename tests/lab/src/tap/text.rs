//! What the tap says: in its ladders, in its notices, and of options and scripts that are wrong.

use common::texts;

texts! {
    // ---- ladders
    pub(super) fn client(addr) {
        en: "client {addr}",
        zh: "客户端 {addr}",
    }
    pub(super) fn server(addr) {
        en: "server {addr}",
        zh: "服务端 {addr}",
    }
    pub(super) fn end_of_stream() {
        en: "end of stream (FIN)",
        zh: "流结束（FIN）",
    }
    pub(super) fn reset() {
        en: "reset (RST)",
        zh: "复位（RST）",
    }
    pub(super) fn does_not_read(waiting) {
        en: "does not read: {waiting} bytes wait here",
        zh: "不读：有 {waiting} 字节在此等候",
    }
    pub(super) fn tap_ends() {
        en: "the tap ends, and with it the connection",
        zh: "tap 结束，连接随之结束",
    }
    pub(super) fn cut_after_bytes(bytes, side) {
        en: "cut after {bytes} from the {side}",
        zh: "{side}发了 {bytes}，切断",
    }
    pub(super) fn cut_after_time(seconds) {
        en: "cut after {seconds} s",
        zh: "过了 {seconds} 秒，切断",
    }
    pub(super) fn cut_as_asked() {
        en: "cut",
        zh: "切断",
    }
    pub(super) fn the_client() {
        en: "client",
        zh: "客户端",
    }
    pub(super) fn the_server() {
        en: "server",
        zh: "服务端",
    }
    pub(super) fn doubled() {
        en: "doubled",
        zh: "发两次",
    }
    pub(super) fn waits_to_be_overtaken() {
        en: "waits to be overtaken",
        zh: "等着被超过",
    }
    pub(super) fn dropped() {
        en: "dropped",
        zh: "丢弃",
    }
    pub(super) fn no_room() {
        en: "no room, dropped",
        zh: "装不下，丢弃",
    }
    pub(super) fn changed() {
        en: "changed",
        zh: "改动",
    }
    pub(super) fn nobody_has_this_port() {
        en: "nobody has this port (ICMP)",
        zh: "没有人用这个端口（ICMP）",
    }
    pub(super) fn forgotten(seconds) {
        en: "forgotten after {seconds} s of silence",
        zh: "沉默了 {seconds} 秒，不再记着它",
    }

    // ---- the summary
    pub(super) fn connections(count) {
        en: "{count} connections",
        zh: "{count} 条连接",
    }
    pub(super) fn one_connection() {
        en: "1 connection",
        zh: "1 条连接",
    }
    pub(super) fn clients(count) {
        en: "{count} clients",
        zh: "{count} 个客户端",
    }
    pub(super) fn one_client() {
        en: "1 client",
        zh: "1 个客户端",
    }
    pub(super) fn datagrams(count, bytes) {
        en: "{count} datagrams of {bytes}",
        zh: "{count} 个数据报共 {bytes}",
    }
    pub(super) fn one_datagram(bytes) {
        en: "1 datagram of {bytes}",
        zh: "1 个 {bytes}的数据报",
    }
    pub(super) fn summary(who, from_clients, from_servers, extra) {
        en: "{who}: {from_clients} from clients, {from_servers} from servers{extra}",
        zh: "{who}：客户端发 {from_clients}，服务端发 {from_servers}{extra}",
    }
    pub(super) fn count_reset(count) {
        en: ", {count} reset",
        zh: "，复位 {count} 条",
    }
    pub(super) fn count_cut(count) {
        en: ", {count} cut",
        zh: "，切断 {count} 条",
    }
    pub(super) fn count_dropped(count) {
        en: ", {count} dropped",
        zh: "，丢弃 {count} 个",
    }
    pub(super) fn count_doubled(count) {
        en: ", {count} doubled",
        zh: "，发两次 {count} 个",
    }
    pub(super) fn count_overtaken(count) {
        en: ", {count} overtaken",
        zh: "，被超过 {count} 个",
    }
    pub(super) fn count_corrupted(count) {
        en: ", {count} corrupted",
        zh: "，损坏 {count} 处",
    }
    pub(super) fn count_replaced(count) {
        en: ", {count} replaced",
        zh: "，替换 {count} 处",
    }
    pub(super) fn count_refused(count) {
        en: ", {count} refused",
        zh: "，拒绝 {count} 个",
    }
    pub(super) fn saved_in(file) {
        en: "saved in {file}",
        zh: "已存入 {file}",
    }

    // ---- what a capture says of itself
    pub(super) fn confession() {
        en: "Rebuilt by a proxy (cargo lab tap): these packets were never on a wire. Times, addresses, ports and payloads are \
             real; everything else in the headers is made up.",
        zh: "由代理（cargo lab tap）还原：这些包从未在线路上传过。时刻、地址、端口和内容是真的，首部里的其余部分是编的。",
    }
    pub(super) fn client_to_tap() { en: "client to tap", zh: "客户端到 tap" }
    pub(super) fn tap_to_server() { en: "tap to server", zh: "tap 到服务端" }

    // ---- notices and errors
    pub(super) fn seed(seed) {
        en: "--seed {seed} decides the same again",
        zh: "用 --seed {seed} 可以原样重来",
    }
    pub(super) fn given_up(file, cause) {
        en: "{file} is given up: {cause}",
        zh: "{file} 不再写了：{cause}",
    }
    pub(super) fn not_whole(file, cause) {
        en: "{file} is not whole: {cause}",
        zh: "{file} 不完整：{cause}",
    }
    pub(super) fn cannot_write(file) {
        en: "cannot write {file}",
        zh: "无法写入 {file}",
    }
    pub(super) fn cannot_read(file) {
        en: "cannot read {file}",
        zh: "无法读取 {file}",
    }
    pub(super) fn bad_script(file, line, why) {
        en: "{file}, line {line}: {why}",
        zh: "{file} 第 {line} 行：{why}",
    }
    pub(super) fn script_too_long(file, most) {
        en: "{file} has more than {most} bytes",
        zh: "{file} 超过了 {most} 字节",
    }
    pub(super) fn not_text(file) {
        en: "{file} is no text in UTF-8",
        zh: "{file} 不是 UTF-8 文本",
    }
    pub(super) fn cannot_print() {
        en: "cannot start the threads that print",
        zh: "无法启动负责打印的线程",
    }
    pub(super) fn cannot_carry() {
        en: "cannot start the thread that carries the connections",
        zh: "无法启动负责转发连接的线程",
    }
    pub(super) fn cannot_wait_for_clients() {
        en: "cannot wait for clients",
        zh: "无法等待客户端",
    }
    pub(super) fn answers_at(server) {
        en: "the server answers at {server}",
        zh: "服务端是从 {server} 回答的",
    }
    pub(super) fn cannot_wait_for_datagrams() {
        en: "cannot wait for datagrams",
        zh: "无法等待数据报",
    }
    pub(super) fn cannot_receive(cause) {
        en: "cannot receive: {cause}",
        zh: "无法接收：{cause}",
    }
    pub(super) fn refused(addr) {
        en: "{addr} refused: as many clients as --max-clients allows",
        zh: "拒绝 {addr}：客户端已达 --max-clients 的上限",
    }
    pub(super) fn made_room(addr) {
        en: "{addr} forgotten: as many clients as --max-clients allows",
        zh: "不再记着 {addr}：客户端已达 --max-clients 的上限",
    }
    pub(super) fn not_served(addr, cause) {
        en: "{addr} is not served: {cause}",
        zh: "无法服务 {addr}：{cause}",
    }
    pub(super) fn leads_to_itself(addr) {
        en: "--to {addr} is where the tap itself listens: name the address of the server",
        zh: "--to {addr} 是 tap 自己监听的地方：请写服务端的地址",
    }

    // ---- what is wrong in --replace and in a script
    pub(super) fn no_equals_sign() {
        en: "FROM=TO has an equals sign in it; one that is meant itself is \\=",
        zh: "FROM=TO 里要有等号；等号本身写作 \\=",
    }
    pub(super) fn nothing_to_replace() {
        en: "FROM is empty: nothing cannot be found",
        zh: "FROM 是空的：没有东西可找",
    }
    pub(super) fn bad_escape(escape) {
        en: "'{escape}' is no escape: \\n \\r \\t \\0 \\\\ \\\" \\= and \\x with two digits are",
        zh: "“{escape}”不是转义：可用的有 \\n \\r \\t \\0 \\\\ \\\" \\= 和 \\x 加两位十六进制数字",
    }
    pub(super) fn quote_not_closed() {
        en: "a quotation mark is never closed",
        zh: "引号没有配对",
    }
    pub(super) fn something_missing(wanted) {
        en: "the line ends too early; here stands one of: {wanted}",
        zh: "这一行没写完；这里应当是其中之一：{wanted}",
    }
    pub(super) fn too_much(words) {
        en: "nothing may follow here, and there is '{words}'",
        zh: "这里不该再有内容，却有“{words}”",
    }
    pub(super) fn not_a_side(word) {
        en: "'{word}' is no side: a line begins with client, server or both",
        zh: "“{word}”不是任何一方：每行以 client、server 或 both 开头",
    }
    pub(super) fn not_a_moment(word) {
        en: "'{word}' is no moment: byte N, datagram N or after TIME",
        zh: "“{word}”不是时刻：应为 byte N、datagram N 或 after TIME",
    }
    pub(super) fn not_a_number(word) {
        en: "'{word}' is no number from 1 on; the first byte or datagram is 1",
        zh: "“{word}”不是从 1 起的整数；第一个字节或数据报是 1",
    }
    pub(super) fn not_a_time(word) {
        en: "'{word}' is no time: 300ms or 1.5s, at most a day",
        zh: "“{word}”不是时间：应如 300ms 或 1.5s，最多一天",
    }
    pub(super) fn not_a_fault(word) {
        en: "'{word}' is no fault: corrupt, drop, duplicate, delay, pause, cut, insert or replace",
        zh: "“{word}”不是故障：应为 corrupt、drop、duplicate、delay、pause、cut、insert 或 replace",
    }
    pub(super) fn not_a_cut(word) {
        en: "'{word}' is no way to cut: fin or rst",
        zh: "“{word}”不是切断的方式：应为 fin 或 rst",
    }
    pub(super) fn no_text_here(text) {
        en: "{text} stands in quotation marks, and a word belongs here",
        zh: "{text} 带着引号，这里应当是一个词",
    }
    pub(super) fn text_wanted(word) {
        en: "'{word}' is no text: one in quotation marks belongs here, with something in it",
        zh: "“{word}”不是文本：这里应当是引号里的文本，不能为空",
    }
    pub(super) fn not_then(what, when) {
        en: "'{what}' does not go with '{when}' here (byte: corrupt, insert, replace, pause, cut; datagram: corrupt, replace, drop, \
             duplicate, delay; after: pause and cut for TCP, drop for TIME for UDP)",
        zh: "“{what}”不能和“{when}”连用（byte：corrupt、insert、replace、pause、cut；datagram：corrupt、replace、drop、duplicate、\
             delay；after：TCP 用 pause 和 cut，UDP 用 drop for TIME）",
    }
    pub(super) fn byte_is_for_tcp() {
        en: "bytes are counted in a stream, which is TCP's: with --udp it is datagram N",
        zh: "按字节计数的是 TCP 的流：有 --udp 时写 datagram N",
    }
    pub(super) fn datagram_is_for_udp() {
        en: "datagrams are UDP's: without --udp it is byte N",
        zh: "数据报是 UDP 的：没有 --udp 时写 byte N",
    }
}
