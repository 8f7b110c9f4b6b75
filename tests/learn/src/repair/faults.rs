//! The programs, and the faults: each is one idea that a lesson forbids.

use common::text::Text;

use super::Planted;

/// A small edit that makes a right program wrong.
pub(crate) struct Fault {
    pub(crate) right: &'static str,
    pub(crate) wrong: &'static str,
    /// The check that finds it.
    pub(crate) check: &'static str,
    /// What it was, when it has been found.
    pub(crate) what: Text,
}

const fn fault(
    check: &'static str,
    right: &'static str,
    wrong: &'static str,
    en: &'static str,
    zh: &'static str,
) -> Fault {
    Fault { right, wrong, check, what: Text { en, zh } }
}

pub(super) const PROGRAMS: &[Planted] = &[
    Planted {
        lesson: "tcp-echo",
        variant: "repeat",
        program: include_str!("tcp_echo.py"),
        faults: TCP_ECHO,
    },
    Planted {
        lesson: "tcp-chat",
        variant: "duplex",
        program: include_str!("tcp_chat.py"),
        faults: TCP_CHAT,
    },
    Planted {
        lesson: "udp-echo",
        variant: "greet",
        program: include_str!("udp_echo.py"),
        faults: UDP_ECHO,
    },
    Planted {
        lesson: "udp-temp",
        variant: "",
        program: include_str!("udp_temp.py"),
        faults: UDP_TEMP,
    },
    Planted {
        lesson: "remote-cmd",
        variant: "stream",
        program: include_str!("remote_cmd.py"),
        faults: REMOTE_CMD,
    },
    Planted {
        lesson: "http-fetch",
        variant: "",
        program: include_str!("http_fetch.py"),
        faults: HTTP_FETCH,
    },
];

const TCP_ECHO: &[Fault] = &[
    fault(
        "long-message",
        "client.recv(65536)",
        "client.recv(512)",
        "recv took 512 bytes at most, and the rest of a longer message for the next one",
        "recv 最多收 512 字节，更长的消息剩下的部分被当成了下一条",
    ),
    fault(
        "silent-client",
        "    threading.Thread(target=serve, args=(client,), daemon=True).start()\n",
        "    serve(client)\n",
        "one client at a time: a silent one held all others up",
        "一次只服务一个客户端：一个不说话，别人都被挡住",
    ),
    fault(
        "restart",
        "server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)\n",
        "",
        "without SO_REUSEADDR the port was not free after a restart",
        "没有 SO_REUSEADDR，重启后端口不能马上再用",
    ),
    fault(
        "half-a-character",
        "            text = decoder.decode(data)\n",
        "            text = data.decode(errors=\"replace\")\n",
        "each piece was decoded by itself, and a character cut in two was lost",
        "每一段单独解码，被切成两半的字就丢了",
    ),
    fault(
        "no-exit-word",
        "            if text:\n",
        "            if text == \"exit\":\n                return\n            if text:\n",
        "a word ended the conversation that is a message here",
        "一个在这里只是消息的词，却结束了对话",
    ),
];

const TCP_CHAT: &[Fault] = &[
    fault(
        "not-the-word",
        "text == \"bye\"",
        "\"bye\" in text",
        "every message that contains the word was taken for the word",
        "凡是包含结束词的消息，都被当成了结束词",
    ),
    fault(
        "in-pieces",
        "        text = decoder.decode(data)\n",
        "        text = data.decode(errors=\"replace\")\n",
        "each piece was decoded by itself, and a character cut in two was lost",
        "每一段单独解码，被切成两半的字就丢了",
    ),
    fault(
        "everybody",
        "    with lock:\n        clients[client] = waiting\n",
        "    with lock:\n        clients.clear()\n        clients[client] = waiting\n",
        "only the client that came last was spoken to",
        "只对最后来的客户端说话",
    ),
    fault(
        "half-close",
        "    while data := client.recv(65536):\n",
        "    while True:\n        data = client.recv(65536)\n",
        "nobody looked whether recv brought nothing: a client that had left was never closed",
        "没有看 recv 是不是返回了 0 字节：走了的客户端从来没有被关闭",
    ),
];

