"""An echo server as beginners write it: a thread for each client, at most 1,024 bytes a time, Nagle's algorithm on.

usage: echo_threads.py PORT
"""

import socket
import sys
import threading


def serve(client):
    with client:
        try:
            while data := client.recv(1024):
                client.sendall(data)
        except OSError:
            pass


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=1024)
while True:
    client, _ = listener.accept()
    threading.Thread(target=serve, args=(client,), daemon=True).start()
