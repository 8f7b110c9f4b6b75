//! The ideas of the tutorials.

/// One idea. The experiments that show it name it in their `rows`.
#[derive(Debug)]
pub(crate) struct Row {
    /// Its number in the list.
    pub(crate) id: &'static str,
    /// The idea itself.
    pub(crate) idea: &'static str,
    /// Document and line of the tutorials; what is wrong there.
    pub(crate) taught: &'static str,
    /// Commands that show it, besides experiments.
    pub(crate) run: &'static [&'static str],
    /// What to know where no program can show it, or not all of it.
    pub(crate) read: &'static str,
}

/// An idea that experiments or commands show.
const fn row(
    id: &'static str,
    idea: &'static str,
    taught: &'static str,
    run: &'static [&'static str],
) -> Row {
    Row { id, idea, taught, run, read: "" }
}

/// An idea that no program can show here.
const fn text(
    id: &'static str,
    idea: &'static str,
    taught: &'static str,
    read: &'static str,
) -> Row {
    Row { id, idea, taught, run: &[], read }
}

/// All ideas, by subject.
pub(crate) const PARTS: &[(&str, &[Row])] = &[
    ("A. Networks, protocols, addresses", ADDRESSES),
    ("B. TCP", TCP),
    ("C. UDP", UDP),
    ("D. The socket interface", SOCKETS),
    ("E. Sticky messages and buffers", STICKY),
    ("F. Servers for many, chat, HTTP", SERVERS),
];

const ADDRESSES: &[Row] = &[
    row(
        "A1",
        "network programming is two processes on two computers that communicate",
        "003:5, 004:18",
        &["cargo lab tour"],
    ),
    row("A2", "both must speak the same protocol", "002:5-7", &[]),
    text(
        "A3",
        "the Internet protocol suite is called TCP/IP after its two chief members",
        "002:7, 002:12",
        "Inter-net: a network of networks. IP carries packets between them; TCP, UDP and the rest stand on it.",
    ),
    text(
        "A4",
        "the seven layers",
        "004:4 ⚠ only the heading is left",
        "What the programs here send is the seventh; TCP and UDP are the fourth, IP the third. A capture saved with \
         `cargo lab tap --save FILE` and opened in Wireshark shows one inside the other.",
    ),
    row(
        "A5",
        "an IP address belongs to a network interface, and a computer has several",
        "002:16-18 ⚠ 123.123.123 lacks a group",
        &[],
    ),
    Row {
        id: "A6",
        idea: "IP sends small packets and promises neither arrival nor order",
        taught: "002:20",
        run: &[
            "cargo run -q -p udp-echo -- --drop 30 --jitter 50   (and udp-echo-client --ping 20)",
        ],
        read: "",
    },
    row(
        "A7",
        "an IPv4 address is a number of 32 bits, written as four groups of 8",
        "002:24-26",
        &[],
    ),
    row("A8", "an IPv6 address has 128 bits", "002:28-30", &[]),
    row("A9", "the port says which program on a computer gets the data", "002:49", &[]),
    row("A10", "one process may hold many connections and many ports", "002:52", &[]),
    row("A11", "known services have known ports: HTTP 80, FTP 21, SMTP 25", "002:52, 002:139", &[]),
    row(
        "A12",
        "ports below 1024 take a privilege",
        "002:139, 002:240, 003:52 ⚠ on Linux the limit can be set",
        &[],
    ),
    row(
        "A13",
        "ports above 1024 are free for use",
        "002:139 ⚠ 1024 itself too, and some are given to clients by chance: 000's 50000",
        &[],
    ),
    row(
        "A14",
        "0.0.0.0 is every interface, 127.0.0.1 this machine only",
        "002:238, 003:51, 000:42, 004:23 ⚠ '' is not “the IP of this machine”",
        &[],
    ),
    row(
        "A15",
        "a name is turned into addresses",
        "002:137",
        &["cargo run -q -p http-fetch --bin http-fetch-client -- http://localhost:8080/"],
    ),
    row(
        "A16",
        "AF_INET is IPv4, AF_INET6 is IPv6, AF_UNIX stays on the machine",
        "000:51, 002:78, 002:133, 003:17",
        &[],
    ),
    row("A17", "a TCP port and a UDP port of the same number do not clash", "000:198", &[]),
];

