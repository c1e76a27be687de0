"""A loopback server that answers each address with the fault that a test puts there, on the wire itself."""

from __future__ import annotations

import gzip
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple, Self
from urllib.parse import unquote, urlsplit

BLOCK = 1 << 16


class Healthy(NamedTuple):
    """What stands at an address where nothing is wrong."""

    body: bytes
    kind: str


class Wire(NamedTuple):
    """One answer on its way: the healthy one, the socket it goes out by, the server's own base URL, the path."""

    healthy: Healthy
    socket: socket.socket
    base: str
    path: str

    def send(self, body: bytes, *headers: str, status: int = 200, kind: str = "", length: int | None = None) -> None:
        """Head and body; `length` is what the head says of it."""
        said = len(body) if length is None else length
        head = [
            f"HTTP/1.1 {status} X",
            f"Content-Type: {kind or self.healthy.kind}",
            f"Content-Length: {said}",
            *headers,
        ]
        self.socket.sendall("\r\n".join([*head, "", ""]).encode() + body)


Fault = Callable[[Wire], None]


class HostileServer:
    """Serves `pages`, with `faults` at some of their addresses. `asked` counts the requests for each."""

    def __init__(self, pages: Mapping[str, Healthy], faults: Mapping[str, Fault]) -> None:
        self.pages, self.faults = pages, faults
        self.asked: dict[str, int] = {}
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._http.daemon_threads = True
        self._http.hostile = self  # type: ignore[attr-defined]
        self.address = f"127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        server: HostileServer = self.server.hostile  # type: ignore[attr-defined]
        path = unquote(urlsplit(self.path).path)
        server.asked[self.path] = server.asked.get(self.path, 0) + 1
        healthy = server.pages.get(path)
        wire = Wire(healthy or Healthy(b"", "text/plain"), self.connection, f"http://{server.address}", path)
        try:
            if path in server.faults:
                self.close_connection = True
                server.faults[path](wire)
            elif healthy:
                wire.send(healthy.body)
            else:
                wire.send(b"", status=404)
        except OSError:  # they hung up
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """The server keeps its own log."""


def reset(wire: Wire) -> None:
    """The connection is torn in the middle of the body."""
    wire.send(wire.healthy.body[: len(wire.healthy.body) // 2], length=len(wire.healthy.body))
    wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wire.socket.close()


def cut(wire: Wire) -> None:
    """The body ends before it is whole, and the connection with it."""
    wire.send(wire.healthy.body[:-20], length=len(wire.healthy.body))
    wire.socket.shutdown(socket.SHUT_RDWR)


def endless(wire: Wire) -> None:
    """A body that goes on for as long as anybody listens, its length unsaid."""
    wire.socket.sendall(f"HTTP/1.1 200 X\r\nContent-Type: {wire.healthy.kind}\r\nConnection: close\r\n\r\n".encode())
    wire.socket.sendall(wire.healthy.body[:100])
    while True:
        wire.socket.sendall(b" " * BLOCK)


def slow(wire: Wire) -> None:
    """A byte now and then."""
    wire.socket.sendall(
        f"HTTP/1.1 200 X\r\nContent-Type: {wire.healthy.kind}\r\nContent-Length: 99999\r\n\r\n".encode()
    )
    while True:
        wire.socket.sendall(b" ")
        time.sleep(0.1)


def silent(wire: Wire) -> None:
    """Nothing, not even a head."""
    time.sleep(3)
    wire.socket.shutdown(socket.SHUT_RDWR)


def bomb(wire: Wire) -> None:
    """A small body that unpacks to more than an answer may have."""
    wire.send(gzip.compress(wire.healthy.body + b" " * 9_000_000), "Content-Encoding: gzip")


def false_coat(wire: Wire) -> None:
    """Said to be packed, and is not."""
    wire.send(wire.healthy.body, "Content-Encoding: gzip")


def leading(target: str) -> Fault:
    """A redirect; `{base}` and `{path}` stand for the server's own."""

    def lead(wire: Wire) -> None:
        where = target.format(base=wire.base, path=wire.path, port=wire.base.rpartition(":")[2])
        wire.send(b"", f"Location: {where}", status=302)

    return lead


def body(change: Callable[[bytes], bytes], *headers: str, kind: str = "", status: int = 200) -> Fault:
    """The healthy body, changed."""
    return lambda wire: wire.send(change(wire.healthy.body), *headers, kind=kind, status=status)
