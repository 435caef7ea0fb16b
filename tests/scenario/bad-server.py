#!/usr/bin/python3
"""What may answer where a partner's home is looked for: something that is none. Prints its port, then for each connection how many bytes it could send.

usage: bad-server.py CERTIFICATE KEY HOW

HOW: redirect, page, silent, idle, zeros, header, plain (without TLS).
"""

import socket
import ssl
import sys
import threading

ANSWERS = {
    "redirect": b"HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
    "page": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "silent": b"HTTP/1.1 200 OK\r\nWarifu: waits\r\nContent-Length: 0\r\n\r\n",
    "idle": b"HTTP/1.1 200 OK\r\nWarifu: more\r\nContent-Length: 0\r\n\r\n",
    "zeros": b"HTTP/1.1 200 OK\r\nWarifu: more\r\nContent-Length: 1073741824\r\n\r\n",
    "header": b"HTTP/1.1 200 OK\r\n",
}
ENDLESS = {"zeros": b"\0" * 65536, "header": b"X: " + b"y" * 8000 + b"\r\n"}
MOST = 1 << 30


def request_read(stream):
    head = b""
    while b"\r\n\r\n" not in head:
        data = stream.recv(65536)
        if not data:
            return None
        head += data
    return head.split(b" ")[0]


def serve(stream, how):
    sent = 0
    try:
        while method := request_read(stream):
            if method == b"GET" and how != "header":
                stream.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
                continue
            stream.sendall(ANSWERS[how])
            while how in ENDLESS and sent < MOST:
                stream.sendall(ENDLESS[how])
                sent += len(ENDLESS[how])
    except OSError:
        pass
    stream.close()
    print(sent, flush=True)


def handshake(connection, context, how):
    try:
        serve(context.wrap_socket(connection, server_side=True), how)
    except OSError:
        connection.close()


def main():
    certificate, key, how = sys.argv[1:]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    while True:
        connection, _ = listener.accept()
        if how == "plain":
            target, arguments = serve, (connection, "page")
        else:
            target, arguments = handshake, (connection, context, how)
        threading.Thread(target=target, args=arguments, daemon=True).start()


main()
