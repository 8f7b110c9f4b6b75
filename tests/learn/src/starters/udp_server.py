# @ABOUT@
import socket
import sys

port = int(sys.argv[1]) if len(sys.argv) > 1 else @PORT@

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", port))
data, client = server.recvfrom(65535)
# @TODO@
server.close()