const UDP_ECHO: &[Fault] = &[
    fault(
        "long",
        "recvfrom(65535)",
        "recvfrom(1024)",
        "recvfrom had room for 1024 bytes, and the rest of a datagram was gone",
        "recvfrom 只留了 1024 字节的地方，数据报剩下的部分没了",
    ),
    fault(
        "as-it-is",
        "b\"Hello, \" + name + b\"!\"",
        "b\"Hello, \" + name.strip() + b\"!\"",
        "the blanks of a name were taken off",
        "名字里的空格被去掉了",
    ),
    fault(
        "empty",
        "    if is_greeting(name):\n        continue\n",
        "    if not name:\n        break\n    if is_greeting(name):\n        continue\n",
        "an empty datagram was taken for an end, as over TCP",
        "空数据报被当成了结束，就像 TCP 那样",
    ),
    fault(
        "no-answer-to-an-answer",
        "    if is_greeting(name):\n        continue\n",
        "",
        "greetings were greeted: two servers would do so for ever",
        "问候也得到了问候：两个服务端会没完没了",
    ),
    fault(
        "largest",
        "    try:\n        server.sendto(b\"Hello, \" + name + b\"!\", client)\n    except OSError as error:\n        print(error, file=sys.stderr)\n",
        "    server.sendto(b\"Hello, \" + name + b\"!\", client)\n",
        "an answer that is too long to be sent ended the server",
        "一个长得发不出去的回答，让服务端结束了",
    ),
];

const UDP_TEMP: &[Fault] = &[
    fault(
        "digits-only",
        "NUMBER.fullmatch(text)",
        "NUMBER.match(text)",
        "only the beginning of the text was looked at, and float() takes 1_0 for 10",
        "只看了文字的开头，而 float() 把 1_0 读成 10",
    ),
    fault(
        "long",
        "recvfrom(65535)",
        "recvfrom(1024)",
        "recvfrom had room for 1024 bytes, and the rest of a number was gone",
        "recvfrom 只留了 1024 字节的地方，数字剩下的部分没了",
    ),
    fault(
        "absolute-zero",
        "    if celsius < -273.15:\n        raise ValueError(\"below absolute zero\")\n",
        "",
        "degrees that do not exist were converted",
        "不存在的温度也换算了",
    ),
    fault(
        "not-text",
        "data.decode().strip()",
        "data.decode(errors=\"ignore\").strip()",
        "bytes that are no text were passed over",
        "不是文字的字节被略过了",
    ),
    fault(
        "no-answer-to-an-answer",
        "data.startswith((ANSWER.encode(), ERROR.encode()))",
        "data.startswith(ANSWER.encode())",
        "error replies were answered with error replies: two servers would do so for ever",
        "出错回答也得到了出错回答：两个服务端会没完没了",
    ),
];

const REMOTE_CMD: &[Fault] = &[
    fault(
        "input",
        "        stdin=subprocess.DEVNULL,\n",
        "        stdin=subprocess.PIPE,\n",
        "the command's input was a pipe that nobody closed",
        "命令的输入是一个没人关闭的管道",
    ),
    fault(
        "orphans",
        "                os.killpg(process.pid, signal.SIGKILL)\n",
        "                process.kill()\n",
        "the shell alone was killed, and not what it had started",
        "只杀死了 shell，没有杀死它启动的东西",
    ),
    fault(
        "version",
        "    if exactly(client, len(HELLO)) != HELLO:\n",
        "    if exactly(client, len(HELLO))[:5] != HELLO[:5]:\n",
        "the version in the hello was not looked at",
        "问候里的版本没有看",
    ),
    fault(
        "length",
        "    if not 1 <= length <= LONGEST:\n",
        "    if length < 1:\n",
        "a length of four thousand million bytes was believed",
        "四十亿字节的长度也信了",
    ),
    fault(
        "signal",
        "            if status < 0:\n                send(client, SIGNAL, struct.pack(\">i\", -status))\n            else:\n                send(client, EXIT, struct.pack(\">i\", status))\n",
        "            send(client, EXIT, struct.pack(\">i\", status))\n",
        "the number of a signal was told as an exit status",
        "把信号的编号当成退出状态告诉了客户端",
    ),
];

const HTTP_FETCH: &[Fault] = &[
    fault(
        "page",
        "len(body)}\\r\\nConnection",
        "len(page)}\\r\\nConnection",
        "Content-Length counted characters in place of bytes",
        "Content-Length 数的是字，不是字节",
    ),
    fault(
        "head-only",
        "(b\"\" if method == \"HEAD\" else body)",
        "body",
        "the answer to HEAD had a body",
        "对 HEAD 的响应带了响应体",
    ),
    fault(
        "post",
        "        read_body(client, body_length(fields), body)\n",
        "        body_length(fields)\n",
        "the body of a request was left unread, and the close became a reset",
        "请求体没有读，关闭变成了复位",
    ),
    fault(
        "host",
        "    if len(fields.get(\"host\", [])) != 1:\n",
        "    if \"host\" not in fields:\n",
        "a request with two Hosts got a page",
        "有两个 Host 的请求得到了页面",
    ),
    fault(
        "blank-before-colon",
        " or \" \" in name or \"\\t\" in name",
        "",
        "a blank before a colon, and a folded line, were taken for a field",
        "冒号前的空格和折成两行的字段，都被当成了字段",
    ),
];
