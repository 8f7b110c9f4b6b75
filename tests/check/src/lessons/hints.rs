//! What helps with a stage, written for it.

use common::text::Text;

/// What helps with one stage, each saying more than the one before: a question about the learner's
/// own program, where to look, and the calls to make.
pub type Hints = [Text; 3];

/// Hints by the name of their check.
pub(super) type Table = &'static [(&'static str, Hints)];

/// A table: the name of a check, and three hints, each in English and in Chinese.
macro_rules! hints {
    ($($check:literal
        $ask:literal $ask_zh:literal
        $point:literal $point_zh:literal
        $calls:literal $calls_zh:literal)*) => {
        &[$(($check, [
            $crate::lessons::t($ask, $ask_zh),
            $crate::lessons::t($point, $point_zh),
            $crate::lessons::t($calls, $calls_zh),
        ])),*]
    };
}
pub(super) use hints;

/// Of the stages that several lessons have.
pub(super) const COMMON: Table = hints! {
    "listens"
        "From where does your program know its port: is that the one that the judge gives it?"
        "你的程序从哪里知道端口？是检查程序给它的那个吗？"
        "The port is the first argument (it is in the environment as PORT, too). Bind to 127.0.0.1 and that port, and let the program run on: one that ends listens no more."
        "端口是第一个参数（环境变量 PORT 里也有）。绑定 127.0.0.1 和这个端口，并让程序继续运行：程序一结束就不再监听了。"
        "socket(); bind((\"127.0.0.1\", int(sys.argv[1]))); over TCP then listen() and accept(), over UDP recvfrom()."
        "socket()；bind((\"127.0.0.1\", int(sys.argv[1])))；TCP 接着 listen()、accept()，UDP 接着 recvfrom()。"
    "connects"
        "To which port does your program connect: is that the one that the judge gives it?"
        "你的程序连接哪个端口？是检查程序给它的那个吗？"
        "The port is the first argument (it is in the environment as PORT, too). Connect before you read what the user types."
        "端口是第一个参数（环境变量 PORT 里也有）。先连接，再读用户输入的东西。"
        "socket(); connect((\"127.0.0.1\", int(sys.argv[1])))."
        "socket()；connect((\"127.0.0.1\", int(sys.argv[1])))。"
    "next-client"
        "What does your program do when recv brings no bytes: does it end, or does it wait for the next client?"
        "recv 返回 0 字节时，你的程序做什么？结束了，还是去等下一个客户端？"
        "No bytes end one conversation. Two loops, one in the other: outside accept, inside recv and send."
        "0 字节只结束一次对话。两层循环：外层 accept，内层 recv 和 send。"
        "while True: client, _ = server.accept(), and in it: while data := client.recv(4096): …; then client.close(), not server.close()."
        "while True: client, _ = server.accept()，里面 while data := client.recv(4096): …；然后 client.close()，而不是 server.close()。"
    "silent-client"
        "Somebody connects and says nothing. In which call does your program stand then, and who could call accept meanwhile?"
        "有人连上却不说话。这时你的程序停在哪个调用里？谁来调用 accept？"
        "recv waits for one client, and so does all that stands behind it. Give each client a thread, and let the main loop do nothing but accept. A pool of threads is used up by as many silent clients."
        "recv 在等一个客户端，它后面的一切也跟着等。给每个客户端一个线程，主循环只管 accept。线程池里有几个线程，几个不说话的客户端就能把它占满。"
        "threading.Thread(target=converse, args=(client,), daemon=True).start() behind accept; recv and send in converse."
        "accept 之后 threading.Thread(target=converse, args=(client,), daemon=True).start()；recv 和 send 放进 converse。"
    "reset"
        "Which error does recv raise when a peer resets, and where in your program is it caught?"
        "对端复位时 recv 抛出什么错误？你的程序在哪里捕获它？"
        "Look at the last lines of your program's standard error above. An error of one connection may end that connection and nothing else; and it may already come between accept and the first recv."
        "看上面，你的程序的标准错误最后几行。一个连接的错误只能结束那个连接；它也可能在 accept 之后、第一次 recv 之前就来。"
        "try: … the whole conversation … except OSError: pass, finally: client.close(). ConnectionResetError and BrokenPipeError are OSErrors."
        "try: 整个对话 except OSError: pass，finally: client.close()。ConnectionResetError 和 BrokenPipeError 都是 OSError。"
    "restart"
        "What does bind say when you stop your server in the middle of a conversation and start it again at once?"
        "对话进行中停掉服务端、马上再启动，bind 说什么？"
        "The kernel keeps the port of closed connections for a minute. There is an option that says: I know, give it to me all the same."
        "关闭的连接，内核还会占住端口一分钟。有一个选项的意思是：我知道，照样给我。"
        "server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1), before bind."
        "server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)，在 bind 之前。"
};

/// Of clients that ask by datagrams.
pub(super) const UDP_CLIENT: Table = hints! {
    "gives-up"
        "How often does your program try, and with which status does it end when all was in vain?"
        "你的程序试几次？都没用时，以什么状态结束？"
        "Three or four tries are enough. Then say so on standard error, and end with a status that is not 0."
        "三四次就够了。然后在标准错误上说明，以不为 0 的状态结束。"
        "for … else: of the loop of tries; sys.exit(1) at the end of the program."
        "试几次的循环用 for … else:；程序最后 sys.exit(1)。"
    "stranger"
        "Does your program look who sent what recv has brought?"
        "recv 取到的数据报，你的程序看过是谁发的吗？"
        "A UDP socket can be connected: the kernel then lets through its server alone."
        "UDP 套接字也可以 connect：之后内核只放行那个服务端发来的。"
        "client.connect(('127.0.0.1', port)), then send and recv; or recvfrom, and compare the sender."
        "client.connect(('127.0.0.1', port))，然后 send、recv；或者用 recvfrom 比较发送者。"
};
