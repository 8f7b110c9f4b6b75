"""A UDP echo server as the tutorials have it: one datagram, one reply, and at most 1,024 bytes of each.

The tutorials' print a line for each, too; this one does not.

usage: udp_echo.py PORT
"""

import socket
import sys

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", int(sys.argv[1])))
while True:
    data, client = server.recvfrom(1024)
    server.sendto(data, client)
