# @ABOUT@
import socket
import sys


def is_greeting(data):
    return data.startswith(b"Hello, ") and data.endswith(b"!")


port = int(sys.argv[1]) if len(sys.argv) > 1 else @PORT@

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", port))
while True:
    name, client = server.recvfrom(65535)
    if is_greeting(name):
        continue
    try:
        server.sendto(b"Hello, " + name + b"!", client)
    except OSError as error:
        print(error, file=sys.stderr)
