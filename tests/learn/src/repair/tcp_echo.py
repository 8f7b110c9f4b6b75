# @ABOUT@
import codecs
import socket
import sys
import threading


def converse(client):
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    with client:
        while data := client.recv(65536):
            text = decoder.decode(data)
            if text:
                client.sendall(f"服务端接收到了信息 {text}".encode())


def serve(client):
    try:
        converse(client)
    except OSError as error:
        print(error, file=sys.stderr)


port = int(sys.argv[1]) if len(sys.argv) > 1 else @PORT@

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", port))
server.listen()
while True:
    client, _ = server.accept()
    threading.Thread(target=serve, args=(client,), daemon=True).start()
