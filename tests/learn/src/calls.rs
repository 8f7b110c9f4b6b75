//! The calls that the hints name by their Python names, in the other languages.

use crate::language::Language;

/// A call: what a hint that means it has in it, what it is called here, and how it is written in
/// Rust, C, Go, Java and JavaScript.
struct Call(&'static str, &'static str, [&'static str; 5]);

/// Those that a hint names, in a language: the name, and how it is written there. In Python the
/// hint itself says it.
pub(crate) fn named(
    hint: &str,
    language: Language,
) -> impl Iterator<Item = (&'static str, &'static str)> {
    let column = match language {
        Language::Python => None,
        Language::Rust => Some(0),
        Language::C => Some(1),
        Language::Go => Some(2),
        Language::Java => Some(3),
        Language::Javascript => Some(4),
    };
    let meant = |call: &&Call| hint.contains(call.0);
    CALLS.iter().filter(meant).filter_map(move |call| Some((call.1, *call.2.get(column?)?)))
}

const CALLS: &[Call] = &[
    Call(
        "sys.argv[1]",
        "sys.argv[1]",
        ["std::env::args().nth(1)", "argv[1]", "os.Args[1]", "args[0]", "process.argv[2]"],
    ),
    Call(
        "accept",
        "accept",
        [
            "for client in listener.incoming(), or listener.accept()",
            "accept(server, NULL, NULL)",
            "server.Accept()",
            "server.accept()",
            "net.createServer((client) => { … })",
        ],
    ),
    Call(
        "SO_REUSEADDR",
        "SO_REUSEADDR",
        [
            "TcpListener::bind sets it",
            "int on = 1; setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on)",
            "net.Listen sets it",
            "ServerSocket server = new ServerSocket(); server.setReuseAddress(true); server.bind(new InetSocketAddress(host, port))",
            "server.listen sets it",
        ],
    ),
    Call(
        "Thread(",
        "Thread",
        [
            "std::thread::spawn(move || converse(client))",
            "pthread_create(&thread, NULL, converse, client)",
            "go converse(client)",
            "new Thread(() -> converse(client)).start()",
            "not needed: client.on(\"data\", …) waits for nobody",
        ],
    ),
    Call(
        "with lock",
        "lock",
        [
            "Arc<Mutex<…>>, .lock()",
            "pthread_mutex_lock(&lock), pthread_mutex_unlock(&lock)",
            "var lock sync.Mutex; lock.Lock(); defer lock.Unlock()",
            "synchronized (lock) { … }",
            "not needed: one callback runs at a time",
        ],
    ),
    Call(
        "Queue(",
        "Queue",
        [
            "std::sync::mpsc::sync_channel(1000), try_send, recv",
            "an array of lines with a mutex and pthread_cond_wait",
            "lines := make(chan []byte, 1000); select { case lines <- line: default: member.Close() }",
            "new ArrayBlockingQueue<byte[]>(1000), offer, take",
            "socket.write queues by itself: if (socket.writableLength > 1 << 20) socket.destroy()",
        ],
    ),
    Call(
        "recvfrom",
        "recvfrom",
        [
            "let (count, client) = socket.recv_from(&mut buffer)?",
            "recvfrom(fd, buffer, sizeof buffer, 0, (struct sockaddr *)&client, &length)",
            "count, client, err := server.ReadFromUDP(buffer)",
            "DatagramPacket packet = new DatagramPacket(buffer, buffer.length); server.receive(packet)",
            "server.on(\"message\", (data, client) => { … })",
        ],
    ),
    Call(
        "sendto(",
        "sendto",
        [
            "socket.send_to(bytes, client)?",
            "sendto(fd, bytes, count, 0, (struct sockaddr *)&client, length)",
            "server.WriteToUDP(bytes, client)",
            "server.send(new DatagramPacket(bytes, bytes.length, packet.getSocketAddress()))",
            "server.send(bytes, client.port, client.address)",
        ],
    ),
    Call(
        "recv(",
        "recv",
        [
            "let count = client.read(&mut buffer)?; 0 is the end",
            "ssize_t count = recv(client, buffer, sizeof buffer, 0); 0 is the end",
            "count, err := client.Read(buffer); err == io.EOF is the end",
            "int count = client.getInputStream().read(buffer); -1 is the end",
            "client.on(\"data\", (data) => { … }); client.on(\"end\", () => { … })",
        ],
    ),
    Call(
        "sendall(",
        "sendall",
        [
            "client.write_all(bytes)?",
            "send(client, bytes, count, MSG_NOSIGNAL), again for what it has not taken",
            "client.Write(bytes)",
            "client.getOutputStream().write(bytes)",
            "client.write(bytes)",
        ],
    ),
    Call(
        "connect(",
        "connect",
        [
            "TcpStream::connect((\"127.0.0.1\", port)); of datagrams socket.connect((\"127.0.0.1\", port))",
            "connect(fd, (struct sockaddr *)&server, sizeof server)",
            "net.Dial(\"tcp\", …); of datagrams net.Dial(\"udp\", …)",
            "new Socket(\"127.0.0.1\", port); of datagrams socket.connect(address)",
            "net.connect(port, \"127.0.0.1\"); of datagrams socket.connect(port, \"127.0.0.1\")",
        ],
    ),
    Call(
        "settimeout",
        "settimeout",
        [
            "socket.set_read_timeout(Some(Duration::from_secs(1)))?",
            "setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){.tv_sec = 1}, sizeof(struct timeval))",
            "client.SetReadDeadline(time.Now().Add(time.Second))",
            "socket.setSoTimeout(1000)",
            "setTimeout(() => { … }, 1000)",
        ],
    ),
    Call(
        "shutdown(",
        "shutdown",
        [
            "client.shutdown(Shutdown::Both)",
            "shutdown(client, SHUT_RDWR)",
            "client.(*net.TCPConn).CloseWrite(), or Close()",
            "client.shutdownOutput(), or close()",
            "client.end()",
        ],
    ),
    Call(
        "close()",
        "close",
        [
            "drop(client), or the end of its scope",
            "close(client)",
            "client.Close()",
            "client.close()",
            "client.end() when all is sent, client.destroy() at once",
        ],
    ),
    Call(
        "OSError",
        "OSError",
        [
            "the Err of each call",
            "a result below 0, and errno; signal(SIGPIPE, SIG_IGN)",
            "err != nil",
            "IOException",
            "client.on(\"error\", () => { … })",
        ],
    ),
    Call(
        "ValueError",
        "ValueError",
        [
            "the Err of parse() and from_utf8()",
            "the end pointer of strtod, and a look at the text before",
            "the err of strconv.ParseFloat, and utf8.Valid(data)",
            "NumberFormatException; for text new String(bytes, UTF_8) does not raise",
            "Number.isNaN(Number(text)); for text new TextDecoder(\"utf-8\", { fatal: true })",
        ],
    ),
    Call(
        "incrementaldecoder",
        "incremental decoder",
        [
            "keep the bytes behind std::str::from_utf8(&kept) error's valid_up_to() while its error_len() is None",
            "keep up to three bytes at the end that begin a character (11xxxxxx) and are not whole",
            "keep bytes while !utf8.FullRune(rest)",
            "new InputStreamReader(client.getInputStream(), UTF_8) keeps them",
            "decoder.decode(data, { stream: true }) of a new TextDecoder()",
        ],
    ),
    Call(
        "errors='replace'",
        "errors='replace'",
        [
            "String::from_utf8_lossy(bytes)",
            "send and show the bytes as they are",
            "strings.ToValidUTF8(string(bytes), \"\\uFFFD\")",
            "new String(bytes, UTF_8) does so",
            "data.toString() does so",
        ],
    ),
    Call(
        "in buffer",
        "lines",
        [
            "BufReader::new(client).read_until(b'\\n', &mut line)",
            "memchr(buffer, '\\n', count)",
            "bufio.NewReader(client).ReadBytes('\\n')",
            "read byte by byte into a ByteArrayOutputStream until '\\n'",
            "while ((at = buffer.indexOf(10)) >= 0) { line = buffer.subarray(0, at); buffer = buffer.subarray(at + 1); … }",
        ],
    ),
    Call(
        "input()",
        "input",
        [
            "std::io::stdin().read_line(&mut line)",
            "fgets(line, sizeof line, stdin)",
            "bufio.NewScanner(os.Stdin), Scan(), Text()",
            "new BufferedReader(new InputStreamReader(System.in, UTF_8)).readLine()",
            "require(\"readline\").createInterface({ input: process.stdin }).on(\"line\", …)",
        ],
    ),
    Call(
        "sys.stdin",
        "sys.stdin",
        [
            "for line in std::io::stdin().lines()",
            "while (fgets(line, sizeof line, stdin))",
            "for scanner := bufio.NewScanner(os.Stdin); scanner.Scan(); { … }",
            "new BufferedReader(new InputStreamReader(System.in, UTF_8)).readLine() until null",
            "require(\"readline\").createInterface({ input: process.stdin }).on(\"line\", …).on(\"close\", …)",
        ],
    ),
    Call(
        "flush=True",
        "print(…, flush=True)",
        [
            "println!(\"{text}\")",
            "printf(…); fflush(stdout)",
            "fmt.Println(text)",
            "System.out.println(text)",
            "console.log(text)",
        ],
    ),
    Call(
        "sys.exit(",
        "sys.exit",
        [
            "eprintln!(…); std::process::exit(1)",
            "fprintf(stderr, …); exit(1)",
            "fmt.Fprintln(os.Stderr, …); os.Exit(1)",
            "System.err.println(…); System.exit(1)",
            "console.error(…); process.exit(1)",
        ],
    ),
    Call(
        "os._exit",
        "os._exit",
        ["std::process::exit(0)", "exit(0)", "os.Exit(0)", "System.exit(0)", "process.exit(0)"],
    ),
    Call(
        "struct.",
        "struct",
        [
            "u32::to_be_bytes, from_be_bytes (le: the least significant first)",
            "htonl, ntohl, memcpy (`<i` is the other order)",
            "binary.BigEndian.PutUint32, Uint32 (LittleEndian for `<i`)",
            "ByteBuffer.allocate(4).putInt(…), with order(LITTLE_ENDIAN) for `<i`",
            "buffer.writeUInt32BE, readUInt32BE (writeInt32LE for `<i`)",
        ],
    ),
    Call(
        "Popen(",
        "Popen",
        [
            "Command::new(\"/bin/sh\").args([\"-c\", command]).stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?; a group of its own: .process_group(0)",
            "pipe, fork, dup2, execl(\"/bin/sh\", \"sh\", \"-c\", command, NULL), waitpid; a group of its own: setsid()",
            "exec.Command(\"/bin/sh\", \"-c\", command), StdoutPipe(), Start(), Wait(); a group of its own: SysProcAttr{Setsid: true}",
            "new ProcessBuilder(\"setsid\", \"-w\", \"/bin/sh\", \"-c\", command).start(), getInputStream(), waitFor()",
            "spawn(\"/bin/sh\", [\"-c\", command], { detached: true, stdio: [\"ignore\", \"pipe\", \"pipe\"] })",
        ],
    ),
    Call(
        "killpg",
        "killpg",
        [
            "Command::new(\"kill\").args([\"-9\", \"--\", &format!(\"-{}\", child.id())])",
            "kill(-pid, SIGKILL)",
            "syscall.Kill(-command.Process.Pid, syscall.SIGKILL)",
            "process.descendants().forEach(ProcessHandle::destroyForcibly); process.destroyForcibly()",
            "process.kill(-child.pid, \"SIGKILL\")",
        ],
    ),
    Call(
        "isfinite",
        "isfinite",
        [
            "number.is_finite()",
            "isfinite(number)",
            "!math.IsInf(number, 0) && !math.IsNaN(number)",
            "Double.isFinite(number)",
            "Number.isFinite(number)",
        ],
    ),
    Call(
        "float(",
        "float",
        [
            "text.parse::<f64>()",
            "strtod(text, &end)",
            "strconv.ParseFloat(text, 64)",
            "Double.parseDouble(text)",
            "Number(text)",
        ],
    ),
    Call(
        "round(",
        "round",
        [
            "(number * 100.0).round_ties_even() / 100.0",
            "nearbyint(number * 100) / 100",
            "math.RoundToEven(number*100) / 100",
            "Math.rint(number * 100) / 100",
            "Math.round(number * 100) / 100",
        ],
    ),
    Call(
        "fullmatch",
        "fullmatch",
        [
            "look at each character of the text yourself",
            "regexec with ^(…)$, or look at each character",
            "regexp.MustCompile(`^(…)$`).MatchString(text)",
            "text.matches(\"…\")",
            "/^(…)$/.test(text)",
        ],
    ),
    Call(
        "isprintable",
        "isprintable",
        [
            "!letter.is_control()",
            "byte >= 0x20 && byte != 0x7f",
            "unicode.IsPrint(letter)",
            "!Character.isISOControl(letter)",
            "!/\\p{C}/u.test(letter)",
        ],
    ),
    Call(
        "isalnum",
        "isalnum",
        [
            "letter.is_alphanumeric()",
            "isalnum(byte) || byte >= 0x80, once the bytes are known to be UTF-8 letters",
            "unicode.IsLetter(letter) || unicode.IsDigit(letter)",
            "Character.isLetterOrDigit(letter)",
            "/^[\\p{L}\\p{N}_-]+$/u.test(name)",
        ],
    ),
    Call(
        "casefold",
        "casefold",
        [
            "name.to_lowercase()",
            "strcasecmp(one, other)",
            "strings.EqualFold(one, other)",
            "one.equalsIgnoreCase(other)",
            "name.toLowerCase()",
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use check::SUITES;

    #[test]
    fn every_call_is_named_by_a_hint() {
        let hints: Vec<_> = SUITES
            .iter()
            .flat_map(|suite| (suite.checks)().into_iter().map(move |check| (suite, check)))
            .filter_map(|(suite, check)| suite.hints(check.name))
            .collect();
        for Call(sign, name, _) in CALLS {
            assert!(hints.iter().any(|[.., calls]| calls.en.contains(sign)), "{name}: {sign}");
        }
    }
}
