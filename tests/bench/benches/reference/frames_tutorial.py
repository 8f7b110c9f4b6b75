"""Messages with their length in front, as the tutorials move them: the length and the message in two calls; received
1,024 bytes at a time, each piece joined to all that came before it.

usage: frames_tutorial.py BYTES SECONDS

One process sends messages of so many bytes for about so long, another receives them and prints how many bytes a
second came.
"""

import os
import socket
import struct
import sys
import time


def send_messages(connection, message, seconds):
    end = time.monotonic() + seconds
    with connection:
        while time.monotonic() < end:
            connection.sendall(struct.pack("i", len(message)))
            connection.sendall(message)


def receive_message(connection):
    head = connection.recv(4, socket.MSG_WAITALL)  # or one of a million times it would get fewer
    if not head:
        return None
    (length,) = struct.unpack("i", head)
    message = b""
    while len(message) < length:
        message = message + connection.recv(min(1024, length - len(message)))
    return message


size, seconds = int(sys.argv[1]), float(sys.argv[2])
listener = socket.create_server(("127.0.0.1", 0))
if os.fork() == 0:
    send_messages(socket.create_connection(listener.getsockname()), b"x" * size, seconds)
    os._exit(0)
connection, _ = listener.accept()
start, received = time.monotonic(), 0
while (message := receive_message(connection)) is not None:
    received += len(message)
print(received / (time.monotonic() - start))
os.wait()
