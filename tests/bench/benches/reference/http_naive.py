"""Fetches a page as beginners do: at most 1,024 bytes a time, until the server closes the connection.

usage: http_naive.py FILE URL
"""

import socket
import sys
from urllib.parse import urlsplit

url = urlsplit(sys.argv[2])
with socket.create_connection((url.hostname, url.port)) as server, open(sys.argv[1], "wb") as file:
    server.sendall(f"GET {url.path} HTTP/1.1\r\nHost: {url.netloc}\r\nConnection: close\r\n\r\n".encode())
    head = b""
    while b"\r\n\r\n" not in head:
        head += server.recv(1024)
    file.write(head.partition(b"\r\n\r\n")[2])
    while data := server.recv(1024):
        file.write(data)
