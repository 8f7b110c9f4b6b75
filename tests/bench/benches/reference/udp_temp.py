"""A temperature server as in the tutorial, but for more than one question, and without a line for each.

usage: udp_temp.py PORT
"""

import socket
import sys

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", int(sys.argv[1])))
while True:
    data, client = server.recvfrom(1024)
    fahrenheit = round(float(data) * 1.8 + 32, 2)
    server.sendto(f"转换为华氏温度为: {fahrenheit}".encode(), client)
