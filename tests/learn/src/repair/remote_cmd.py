# @ABOUT@
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import threading

HELLO = b"\x89RCMD\n\x01\0"
RUN, INTERRUPT, DIRECTORY = 0x01, 0x02, 0x03
STDOUT, STDERR, EXIT, SIGNAL, ERROR = 0x11, 0x12, 0x13, 0x14, 0x15
LONGEST = 1 << 20


def exactly(client, count):
    data = b""
    while len(data) < count:
        piece = client.recv(min(count - len(data), 65536))
        if not piece:
            raise EOFError
        data += piece
    return data


def receive(client):
    (length,) = struct.unpack(">I", exactly(client, 4))
    if not 1 <= length <= LONGEST:
        raise ValueError("that is no length")
    message = exactly(client, length)
    return message[0], message[1:]


def send(client, kind, rest=b""):
    client.sendall(struct.pack(">IB", 1 + len(rest), kind) + rest)


def forward(client, process, limit):
    pipes = {process.stdout: STDOUT, process.stderr: STDERR}
    while pipes:
        ready, _, _ = select.select([*pipes, client], [], [], limit)
        for pipe in [pipe for pipe in ready if pipe in pipes]:
            piece = os.read(pipe.fileno(), 65536)
            if piece:
                send(client, pipes[pipe], piece)
            else:
                del pipes[pipe]
        if client in ready:
            kind, _ = receive(client)
            if kind == INTERRUPT:
                os.killpg(process.pid, signal.SIGINT)
        if not ready and (limit == 0 or process.poll() is not None):
            return


def run(client, command, directory):
    process = subprocess.Popen(
        ["/bin/sh", "-c", command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=directory,
        start_new_session=True,
    )
    with process.stdout, process.stderr:
        try:
            forward(client, process, 0.02)
            status = process.wait()
            if status < 0:
                send(client, SIGNAL, struct.pack(">i", -status))
            else:
                send(client, EXIT, struct.pack(">i", status))
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def converse(client):
    if exactly(client, len(HELLO)) != HELLO:
        return
    client.sendall(HELLO)
    directory = None
    while True:
        kind, rest = receive(client)
        if kind == RUN and b"\0" not in rest:
            run(client, rest.decode(), directory)
        elif kind == DIRECTORY and os.path.isdir(rest):
            directory = rest.decode()
            send(client, EXIT, bytes(4))
        else:
            send(client, ERROR, b"that cannot be done")


def serve(client):
    with client:
        try:
            converse(client)
        except (OSError, EOFError, ValueError) as error:
            print(error, file=sys.stderr)


port = int(sys.argv[1]) if len(sys.argv) > 1 else @PORT@

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", port))
server.listen()
while True:
    client, _ = server.accept()
    threading.Thread(target=serve, args=(client,), daemon=True).start()
