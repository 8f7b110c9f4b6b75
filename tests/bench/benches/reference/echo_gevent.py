"""An echo server of greenlets: code that looks like threads, on one thread and an event loop.

usage: echo_gevent.py PORT
"""

import sys

from gevent.server import StreamServer


def serve(client, _):
    try:
        while data := client.recv(65536):
            client.sendall(data)
    except OSError:
        pass


StreamServer(("127.0.0.1", int(sys.argv[1])), serve, backlog=4096).serve_forever()
