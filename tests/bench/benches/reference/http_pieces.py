"""A web server with a thread for each client, that sends an answer in one write or line by line.

usage: http_pieces.py PORT whole|pieces

Line by line, Nagle's algorithm keeps the second line back until the first is acknowledged, and the client
acknowledges late since it has nothing to say yet: some 40 ms for each answer.
"""

import socket
import sys
import threading

PAGE = "欢迎来此访问!".encode()
PIECES = [
    b"HTTP/1.1 200 OK\r\n",
    b"Content-Type: text/html; charset=utf-8\r\n",
    b"Content-Length: %d\r\n\r\n" % len(PAGE),
    PAGE,
]
WRITES = [b"".join(PIECES)] if sys.argv[2] == "whole" else PIECES


def serve(client):
    with client:
        try:
            while client.recv(1024):
                for piece in WRITES:
                    client.sendall(piece)
        except OSError:
            pass


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=1024)
while True:
    client, _ = listener.accept()
    threading.Thread(target=serve, args=(client,), daemon=True).start()