const TCP: &[Row] = &[
    row(
        "B1",
        "TCP makes a connection before it sends data, as a telephone does",
        "000:29, 001:5, 001:149",
        &[],
    ),
    row("B2", "the three-way handshake", "000:31, 002:36-43, 004:6-10", &["cargo lab tour"]),
    row(
        "B3",
        "its states: LISTEN, SYN-SENT, SYN-RECEIVED, ESTABLISHED",
        "002:38-41, 004:8-9 ⚠ SYN_SEND is none",
        &[],
    ),
    row(
        "B4",
        "the kernel makes the handshake; a client is connected before accept",
        "002:102 ⚠ not said",
        &[],
    ),
    row(
        "B5",
        "closing takes four steps, and either side may begin",
        "004:11-16 ⚠ not only the client",
        &["cargo lab tour"],
    ),
    row("B6", "TIME-WAIT, and SO_REUSEADDR", "004:15 ⚠ the remedy is not taught", &[]),
    row("B7", "TCP loses nothing, repeats nothing and keeps the order", "001:7, 002:34", &[]),
    text(
        "B8",
        "after a loss TCP holds back what came later",
        "001:161",
        "Loopback loses nothing, so it takes a real link. On one that was dead for 0.6 s TCP delivered 40 of 40 messages \
         in order, up to 0.66 s late, and UDP 28 of 40, none of them late.",
    ),
    row("B9", "TCP is a stream and knows no messages", "000:124, 002:56, 002:420", &[]),
    row(
        "B10",
        "both may send at any time; who speaks first is the protocol's business",
        "002:150, 003:23, 001:65",
        &[],
    ),
    row("B11", "four items identify a connection", "002:225", &[]),
    text(
        "B12",
        "a segment carries the ports",
        "002:47 ⚠ the addresses stand in the IP header",
        "A capture saved with `cargo lab tap --save FILE` shows both headers in Wireshark.",
    ),
    row(
        "B13",
        "a TCP connection has two ends",
        "001:11",
        &["cargo run -q -p tcp-chat -- --mode room   (a server that copies a line to many)"],
    ),
    row("B14", "TCP takes more of the system than UDP", "001:13, 001:153", &[]),
    row(
        "B15",
        "HTTP and others stand on TCP",
        "002:45",
        &["cargo run -q -p http-fetch --bin http-fetch-server -- --trace"],
    ),
    row(
        "B16",
        "listen's number is how many connections may wait for accept",
        "000:60, 002:99, 002:247, 003:58 ⚠ 002:309 and 004:23 say clients at once, and messages",
        &[],
    ),
];

const UDP: &[Row] = &[
    row(
        "C1",
        "UDP makes no connection; an address and a port are enough",
        "000:126, 001:5, 001:151, 002:58",
        &[],
    ),
    row(
        "C2",
        "whether a datagram arrives is not known",
        "000:126, 001:7",
        &["cargo run -q -p udp-echo -- --drop 30"],
    ),
    row(
        "C3",
        "UDP is quicker, for data that may be lost",
        "000:128, 002:60, 001:9 ⚠ less delay, not more throughput",
        &[],
    ),
    row("C4", "a datagram is a message, with its boundaries", "002:422", &[]),
    row("C5", "one datagram may go to many: broadcast, multicast", "001:9, 001:11, 002:422", &[]),
    row(
        "C6",
        "what UDP is used for: voice, video, TFTP, SNMP, DNS",
        "002:424-430 ⚠ RIP is a routing protocol",
        &[],
    ),
    row(
        "C7",
        "a UDP server binds, and takes data from any client",
        "000:130-136, 002:446, 003:102",
        &["cargo run -q -p udp-temp -- --trace"],
    ),
    row(
        "C8",
        "recvfrom gives the data and the sender, sendto answers",
        "000:145, 001:107-111, 002:106-108, 002:457, 003:109",
        &[],
    ),
    row(
        "C9",
        "a UDP client need not call connect",
        "000:149, 000:159, 002:461, 002:475, 003:111 ⚠ it then believes anybody",
        &[],
    ),
    row("C10", "a simple UDP server needs no threads", "000:147, 003:110", &[]),
    row(
        "C11",
        "a UDP program repeats what was lost by itself",
        "001:163",
        &["cargo run -q -p udp-temp --bin udp-temp-client -- --retries 3 25"],
    ),
];

const SOCKETS: &[Row] = &[
    row(
        "D1",
        "a socket is the end of a conversation, held by a number",
        "002:66-70, 003:6, 004:18",
        &[],
    ),
    row("D2", "socket(family, type)", "001:23, 002:72-93, 004:21", &[]),
    row("D3", "created is not connected", "002:135, 003:17", &[]),
    row(
        "D4",
        "the steps of a server and of a client",
        "002:328-343, 002:477-491, 001:145-159 ⚠ bing is bind",
        &["cargo lab tour", "cargo run -q -p tcp-echo -- --trace"],
    ),
    text(
        "D5",
        "bind takes one address, a pair of host and port",
        "002:98 ⚠ 004:23, 004:28, 004:32 and 004:38 call bind('', port)",
        "Python: TypeError, bind() takes exactly one argument (2 given). In Rust it would not compile.",
    ),
    row(
        "D6",
        "accept waits, and returns a new socket; the old one goes on listening",
        "001:31-37, 004:23",
        &[],
    ),
    row("D7", "a server accepts in an endless loop", "002:254, 003:62", &[]),
    row("D8", "connect raises an error, connect_ex returns its number", "002:101, 004:51", &[]),
    row(
        "D9",
        "recv(max) returns at most max bytes",
        "000:47, 000:69, 002:102, 002:167, 003:38, 004:23 ⚠ bytes, not a string",
        &[],
    ),
    row("D10", "recv returns no bytes when the peer has closed", "000:72, 002:167, 003:38", &[]),
    row(
        "D11",
        "send may take less than it was given",
        "002:103, 002:106, 004:54-56 ⚠ nothing is lost",
        &[],
    ),
    row(
        "D12",
        "text is encoded into bytes, bytes are decoded into text",
        "000:77, 000:81, 001:45-49 ⚠ the wrong way round",
        &[],
    ),
    row(
        "D13",
        "every socket is closed: the connection's and the listening one",
        "000:84, 002:169, 003:39",
        &[],
    ),
    row("D14", "getsockname and getpeername", "004:60-61", &[]),
    row("D15", "getsockopt and setsockopt", "004:62-63", &[]),
    row("D16", "blocking, with a limit of time, or not waiting at all", "004:65-67", &[]),
    row("D17", "a socket as a file: fileno, makefile", "004:68-69", &[]),
    row(
        "D18",
        "programs take arguments, and check them",
        "000:105, 001:83-91 ⚠ the check does not end the program",
        &[
            "cargo run -q -p udp-echo -- --addr nonsense:99999",
            "cargo run -q -p tcp-echo -- --help",
        ],
    ),
    row("D19", "errors of one client must not end the server", "003:153, 003:168", &[]),
];

