"""A web server of greenlets, as beginners write it: one page, whatever is asked, and the end of the connection after it.

usage: http_gevent.py PORT
"""

import sys

from gevent.server import StreamServer

ANSWER = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n欢迎来此访问!".encode()


def serve(client, _):
    try:
        client.recv(512)
        client.sendall(ANSWER)
    except OSError:
        pass
    finally:
        client.close()


StreamServer(("127.0.0.1", int(sys.argv[1])), serve, backlog=4096).serve_forever()
