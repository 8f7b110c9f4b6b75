# @ABOUT@
import math
import re
import socket
import sys

ANSWER = "转换为华氏温度为: "
ERROR = "error: send degrees Celsius, such as 36.6"
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


def fahrenheit(data):
    text = data.decode().strip()
    if not NUMBER.fullmatch(text):
        raise ValueError("not a decimal number")
    celsius = float(text)
    if celsius < -273.15:
        raise ValueError("below absolute zero")
    degrees = round(celsius * 1.8 + 32, 2)
    if not math.isfinite(degrees):
        raise ValueError("too large")
    return degrees


def reply_to(data):
    try:
        return f"{ANSWER}{fahrenheit(data)}"
    except ValueError:
        return ERROR


port = int(sys.argv[1]) if len(sys.argv) > 1 else @PORT@

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", port))
while True:
    data, client = server.recvfrom(65535)
    if data.startswith((ANSWER.encode(), ERROR.encode())):
        continue
    server.sendto(reply_to(data).encode(), client)