const STICKY: &[Row] = &[
    row(
        "E1",
        "send and recv copy to and from the kernel of their own machine",
        "003:127-128, 000:48, 000:69",
        &[],
    ),
    row("E2", "small sends stick together", "003:131 ⚠ not by Nagle's algorithm alone", &[]),
    row("E3", "what a small buffer leaves comes out of the next recv", "003:132", &[]),
    row("E4", "the root: the receiver does not know the length", "003:134", &[]),
    row(
        "E5",
        "first cure: a recv between two sends",
        "003:137, 003:142-190",
        &["cargo run -q -p remote-cmd -- --framing ack"],
    ),
    row(
        "E6",
        "second cure: the length first",
        "003:138-140, 003:192-243 ⚠ recv(4) once, two sends, the machine's byte order",
        &["cargo run -q -p remote-cmd -- --framing prefix"],
    ),
    row("E7", "Nagle's algorithm", "003:131", &[]),
    row(
        "E8",
        "silly windows: one byte of data for 40 of headers",
        "003:245-246 ⚠ 52, with the timestamps that are usual today",
        &[],
    ),
    row(
        "E9",
        "a command run for a client, and its output",
        "003:156-163",
        &["cargo run -q -p remote-cmd"],
    ),
];

const SERVERS: &[Row] = &[
    row(
        "F1",
        "one thread serves one client; a thread for each serves all",
        "002:227, 002:266, 003:71",
        &["cargo run -q -p tcp-echo -- --model queue --think 1"],
    ),
    row(
        "F2",
        "the hello protocol: Welcome!, Hello, exit",
        "002:284, 003:85 ⚠ 002:280 closes inside the loop",
        &[
            "cargo run -q -p tcp-echo -- --dialect greet",
            "cargo run -q -p tcp-echo --bin tcp-echo-client -- --dialect greet Michael Tracy Sarah",
        ],
    ),
    row(
        "F3",
        "a chat in turns that ends with bye or byebye",
        "002:353-355, 004:24-28",
        &["cargo run -q -p tcp-chat -- --mode turns"],
    ),
    row(
        "F4",
        "one client's end must not end the server",
        "004:28 ⚠ a client that vanishes does end that one",
        &[],
    ),
    row(
        "F5",
        "two threads, so that either may say several things",
        "004:29-34 ⚠ they stick",
        &["cargo run -q -p tcp-chat"],
    ),
    row(
        "F6",
        "a temperature asked for by UDP: F = C × 1.8 + 32",
        "002:499-501",
        &["cargo run -q -p udp-temp", "cargo run -q -p udp-temp --bin udp-temp-client -- 36.6"],
    ),
    row(
        "F7",
        "an HTTP request must be well-formed",
        "002:147, 002:152, 003:21, 003:24 ⚠ the server of 004 never looks",
        &[],
    ),
    row(
        "F8",
        "a response is a head and a body, parted by an empty line",
        "002:176-184",
        &["cargo run -q -p http-fetch --bin http-fetch-client -- URL -o FILE"],
    ),
    row(
        "F9",
        "request line, status line, header lines of key and value",
        "004:38 ⚠ `charset=utf-8` is none",
        &[],
    ),
    row(
        "F10",
        "lines end with \\r\\n, and an empty line ends the head",
        "004:38 ⚠ said of the body",
        &[],
    ),
    row(
        "F11",
        "a browser is a client",
        "004:36, 004:38",
        &["cargo run -q -p http-fetch   (then visit http://127.0.0.1:8080/)"],
    ),
    row(
        "F12",
        "coroutines: many clients on one thread",
        "004:36, 004:38 ⚠ send takes only a part",
        &["cargo run -q -p tcp-echo -- --model tasks"],
    ),
];
