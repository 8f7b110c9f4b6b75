# @ABOUT@
import codecs
import socket
import sys
import threading

clients = set()
lock = threading.Lock()


def listen_to(client):
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    while data := client.recv(65536):
        text = decoder.decode(data)
        if text == "bye":
            break
        print(text, flush=True)


def serve(client):
    with lock:
        clients.add(client)
    try:
        listen_to(client)
    except OSError as error:
        print(error, file=sys.stderr)
    with lock:
        clients.discard(client)
    client.close()


def tell_all(text):
    with lock:
        for client in clients:
            try:
                client.sendall(text.encode())
            except OSError as error:
                print(error, file=sys.stderr)


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
