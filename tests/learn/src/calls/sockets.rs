//! Sockets, and who waits for them.

use super::Call;

pub(super) const CALLS: &[Call] = &[
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
        "makefile(",
        "makefile",
        [
            "BufReader::new(client), read_until(b'\\n', &mut line), read_exact(&mut bytes)",
            "FILE *stream = fdopen(fd, \"r\"); getline(&line, &size, stream), fread(bytes, 1, count, stream)",
            "bufio.NewReader(client), ReadBytes('\\n'), io.ReadFull(reader, bytes)",
            "new DataInputStream(new BufferedInputStream(client.getInputStream())), read(), readFully(bytes)",
            "buffer = Buffer.concat([buffer, data]) at each \"data\"; then look whether all that is needed is in it",
        ],
    ),
    Call(
        "select(",
        "select",
        [
            "a thread for each pipe, with the socket behind a Mutex",
            "poll(fds, count, -1); read(fd, bytes, sizeof bytes)",
            "a goroutine for each pipe, with a sync.Mutex around the sending",
            "a thread for each pipe, with synchronized around the sending",
            "pipe.on(\"data\", (data) => { … }) for each pipe",
        ],
    ),
];
