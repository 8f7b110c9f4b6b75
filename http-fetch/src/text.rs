//! What the protocol has to say to people, in English and in Chinese. Why a request is refused
//! stands on a page of the server, which is in the language of the server.

use common::text::{Lang, Text, lang};

macro_rules! refusals {
    ($($name:ident: $en:literal, $zh:literal;)*) => {
        $(pub(crate) const $name: Text = Text { en: $en, zh: $zh };)*
    };
}

refusals! {
    NO_HOST_FIELD: "no Host", "没有 Host";
    TWO_HOSTS: "more than one Host", "Host 不止一个";
    NOT_A_HOST: "the Host is not a host", "Host 里不是主机";
    TWO_LENGTHS: "more than one Content-Length", "Content-Length 不止一个";
    NOT_A_LENGTH: "the Content-Length is not a number of bytes", "Content-Length 不是字节数";
    NOT_LAST: "chunked is not the last transfer coding", "chunked 不是最后一个传输编码";
    NO_CODING: "a Transfer-Encoding without a coding", "Transfer-Encoding 里没有编码";
    LENGTH_AND_CODING: "both Transfer-Encoding and Content-Length", "Transfer-Encoding 和 Content-Length 同时出现";
    CODING_IN_HTTP_10: "Transfer-Encoding in HTTP/1.0", "HTTP/1.0 的请求里不能有 Transfer-Encoding";
    ONLY_CHUNKED: "the only transfer coding here is chunked", "这里的传输编码只有 chunked";
    BARE_RETURN: "a carriage return that does not end a line", "回车符后面没有换行符";
    NUL: "a NUL byte in the head", "请求头里有 NUL 字节";
    BLANK_LINE: "a line that begins with a blank", "有一行以空格开头";
    LONG_HEAD: "the head is too long", "请求头太长";
    MIXED_ENDS: "lines that end in CR LF and lines that end in LF alone", "有的行以 CR LF 结束，有的只以 LF 结束";
    LONG_REQUEST_LINE: "the request line is too long", "请求行太长";
    ENDLESS_LINE: "a line without end where a request line should be", "该是请求行的地方，一行没有尽头";
    ENDLESS_HEAD: "a head without an end", "请求头没有结束";
    BAD_FIELD: "a field without a name, or with a blank in it or after it", "字段没有名字，或者名字里、名字后有空格";
    BAD_VALUE: "a field value with a control character in it", "字段的值里有控制字符";
    BAD_REQUEST_LINE: "the first line is not METHOD TARGET VERSION with one blank between", "第一行不是“方法 目标 版本”，中间各一个空格";
    BAD_METHOD: "the method is not a word", "方法不是一个词";
    OTHER_VERSION: "this server speaks HTTP/1.1", "这个服务端说的是 HTTP/1.1";
    NO_VERSION: "the version is not HTTP/1.1", "版本不是 HTTP/1.1";
    NOT_A_PATH: "the target is not a path", "目标不是路径";
    NO_HOST: "no host to connect to", "没有要连接的主机";
    NO_SLASH: "the target is not a path that begins with /", "目标不是以 / 开头的路径";
    BAD_TARGET_HOST: "the target's host is not one", "目标里的主机不是主机";
}

