# @ABOUT@
import socket
import sys

port = int(sys.argv[1]) if len(sys.argv) > 1 else @PORT@

client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.sendto(b"?", ("127.0.0.1", port))
# @TODO@
client.close()
