//! The words among the calls, in Chinese. What is code alone is the same in every language.

/// The English as it stands in the tables, and the Chinese for it.
pub(super) const CHINESE: &[(&str, &str)] = &[
    // What a call is called, where that is no name.
    ("incremental decoder", "增量解码器"),
    ("lines", "按行取"),
    // Sockets, and who waits for them.
    (
        "for client in listener.incoming(), or listener.accept()",
        "for client in listener.incoming()，或者 listener.accept()",
    ),
    ("TcpListener::bind sets it", "TcpListener::bind 会设置它"),
    ("net.Listen sets it", "net.Listen 会设置它"),
    ("server.listen sets it", "server.listen 会设置它"),
    (
        "not needed: client.on(\"data\", …) waits for nobody",
        "用不着：client.on(\"data\", …) 不等任何人",
    ),
    ("not needed: one callback runs at a time", "用不着：同一时刻只运行一个回调"),
    (
        "an array of lines with a mutex and pthread_cond_wait",
        "一个放各行的数组，加上互斥锁和 pthread_cond_wait",
    ),
    (
        "socket.write queues by itself: if (socket.writableLength > 1 << 20) socket.destroy()",
        "socket.write 自己会排队：if (socket.writableLength > 1 << 20) socket.destroy()",
    ),
    (
        "let count = client.read(&mut buffer)?; 0 is the end",
        "let count = client.read(&mut buffer)?；返回 0 就是结束",
    ),
    (
        "ssize_t count = recv(client, buffer, sizeof buffer, 0); 0 is the end",
        "ssize_t count = recv(client, buffer, sizeof buffer, 0)；返回 0 就是结束",
    ),
    (
        "count, err := client.Read(buffer); err == io.EOF is the end",
        "count, err := client.Read(buffer)；err == io.EOF 就是结束",
    ),
    (
        "int count = client.getInputStream().read(buffer); -1 is the end",
        "int count = client.getInputStream().read(buffer)；返回 -1 就是结束",
    ),
    (
        "send(client, bytes, count, MSG_NOSIGNAL), again for what it has not taken",
        "send(client, bytes, count, MSG_NOSIGNAL)，没收下的部分接着再发",
    ),
    (
        "TcpStream::connect((\"127.0.0.1\", port)); of datagrams socket.connect((\"127.0.0.1\", port))",
        "TcpStream::connect((\"127.0.0.1\", port))；数据报用 socket.connect((\"127.0.0.1\", port))",
    ),
    (
        "net.Dial(\"tcp\", …); of datagrams net.Dial(\"udp\", …)",
        "net.Dial(\"tcp\", …)；数据报用 net.Dial(\"udp\", …)",
    ),
    (
        "new Socket(\"127.0.0.1\", port); of datagrams socket.connect(address)",
        "new Socket(\"127.0.0.1\", port)；数据报用 socket.connect(address)",
    ),
    (
        "net.connect(port, \"127.0.0.1\"); of datagrams socket.connect(port, \"127.0.0.1\")",
        "net.connect(port, \"127.0.0.1\")；数据报用 socket.connect(port, \"127.0.0.1\")",
    ),
    (
        "client.(*net.TCPConn).CloseWrite(), or Close()",
        "client.(*net.TCPConn).CloseWrite()，或者 Close()",
    ),
    ("client.shutdownOutput(), or close()", "client.shutdownOutput()，或者 close()"),
    ("drop(client), or the end of its scope", "drop(client)，或者等它离开作用域"),
    (
        "client.end() when all is sent, client.destroy() at once",
        "全部发完再关闭用 client.end()，立刻关闭用 client.destroy()",
    ),
    ("the Err of each call", "每个调用返回的 Err"),
    (
        "a result below 0, and errno; signal(SIGPIPE, SIG_IGN)",
        "结果小于 0，原因在 errno 里；signal(SIGPIPE, SIG_IGN)",
    ),
    (
        "buffer = Buffer.concat([buffer, data]) at each \"data\"; then look whether all that is needed is in it",
        "每来一次 \"data\" 就 buffer = Buffer.concat([buffer, data])；再看需要的到齐了没有",
    ),
    (
        "a thread for each pipe, with the socket behind a Mutex",
        "每个管道一个线程，套接字放在 Mutex 里",
    ),
    (
        "a goroutine for each pipe, with a sync.Mutex around the sending",
        "每个管道一个 goroutine，发送时拿着 sync.Mutex",
    ),
    (
        "a thread for each pipe, with synchronized around the sending",
        "每个管道一个线程，发送放在 synchronized 里",
    ),
    (
        "pipe.on(\"data\", (data) => { … }) for each pipe",
        "每个管道 pipe.on(\"data\", (data) => { … })",
    ),
    // Bytes, texts and numbers.
    ("the Err of parse() and from_utf8()", "parse() 和 from_utf8() 返回的 Err"),
    (
        "the end pointer of strtod, and a look at the text before",
        "strtod 的结束指针，调用之前还要看一看文字",
    ),
    (
        "the err of strconv.ParseFloat, and utf8.Valid(data)",
        "strconv.ParseFloat 返回的 err，以及 utf8.Valid(data)",
    ),
    (
        "NumberFormatException; for text new String(bytes, UTF_8) does not raise",
        "NumberFormatException；解码用 new String(bytes, UTF_8)，它不抛异常",
    ),
    (
        "Number.isNaN(Number(text)); for text new TextDecoder(\"utf-8\", { fatal: true })",
        "Number.isNaN(Number(text))；解码用 new TextDecoder(\"utf-8\", { fatal: true })",
    ),
    (
        "keep the bytes behind std::str::from_utf8(&kept) error's valid_up_to() while its error_len() is None",
        "std::str::from_utf8(&kept) 出错而 error_len() 是 None 时，valid_up_to() 之后的字节先留着",
    ),
    (
        "keep up to three bytes at the end that begin a character (11xxxxxx) and are not whole",
        "末尾以 11xxxxxx 开头、还不成一个字的字节先留着，最多三个",
    ),
    ("keep bytes while !utf8.FullRune(rest)", "只要 !utf8.FullRune(rest)，就先留着"),
    (
        "new InputStreamReader(client.getInputStream(), UTF_8) keeps them",
        "new InputStreamReader(client.getInputStream(), UTF_8) 会替你留着",
    ),
    (
        "decoder.decode(data, { stream: true }) of a new TextDecoder(\"utf-8\", { ignoreBOM: true })",
        "decoder = new TextDecoder(\"utf-8\", { ignoreBOM: true })，然后 decoder.decode(data, { stream: true })",
    ),
    ("send and show the bytes as they are", "字节原样发送、原样显示"),
    ("new String(bytes, UTF_8) does so", "new String(bytes, UTF_8) 就是这样"),
    ("data.toString() does so", "data.toString() 就是这样"),
    (
        "read byte by byte into a ByteArrayOutputStream until '\\n'",
        "一个字节一个字节读进 ByteArrayOutputStream，直到 '\\n'",
    ),
    (
        "bytes.HasPrefix(data, prefix); of text strings.HasPrefix",
        "bytes.HasPrefix(data, prefix)；文字用 strings.HasPrefix",
    ),
    (
        "text.startsWith(prefix); of bytes Arrays.mismatch",
        "text.startsWith(prefix)；字节用 Arrays.mismatch",
    ),
    (
        "text.startsWith(prefix); of bytes data.subarray(0, prefix.length).equals(prefix)",
        "text.startsWith(prefix)；字节用 data.subarray(0, prefix.length).equals(prefix)",
    ),
    ("look at the bytes as they are", "不解码，直接看字节"),
    ("string(bytes) keeps them as they are", "string(bytes) 会原样保留"),
    (
        "isalnum(byte) || byte >= 0x80, once the bytes are known to be UTF-8 letters",
        "先弄清这些字节是 UTF-8 的文字，再用 isalnum(byte) || byte >= 0x80",
    ),
    (
        "std has no table of it: refuse '\\u{300}'..='\\u{36f}' (accents of their own) and '\\u{ff01}'..='\\u{ff5e}' (full-width)",
        "std 里没有这张表：拒绝 '\\u{300}'..='\\u{36f}'（单独的重音符）和 '\\u{ff01}'..='\\u{ff5e}'（全角）",
    ),
    (
        "there is no table of it: refuse the bytes cc and cd (accents of their own), and ef bc and ef bd (full-width)",
        "没有这张表：拒绝字节 cc、cd（单独的重音符），以及 ef bc、ef bd（全角）",
    ),
    (
        "the standard library has no table of it: refuse '\\u0300' to '\\u036f' (accents of their own) and '\\uff01' to '\\uff5e' (full-width)",
        "标准库里没有这张表：拒绝 '\\u0300' 到 '\\u036f'（单独的重音符）和 '\\uff01' 到 '\\uff5e'（全角）",
    ),
    ("look at each character of the text yourself", "自己逐个看文字里的字符"),
    ("regexec with ^(…)$, or look at each character", "regexec 配上 ^(…)$，或者逐个看字符"),
    (
        "by hand: at each % two digits with u8::from_str_radix(digits, 16)",
        "亲手来：每遇到 % 就取后面两位，u8::from_str_radix(digits, 16)",
    ),
    (
        "by hand: at each % two digits with strtoul(digits, &end, 16)",
        "亲手来：每遇到 % 就取后面两位，strtoul(digits, &end, 16)",
    ),
    (
        "decodeURIComponent(name), which raises URIError",
        "decodeURIComponent(name)，写法不对时抛出 URIError",
    ),
    (
        "u32::to_be_bytes, from_be_bytes (le: the least significant first)",
        "u32::to_be_bytes、from_be_bytes（le 的是低位在前）",
    ),
    ("htonl, ntohl, memcpy (`<i` is the other order)", "htonl、ntohl、memcpy（`<i` 的顺序相反）"),
    (
        "binary.BigEndian.PutUint32, Uint32 (LittleEndian for `<i`)",
        "binary.BigEndian.PutUint32、Uint32（`<i` 用 LittleEndian）",
    ),
    (
        "ByteBuffer.allocate(4).putInt(…), with order(LITTLE_ENDIAN) for `<i`",
        "ByteBuffer.allocate(4).putInt(…)，`<i` 要加 order(LITTLE_ENDIAN)",
    ),
    (
        "buffer.writeUInt32BE, readUInt32BE (writeInt32LE for `<i`)",
        "buffer.writeUInt32BE、readUInt32BE（`<i` 用 writeInt32LE）",
    ),
    (
        "parseInt(text, 16), once /^[0-9a-f]+$/i.test(text)",
        "先看 /^[0-9a-f]+$/i.test(text)，再 parseInt(text, 16)",
    ),
    (
        "std knows no calendar: weekday and date by hand from UNIX_EPOCH.elapsed() (in UTC, which is right here)",
        "std 里没有日历：用 UNIX_EPOCH.elapsed() 亲手算出星期和日期（按 UTC，在这里就对）",
    ),
    (
        "by hand from new Date(): toDateString(), toTimeString(); the day of the month in two columns, before the time",
        "用 new Date() 亲手拼：toDateString()、toTimeString()；几号占两列，在时间前面",
    ),
    // The program itself, its user, and programs that it runs.
    (
        "new BufferedReader(new InputStreamReader(System.in, UTF_8)).readLine() until null",
        "new BufferedReader(new InputStreamReader(System.in, UTF_8)).readLine()，直到 null",
    ),
    (
        "Command::new(\"/bin/sh\").args([\"-c\", command]).stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?; a group of its own: .process_group(0)",
        "Command::new(\"/bin/sh\").args([\"-c\", command]).stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?；自己的进程组：.process_group(0)",
    ),
    (
        "pipe, fork, dup2, execl(\"/bin/sh\", \"sh\", \"-c\", command, NULL), waitpid; a group of its own: setsid()",
        "pipe、fork、dup2、execl(\"/bin/sh\", \"sh\", \"-c\", command, NULL)、waitpid；自己的进程组：setsid()",
    ),
    (
        "exec.Command(\"/bin/sh\", \"-c\", command), StdoutPipe(), Start(), Wait(); a group of its own: SysProcAttr{Setsid: true}",
        "exec.Command(\"/bin/sh\", \"-c\", command)、StdoutPipe()、Start()、Wait()；自己的进程组：SysProcAttr{Setsid: true}",
    ),
    (
        "exec.Command(\"/bin/sh\", \"-c\", command), Stdout and Stderr each a *bytes.Buffer, Run()",
        "exec.Command(\"/bin/sh\", \"-c\", command)，Stdout 和 Stderr 各用一个 *bytes.Buffer，Run()",
    ),
    ("poll for both pipes, or a thread for each", "用 poll 同时等两个管道，或者每个管道一个线程"),
    (
        "Stdout and Stderr each a *bytes.Buffer, Run()",
        "Stdout 和 Stderr 各用一个 *bytes.Buffer，Run()",
    ),
    (
        "a thread for each of getInputStream() and getErrorStream()",
        "getInputStream() 和 getErrorStream() 各用一个线程读",
    ),
    (
        "on(\"data\", …) for each pipe, on(\"close\", …) for the end",
        "每个管道 on(\"data\", …)，结束是 on(\"close\", …)",
    ),
    (
        "a goroutine with command.Wait() that closes a channel",
        "一个 goroutine 调用 command.Wait()，然后关闭一个 channel",
    ),
];
