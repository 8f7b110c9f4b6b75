//! What the server says, in English and in Chinese: in notices, and on the pages that it makes
//! itself. What names a status in the head of an answer is no text: it is part of the protocol.

use common::text::Text;

macro_rules! reasons {
    ($($name:ident: $en:literal, $zh:literal;)*) => {
        $(pub(crate) const $name: Text = Text { en: $en, zh: $zh };)*
    };
}

// Why there is no page but this one.
reasons! {
    TOO_MANY_CLIENTS: "there are too many clients", "客户端太多了";
    UNKNOWN_METHOD: "this server has never heard of that method", "这个服务端没听说过这种方法";
    ONLY_PAGES: "this server can only be asked for pages", "这个服务端只能用来取网页";
    CANNOT_EXPECT: "this server cannot do what you expect", "这个服务端做不到你期待的事（Expect）";
    LONG_BODY: "nothing here needs so long a body", "这里用不着这么长的请求体";
    MALFORMED_CHUNK: "a malformed chunk in the body", "请求体里有一块格式不对";
    SLOW_REQUEST: "the request took too long; the server's --idle-timeout says how long it may take",
        "请求花的时间太长；最多多久由服务端的 --idle-timeout 决定";
    NOTHING_HERE: "there is nothing here by that name", "这里没有叫这个名字的东西";
    BAD_ESCAPE: "a percent sign without two hexadecimal digits in the path", "路径里的百分号后面不是两位十六进制数";
    NO_THREADS: "the system allows the server no more threads", "系统不允许服务端再开线程";
    NO_FILES: "the system allows the server no more open files", "系统不允许服务端再打开文件";
    SERVER_ENDS: "the server ends", "服务端正在结束";
    IS_DIRECTORY: "this is a directory", "这是一个目录";
    OTHER_STATE: "the file is in another state", "文件已经不是那个样子了";
    NO_SUCH_BYTES: "the file has no such bytes", "文件里没有这些字节";
    MAY_NOT_READ: "the server may not read that", "服务端没有权限读它";
    CANNOT_READ: "the server cannot read that", "服务端读不了它";
}

/// What the number of a status means, in Chinese.
pub(crate) fn status(code: u16) -> &'static str {
    match code {
        301 => "已移到别处",
        400 => "请求有误",
        403 => "不允许访问",
        404 => "找不到",
        405 => "不能用这种方法",
        408 => "请求超时",
        412 => "前提不成立",
        413 => "内容太大",
        414 => "URI 太长",
        416 => "范围不对",
        417 => "做不到所期待的",
        431 => "请求头太大",
        500 => "服务端出错",
        501 => "不会这样做",
        503 => "暂时不能服务",
        505 => "不说这个版本的 HTTP",
        _ => "",
    }
}

common::texts! {
    /// Behind `listening on [::]:8080`.
    pub(crate) fn other_machines(urls) {
        en: "other machines reach it at {urls}",
        zh: "其他机器可以用这些地址访问：{urls}",
    }
    /// `--qr` of a server that nobody else reaches.
    pub(crate) fn nobody_else(addr) {
        en: "no code is drawn: only this machine reaches {addr}; listen for others with -a :PORT",
        zh: "没有画二维码：只有本机能访问 {addr}；要让其他机器也能访问，请用 -a :PORT 监听",
    }

    pub(crate) fn index_of(path) { en: "Index of {path}", zh: "{path} 的目录" }
    pub(crate) fn name() { en: "Name", zh: "名称" }
    pub(crate) fn size() { en: "Size", zh: "大小" }
    pub(crate) fn exactly(bytes) { en: "{bytes} bytes", zh: "{bytes} 字节" }
    pub(crate) fn changed() { en: "Changed", zh: "修改时间" }
    pub(crate) fn times_of(zone) { en: "Times: {zone}", zh: "时间：{zone}" }
    pub(crate) fn and_more(count) { en: "and {count} more", zh: "还有 {count} 个" }

    pub(crate) fn cannot_serve_root(path) { en: "cannot serve {path}", zh: "无法提供 {path}" }
    pub(crate) fn cannot_start_workers() {
        en: "cannot start the threads that run the tasks",
        zh: "无法启动承载任务的线程",
    }
    pub(crate) fn cannot_start_log() {
        en: "cannot start the thread that writes the access log",
        zh: "无法启动写访问日志的线程",
    }
    pub(crate) fn accepting_failed() {
        en: "the task that accepts clients has failed",
        zh: "接受连接的任务出错了",
    }
    pub(crate) fn cannot_wait() { en: "cannot wait for clients", zh: "无法等待客户端" }
    pub(crate) fn cannot_send(path, cause) {
        en: "cannot send {path} to its end: {cause}",
        zh: "没能把 {path} 发完：{cause}",
    }
    pub(crate) fn cannot_serve(path, cause) {
        en: "cannot serve {path}: {cause}",
        zh: "无法提供 {path}：{cause}",
    }
    pub(crate) fn shorter_now() {
        en: "the file became shorter while it was sent",
        zh: "发送的时候文件变短了",
    }
}
