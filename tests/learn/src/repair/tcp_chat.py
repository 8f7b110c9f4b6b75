# @ABOUT@
import codecs
import queue
import socket
import sys
import threading

# @WAITING@
clients = {}
lock = threading.Lock()


def listen_to(client):
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    while data := client.recv(65536):
        text = decoder.decode(data)
        if text == "bye":
            break
        print(text, flush=True)


def send_to(client, waiting):
    try:
        while text := waiting.get():
            client.sendall(text.encode())
    except OSError as error:
        print(error, file=sys.stderr)


def serve(client):
    waiting = queue.Queue(256)
    sender = threading.Thread(target=send_to, args=(client, waiting), daemon=True)
    sender.start()
    with lock:
        clients[client] = waiting
    try:
        listen_to(client)
    except OSError as error:
        print(error, file=sys.stderr)
    with lock:
        clients.pop(client, None)
    if not waiting.full():
        # @BEHIND@
        waiting.put("")
        sender.join(2)
    hang_up(client)
    client.close()


def hang_up(client):
    try:
        client.shutdown(socket.SHUT_RDWR)
    except OSError as error:
        print(error, file=sys.stderr)


def tell_all(text):
    with lock:
        for client, waiting in clients.items():
            if waiting.full():
                hang_up(client)
            else:
                waiting.put(text)


def read_lines():
    for line in sys.stdin:
        text = line.rstrip("\n")
        if text:
            tell_all(text)


port = int(sys.argv[1]) if len(sys.argv) > 1 else @PORT@

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", port))
server.listen()
threading.Thread(target=read_lines, daemon=True).start()
while True:
    client, _ = server.accept()
    threading.Thread(target=serve, args=(client,), daemon=True).start()
