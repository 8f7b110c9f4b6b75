//! What the client says, in each language.

common::texts! {
    /// A device of the name that the URL gives.
    pub(crate) fn no_file(path) {
        en: "{path}: is there and is no file; name another with --output",
        zh: "{path}：已存在，但不是普通文件；请用 --output 另取一个名字",
    }
    /// `-o .`
    pub(crate) fn directory(path) {
        en: "{path}: is a directory; name a file with --output",
        zh: "{path}：是一个目录；请用 --output 写明文件名",
    }
    /// A file that may only be read.
    pub(crate) fn write_protected(path) {
        en: "{path}: is write-protected",
        zh: "{path}：有写保护",
    }
    /// The directory is not ours to write in.
    pub(crate) fn no_part_here(path, why) {
        en: "{path}: {why}; bytes are collected there until all have come: \
             save in a directory that can be written, or write at once with `-o - > FILE`",
        zh: "{path}：{why}；下载完成之前，字节先收集在这里：\
             请保存到可写的目录，或用 `-o - > FILE` 直接写入",
    }
    /// A part that only its owner may write.
    pub(crate) fn part_not_ours_to_write(path, why) {
        en: "{path}: {why}; an earlier run of another user may have left it: remove it, or name another file with --output",
        zh: "{path}：{why}；可能是另一个用户以前运行时留下的：请删除它，或用 --output 另取一个名字",
    }
    /// A part that a stranger has laid out in /tmp.
    pub(crate) fn part_of_somebody(path) {
        en: "{path}: belongs to another user, and is not gone on with: save in a directory of your own",
        zh: "{path}：是另一个用户的文件，不会接着往里写：请保存到自己的目录里",
    }
    /// `-o missing/file`
    pub(crate) fn no_directory(path, why) {
        en: "{path}: {why}; make the directory first, or name another file with --output",
        zh: "{path}：{why}；请先建好目录，或用 --output 另取一个名字",
    }
    /// A name of more than 255 bytes.
    pub(crate) fn name_too_long(path, why) {
        en: "{path}: {why}; name a shorter one with --output",
        zh: "{path}：{why}；请用 --output 取一个短一些的名字",
    }
    /// Somebody has removed the directory meanwhile.
    pub(crate) fn gone_with_its_directory(part) {
        en: "{part}, where all bytes were, is gone as well",
        zh: "收集字节的 {part} 也不在了",
    }
    /// The file could not be given its name.
    pub(crate) fn not_replaced(path, why) {
        en: "cannot replace {path}: {why}",
        zh: "无法替换 {path}：{why}",
    }
    /// All of it has come, and its name is not to be had.
    pub(crate) fn whole_is_kept(bytes, part, target) {
        en: "all {bytes} bytes are in {part}; copy it to where {target} should be",
        zh: "全部 {bytes} 字节都在 {part} 里；请把它复制到 {target} 应在的位置",
    }
    /// Interim answers without end.
    pub(crate) fn too_much_interim(most) {
        en: "the server sent interim answers of more than {most} bytes, and no real one",
        zh: "服务端发来的中间响应（1xx）超过了 {most} 字节，却没有真正的响应",
    }
    /// `-d @FILE`.
    pub(crate) fn data_of_a_file() {
        en: "no file is read here: write -d \"$(cat FILE)\", or %40 for an @ at the beginning",
        zh: "这里不读文件：请写 -d \"$(cat FILE)\"；开头的 @ 请写成 %40",
    }
    /// `-J`, and the name is taken.
    pub(crate) fn there_already(path) {
        en: "{path}: is there already, and the server must not replace it; name a file with --output",
        zh: "{path}：已经存在，不能由服务端来替换；请用 --output 写明文件名",
    }
    /// 304, as the user has asked.
    pub(crate) fn not_modified() {
        en: "the file is still the one that you have; nothing is saved",
        zh: "文件没有变化，不保存任何内容",
    }
    /// Before another try.
    pub(crate) fn tries_again(why, seconds, left) {
        en: "{why}; trying again in {seconds} s ({left} more after that)",
        zh: "{why}；{seconds} 秒后再试（之后还可试 {left} 次）",
    }
    /// The proxy says no.
    pub(crate) fn proxy_refuses(proxy, variable, status) {
        en: "the proxy {proxy} ({variable}) answers {status}",
        zh: "代理 {proxy}（{variable}）返回 {status}",
    }
    /// The proxy is not there.
    pub(crate) fn no_proxy_there(proxy, variable) {
        en: "asking the proxy {proxy} ({variable}; no_proxy names hosts that are asked without)",
        zh: "经过代理 {proxy}（{variable}；no_proxy 里写明哪些主机不经过代理）",
    }
    /// `Na me: v`
    pub(crate) fn unreadable_line(line) {
        en: "passed over a line of the head that makes no sense: {line}",
        zh: "略过了响应头里一行看不懂的内容：{line}",
    }
    /// Many lines of a head make no sense.
    pub(crate) fn more_lines_without_colon(count) {
        en: "passed over {count} more such lines",
        zh: "还略过了 {count} 行这样的内容",
    }

    pub(crate) fn invalid_url(why) { en: "invalid URL: {why}", zh: "URL 不对：{why}" }
    pub(crate) fn invalid_line(why) {
        en: "invalid value for '--header <LINE>': {why}",
        zh: "'--header <LINE>' 的值不对：{why}",
    }
    pub(crate) fn outputs_and_urls(outputs, urls) {
        en: "--output names {outputs} of {urls} files: give it once for each URL, or not at all, or `-o -` for all",
        zh: "--output 写了 {outputs} 个文件，而 URL 有 {urls} 个：每个 URL 写一次，或者一次也不写，或者用 `-o -` 给全部",
    }
    pub(crate) fn sums_and_urls(sums, urls) {
        en: "--sha256 is given for {sums} of {urls} files: give it once for each URL",
        zh: "--sha256 写了 {sums} 个，而 URL 有 {urls} 个：每个 URL 写一次",
    }
    pub(crate) fn same_file(path) {
        en: "two URLs would both be saved as {path}: give each a name of its own with --output",
        zh: "有两个 URL 都要存为 {path}：请用 --output 给每个另取名字",
    }
    pub(crate) fn not_a_sum(length) {
        en: "a SHA-256 sum has 64 hexadecimal digits, as sha256sum writes them, and this has {length} characters",
        zh: "SHA-256 是 64 位十六进制数字，就像 sha256sum 写的那样，而这里有 {length} 个字符",
    }
    /// `--sha256`, and it is another file.
    pub(crate) fn other_sum(found, wanted) {
        en: "the SHA-256 sum is {found} and should be {wanted}: this is not the file that was wanted",
        zh: "SHA-256 是 {found}，应该是 {wanted}：这不是要的那个文件",
    }
    /// `--continue --sha256`, and the file at hand, as long as the server's, is another one.
    pub(crate) fn at_hand_has_other_sum() {
        en: "what is at hand has another SHA-256 sum; all of it is fetched",
        zh: "手头内容的 SHA-256 不对；改为全部重新下载",
    }
    pub(crate) fn continue_needs_file() {
        en: "--continue needs a file to go on with, and --output - is none",
        zh: "--continue 要有一个文件来接着下载，而 --output - 不是文件",
    }

    pub(crate) fn encrypted_twice() {
        en: "a connection is encrypted once",
        zh: "一条连接只加密一次",
    }

    // What an answer means.
    pub(crate) fn does_not_go_on() {
        en: "the server does not go on where the file stops; all of it is fetched",
        zh: "服务端不能从文件停下的地方接着发；改为全部重新下载",
    }
    pub(crate) fn not_its_beginning() {
        en: "what is at hand is no beginning of what the server has; all of it is fetched",
        zh: "手头的内容不是服务端那个文件的开头；改为全部重新下载",
    }
    pub(crate) fn of_another_url() {
        en: "the part at hand is from another URL; all is fetched",
        zh: "手头的部分来自另一个 URL；改为全部重新下载",
    }
    pub(crate) fn no_content() {
        en: "the answer has no content; nothing is saved",
        zh: "响应没有内容；什么也不保存",
    }
    pub(crate) fn server_answers(status_line) {
        en: "the server answers {status_line}",
        zh: "服务端返回 {status_line}",
    }
    pub(crate) fn no_colon(line) {
        en: "passed over a line of the head that has no colon: {line}",
        zh: "略过响应头里没有冒号的一行：{line}",
    }
    pub(crate) fn saved_encoded(coding) {
        en: "the body is saved as it comes, encoded with {coding}",
        zh: "响应体原样保存，它用 {coding} 编码",
    }
    pub(crate) fn cannot_print_head() { en: "cannot print the head", zh: "无法显示响应头" }
    pub(crate) fn nothing_listens(server, start) {
        en: "cannot connect to {server}: connection refused; nothing listens there: check host and port of the URL, \
             or start a server of your own with `{start}` and fetch localhost:8080",
        zh: "无法连接 {server}：连接被拒绝；那里没有程序在监听：检查一下 URL 里的主机和端口，\
             或者用 `{start}` 自己启动一个服务端，再取 localhost:8080",
    }
    pub(crate) fn no_proxy_listens(proxy) {
        en: "cannot connect to {proxy}: connection refused",
        zh: "无法连接 {proxy}：连接被拒绝",
    }
    pub(crate) fn no_part() {
        en: "there is no part to go on with",
        zh: "没有可以接着下载的部分",
    }
    pub(crate) fn range_and_length() {
        en: "Content-Range and Content-Length contradict each other",
        zh: "Content-Range 和 Content-Length 互相矛盾",
    }
    pub(crate) fn too_large(bytes, max) {
        en: "the file has at least {bytes} bytes, more than the {max} of --max-size",
        zh: "文件至少有 {bytes} 字节，超过了 --max-size 的 {max} 字节",
    }
    pub(crate) fn not_as_promised(bytes, total) {
        en: "{bytes} bytes came, where the head promised {total}",
        zh: "来了 {bytes} 字节，而响应头说有 {total} 字节",
    }

    // Files.
    pub(crate) fn replaced(name) {
        en: "{name} was there before and has been replaced",
        zh: "原来就有 {name}，已被替换",
    }
    pub(crate) fn complete_already(name) {
        en: "{name} is complete already",
        zh: "{name} 已经是完整的",
    }
    pub(crate) fn standard_output() { en: "standard output", zh: "标准输出" }
    pub(crate) fn the_terminal() { en: "the terminal", zh: "终端" }
    pub(crate) fn cannot_write(name, cause) {
        en: "cannot write {name}: {cause}",
        zh: "无法写 {name}：{cause}",
    }
    pub(crate) fn in_the_way(path) {
        en: "{path}: is in the way, and no earlier run has left it; move it elsewhere",
        zh: "{path}：占着位置，又不是以前运行留下的；请把它移到别处",
    }
    pub(crate) fn another_run(path) {
        en: "{path}: another run is writing it",
        zh: "{path}：另一个程序正在写它",
    }
    pub(crate) fn kept(bytes, path) {
        en: "{bytes} bytes are kept in {path}; --continue goes on from there",
        zh: "{bytes} 字节留在 {path} 里；用 --continue 从那里接着下载（断点续传）",
    }
    pub(crate) fn cannot_remove(path, cause) {
        en: "cannot remove {path}: {cause}",
        zh: "无法删除 {path}：{cause}",
    }

    // Progress; the words in braces are figures (`indicatif`).
    pub(crate) fn bar() {
        en: "{msg}{bytes}/{total_bytes} [{wide_bar}] {binary_bytes_per_sec} {eta} left",
        zh: "{msg}{bytes}/{total_bytes} [{wide_bar}] {binary_bytes_per_sec} 还要 {eta}",
    }
    pub(crate) fn bar_on_a_narrow_screen() {
        en: "{bytes}/{total_bytes} {eta} left",
        zh: "{bytes}/{total_bytes} 还要 {eta}",
    }

    // Waiting.
    /// In Chinese it stands behind a character, and a blank between.
    pub(crate) fn the_tls_handshake() { en: "the TLS handshake", zh: " TLS 握手" }
    pub(crate) fn taking_the_request() { en: "taking the request", zh: "服务端收下请求" }
    pub(crate) fn an_answer() { en: "an answer", zh: "响应" }
    pub(crate) fn rest_of_body() { en: "the rest of the body", zh: "响应体剩下的部分" }
    pub(crate) fn timed_out(seconds, awaited) {
        en: "timed out: waited {seconds} s for {awaited} (--timeout)",
        zh: "超时：等{awaited}等了 {seconds} 秒（--timeout）",
    }
    pub(crate) fn cut_while(awaited) {
        en: "the connection was cut while waiting for {awaited}",
        zh: "等{awaited}的时候连接断了",
    }
    pub(crate) fn while_waiting(awaited) {
        en: "while waiting for {awaited}",
        zh: "等{awaited}的时候",
    }
    pub(crate) fn no_time_limit() { en: "cannot set a time limit", zh: "无法设置时限" }

    // Certificates.
    pub(crate) fn not_trusted(fault) {
        en: "the server's certificate is not to be trusted: {fault}",
        zh: "服务端的证书不可信：{fault}",
    }
    pub(crate) fn not_tls() {
        en: "the answer is not TLS: the address may need http://",
        zh: "响应不是 TLS：地址可能要写成 http://",
    }
    pub(crate) fn tls_refused(alert) {
        en: "the server refused the TLS conversation: {alert}",
        zh: "服务端拒绝了 TLS 对话：{alert}",
    }
    pub(crate) fn tls(error) { en: "TLS: {error}", zh: "TLS 出错：{error}" }
    // What the library says of these in English is said in Chinese for all of a kind.
    pub(crate) fn tls_differs(error) {
        en: "TLS: {error}",
        zh: "服务端会的 TLS 跟这里的对不上（这里是 TLS 1.2 和 1.3）",
    }
    pub(crate) fn tls_broken(error) {
        en: "TLS: {error}",
        zh: "对端没有按 TLS 的规定说话：那里可能不是 TLS，也可能路上有谁插了手",
    }
    pub(crate) fn tls_changed(error) {
        en: "TLS: {error}",
        zh: "有一段加密的内容解不开：它在路上被改动了",
    }
    pub(crate) fn expired() {
        en: "it has expired (or this machine's clock is wrong)",
        zh: "已经过期（也可能是这台机器的时钟不对）",
    }
    pub(crate) fn not_valid_yet() {
        en: "it is not valid yet (or this machine's clock is wrong)",
        zh: "还没有生效（也可能是这台机器的时钟不对）",
    }
    pub(crate) fn for_another_name() {
        en: "it is for another name than the URL's host (subjectAltName)",
        zh: "它不是给 URL 里这个主机的（subjectAltName）",
    }
    pub(crate) fn unknown_issuer() {
        en: "nobody known has signed it; if it is your own, name its authority with --cacert FILE",
        zh: "签发它的不是已知的颁发机构；如果是你自己的证书，用 --cacert FILE 指明颁发机构",
    }
    pub(crate) fn revoked() { en: "it has been revoked", zh: "已被吊销" }
    pub(crate) fn bad_signature() { en: "its signature is wrong", zh: "签名不对" }
    pub(crate) fn other_fault(error) { en: "{error}", zh: "不合规定（{error}）" }
    pub(crate) fn signs_itself() {
        en: "it signs itself and nobody known has signed it; if it is your own, name it with --cacert FILE",
        zh: "它是自签名的，没有已知的颁发机构为它担保；如果是你自己的证书，用 --cacert FILE 指明它",
    }
    pub(crate) fn not_pem(why) {
        en: "is not PEM: {why}",
        zh: "不是正确的 PEM 格式：证书在 -----BEGIN CERTIFICATE----- 和 -----END CERTIFICATE----- 之间",
    }
    pub(crate) fn no_certificate() {
        en: "holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)",
        zh: "里面没有 PEM 格式的证书（-----BEGIN CERTIFICATE-----）",
    }
    pub(crate) fn left_out(path, count, all) {
        en: "{path}: {count} of {all} certificates cannot be read and are left out",
        zh: "{path}：{all} 个证书里有 {count} 个读不出来，已略过",
    }
    pub(crate) fn bad_certificate() {
        en: "holds what is no certificate",
        zh: "里面有不是证书的内容",
    }
}