common::texts! {
    // URLs.
    pub(crate) fn no_host() {
        en: "it names no host; a URL is HOST, HOST:PORT or http://HOST:PORT/PATH",
        zh: "没有写主机；URL 写成 HOST、HOST:PORT 或 http://HOST:PORT/PATH",
    }
    pub(crate) fn bad_port() {
        en: "a port is a number from 0 to 65535, as in localhost:8080",
        zh: "端口是 0 到 65535 之间的数，例如 localhost:8080",
    }
    pub(crate) fn not_ipv4() {
        en: "an IPv4 address has four numbers from 0 to 255, such as 192.168.0.1",
        zh: "IPv4 地址是四个 0 到 255 之间的数，例如 192.168.0.1",
    }
    pub(crate) fn not_ipv6() {
        en: "an IPv6 address stands in brackets, as in http://[::1]:8080/",
        zh: "IPv6 地址要写在方括号里，例如 http://[::1]:8080/",
    }
    pub(crate) fn blank() {
        en: "a host has no blanks; only after the first / may there be some",
        zh: "主机里没有空格；第一个 / 之后才可以有",
    }
    pub(crate) fn full_width(letter) {
        en: "«{letter}» is a full-width character: switch the keyboard to English for colons, slashes and dots",
        zh: "“{letter}”是全角字符：冒号、斜线和点要切换到英文输入法再写",
    }
    pub(crate) fn not_a_name(name) {
        en: "'{name}' is no name of a host: write it as example.com, localhost or 127.0.0.1",
        zh: "'{name}' 不是主机名：写成 example.com、localhost 或 127.0.0.1",
    }
    pub(crate) fn other_scheme(scheme) {
        en: "{scheme}: is not spoken here; write http:// or https:// in its place",
        zh: "不支持 {scheme}: 开头的 URL；改写成 http:// 或 https://",
    }
    pub(crate) fn credentials() {
        en: "a user name or a password in a URL is not supported; leave out what stands before the @",
        zh: "URL 里不支持用户名和密码；去掉 @ 和它前面的内容",
    }
    pub(crate) fn malformed_url() {
        en: "it is no URL; write it as http://HOST:PORT/PATH",
        zh: "这不是 URL；写成 http://HOST:PORT/PATH",
    }

    // Lines that a user adds to a request, and proxies.
    pub(crate) fn line_without_colon() {
        en: "a line of a head is Name: value",
        zh: "请求头的一行写成 Name: value",
    }
    pub(crate) fn line_name() {
        en: "the name of a line of a head is a word of ASCII letters, digits and dashes",
        zh: "请求头一行的名字由英文字母、数字和短横线组成",
    }
    pub(crate) fn line_value() {
        en: "the value of a line of a head has no control characters",
        zh: "请求头一行的值里没有控制字符",
    }
    pub(crate) fn line_of_ours(name) {
        en: "{name} is written by this program itself: use --data, or --continue",
        zh: "{name} 由程序自己写：请用 --data 或者 --continue",
    }
    pub(crate) fn other_proxy(variable, scheme) {
        en: "{variable}: a proxy of the kind {scheme}:// is not supported: name one of http://",
        zh: "{variable}：不支持 {scheme}:// 这种代理：请写 http:// 的",
    }
    pub(crate) fn not_a_proxy(variable) {
        en: "{variable}: is no address of a proxy; write it as http://HOST:PORT",
        zh: "{variable}：这不是代理的地址；写成 http://HOST:PORT",
    }

    // Redirects.
    pub(crate) fn no_location() {
        en: "the redirect does not say where to",
        zh: "重定向没有说去哪里",
    }
    pub(crate) fn unusable_location(location, why) {
        en: "the redirect leads to \"{location}\": {why}",
        zh: "重定向指向“{location}”：{why}",
    }
    pub(crate) fn circle(url) {
        en: "the redirects go round in a circle, back to {url}",
        zh: "重定向绕成了圈，又回到 {url}",
    }
    pub(crate) fn too_many_redirects(most) {
        en: "more than {most} redirects (--max-redirects)",
        zh: "重定向超过 {most} 次（--max-redirects）",
    }
    pub(crate) fn downgrade(url) {
        en: "the redirect leads from https to {url}, which is not encrypted; fetch that URL if you trust it",
        zh: "重定向从 https 指向没有加密的 {url}；如果信得过，就直接取那个 URL",
    }

    // The head of an answer.
    pub(crate) fn not_http(begin) {
        en: "the answer is not HTTP/1.1: it begins with \"{begin}\"",
        zh: "响应不是 HTTP/1.1：它以“{begin}”开头",
    }
    pub(crate) fn answer_is_tls() {
        en: "the answer is not HTTP but TLS: the address may need https://",
        zh: "响应不是 HTTP，是 TLS：地址可能要写成 https://",
    }
    pub(crate) fn no_answer() {
        en: "the connection was closed without an answer",
        zh: "没有响应，连接就关闭了",
    }
    pub(crate) fn head_cut(bytes) {
        en: "the connection was closed in the middle of the head, after {bytes} bytes",
        zh: "响应头还没完，连接就关闭了，只来了 {bytes} 字节",
    }
    pub(crate) fn head_too_long(most) {
        en: "the head is longer than {most} bytes",
        zh: "响应头超过了 {most} 字节",
    }
    pub(crate) fn malformed_head(why) { en: "malformed head: {why}", zh: "响应头格式不对：{why}" }
    pub(crate) fn bad_length(value) {
        en: "Content-Length is not a number: \"{value}\"",
        zh: "Content-Length 不是数：“{value}”",
    }
    pub(crate) fn lengths_differ(one, other) {
        en: "two different Content-Lengths: {one} and {other}",
        zh: "两个 Content-Length 不一样：{one} 和 {other}",
    }
    pub(crate) fn length_and_coding() {
        en: "both a Content-Length and a Transfer-Encoding, which contradict each other",
        zh: "Content-Length 和 Transfer-Encoding 同时出现，互相矛盾",
    }
    pub(crate) fn other_coding(coding) {
        en: "the Transfer-Encoding \"{coding}\" is not supported",
        zh: "不支持 Transfer-Encoding “{coding}”",
    }
    pub(crate) fn coding_in_http_10() {
        en: "a Transfer-Encoding in an HTTP/1.0 answer",
        zh: "HTTP/1.0 的响应里出现了 Transfer-Encoding",
    }

    // The body.
    pub(crate) fn body_cut(got, of) {
        en: "the connection was closed after {got} of {of} bytes",
        zh: "{of} 字节只来了 {got} 字节，连接就关闭了",
    }
    pub(crate) fn chunks_cut(got) {
        en: "the connection was closed after {got} bytes, before the last chunk",
        zh: "最后一块还没来，连接就关闭了，已来了 {got} 字节",
    }
    pub(crate) fn chunk_length() {
        en: "malformed chunk: its first line is not a hexadecimal length",
        zh: "分块格式不对：第一行不是十六进制的长度",
    }
    pub(crate) fn chunk_too_long() {
        en: "a chunk claims 16 exbibytes or more",
        zh: "有一块声称有 16 EiB 以上",
    }
    pub(crate) fn chunk_end() {
        en: "malformed chunk: it is longer than its length says",
        zh: "分块格式不对：它比自己说的长度长",
    }
    pub(crate) fn trailer_line() {
        en: "malformed field after the last chunk",
        zh: "最后一块之后的字段格式不对",
    }
    pub(crate) fn too_much_beside(what, limit) {
        en: "too much beside the payload: {what} of more than {limit} bytes",
        zh: "内容之外的东西太多：{what}超过了 {limit} 字节",
    }
}

refusals! {
    FIRST_LINE_OF_CHUNK: "a chunk's first line", "一块的第一行";
    COMMENTS_OF_CHUNKS: "comments of chunks", "各块的注释";
    TRAILERS: "fields after the last chunk", "最后一块之后的字段";
}

/// What the parser of heads says; in English it says it itself.
pub(crate) fn of_the_parser(error: httparse::Error) -> String {
    use httparse::Error;

    match (lang(), error) {
        (Lang::En, _) => error.to_string(),
        (Lang::Zh, Error::HeaderName) => "有个字段的名字不对".to_owned(),
        (Lang::Zh, Error::HeaderValue) => "有个字段的值不对".to_owned(),
        (Lang::Zh, Error::NewLine) => "有一行的结尾不对".to_owned(),
        (Lang::Zh, Error::Status) => "状态码不是三位数字，或者状态行里有不该有的字符".to_owned(),
        (Lang::Zh, Error::Token) => "有不该有的字符".to_owned(),
        (Lang::Zh, Error::TooManyHeaders) => "字段太多".to_owned(),
        (Lang::Zh, Error::Version) => "第一行说的不是 HTTP/1.0 或 HTTP/1.1".to_owned(),
    }
}
