# @ABOUT@
import socket
import sys
import threading

LONGEST_HEAD = 65536
PAGE = "<!doctype html><title>欢迎</title><h1>欢迎来此访问!</h1>"


class Refused(Exception):
    """The status line's words for a request that gets no page."""


def read_head(client):
    head = b""
    while b"\r\n\r\n" not in head:
        data = client.recv(65536)
        if not data or len(head) > LONGEST_HEAD:
            raise EOFError
        head += data
    head, _, body = head.partition(b"\r\n\r\n")
    return head.decode("latin-1").split("\r\n"), body


def parse(lines):
    words = lines[0].split(" ")
    if len(words) != 3 or words[2] not in ("HTTP/1.0", "HTTP/1.1"):
        raise Refused("400 Bad Request")
    fields = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon or not name or " " in name or "\t" in name:
            raise Refused("400 Bad Request")
        fields.setdefault(name.lower(), []).append(value.strip())
    return words[0], words[1], fields


def body_length(fields):
    if len(fields.get("host", [])) != 1:
        raise Refused("400 Bad Request")
    lengths = fields.get("content-length", ["0"])
    if len(lengths) != 1 or not (lengths[0].isascii() and lengths[0].isdigit()):
        raise Refused("400 Bad Request")
    if "transfer-encoding" in fields:
        raise Refused("501 Not Implemented")
    return int(lengths[0])


def read_body(client, length, body):
    while len(body) < length:
        data = client.recv(65536)
        if not data:
            raise EOFError
        body += data


def status_of(method, target):
    if method not in ("GET", "HEAD", "POST"):
        return "501 Not Implemented"
    return "200 OK" if target == "/" else "404 Not Found"


def answer(client, method, status):
    page = PAGE if status.startswith("200") else f"<!doctype html><h1>{status}</h1>"
    body = page.encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n"
    head += f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    client.sendall(head.encode() + (b"" if method == "HEAD" else body))


def converse(client):
    lines, body = read_head(client)
    try:
        method, target, fields = parse(lines)
        read_body(client, body_length(fields), body)
        answer(client, method, status_of(method, target))
    except Refused as refused:
        answer(client, "GET", str(refused))


def serve(client):
    with client:
        try:
            converse(client)
        except (OSError, EOFError) as error:
            print(error, file=sys.stderr)


port = int(sys.argv[1]) if len(sys.argv) > 1 else @PORT@

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", port))
server.listen()
while True:
    client, _ = server.accept()
    threading.Thread(target=serve, args=(client,), daemon=True).start()
