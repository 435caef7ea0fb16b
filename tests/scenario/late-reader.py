#!/usr/bin/env python3
"""late-reader.py CERTIFICATE KEY FROM PORT PATH BYTES: sends a request with a body of so many bytes over TLS, as a caller does that
goes on sending until all of it is out. The body follows when the server has begun to answer. Prints the status of the answer, or 000 when its end
never came."""
import socket
import ssl
import sys

certificate, key, source, port, path, size = sys.argv[1:]
context = ssl.create_default_context()
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
if certificate:
    context.load_cert_chain(certificate, key)
raw = socket.create_connection(("127.0.0.1", int(port)), 60, (source, 0))
link = context.wrap_socket(raw)
link.sendall(f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {size}\r\n\r\n".encode())
piece = bytes(16384)
left = int(size)
try:
    answer = link.recv(12)
    while left > 0:
        left -= link.send(piece[:left])
    while link.recv(65536):  # to the end, not to a reset
        pass
    print(answer.decode()[9:12])
except OSError as error:
    print(f"000: {error}, {left} bytes not sent")
