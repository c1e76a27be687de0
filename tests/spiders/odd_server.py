"""A loopback server whose every answer a test writes by hand, down to the bytes of its head."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from typing import Any, Self
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

Headers = Mapping[str, str | list[str] | bytes]
Given = tuple[int, Headers, Any] | None
Serve = Callable[[str, dict[str, str], str], Given]


class OddServer:
    """Serves what `serve` gives for (path, query, own base URL): status, headers and body; None is 404.

    A body that is no bytes is sent as JSON; what a POST sends is JSON too, and counts as query. `log` holds every
    target with its time and headers.
    """

    def __init__(self, serve: Serve) -> None:
        self.serve = serve
        self.log: list[tuple[float, str, dict[str, str]]] = []
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._http.daemon_threads = True
        self._http.odd = self  # type: ignore[attr-defined]
        self.address = f"127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def asked(self, part: str = "") -> list[str]:
        """The targets that hold `part`, in order."""
        return [target for _, target, _ in self.log if part in target]

    def gaps(self, part: str) -> list[float]:
        """Seconds between the requests whose target holds `part`."""
        times = [at for at, target, _ in self.log if part in target]
        return [later - sooner for sooner, later in pairwise(times)]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        odd: OddServer = self.server.odd  # type: ignore[attr-defined]
        odd.log.append((time.monotonic(), self.path, dict(self.headers)))
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        is_form = self.headers.get("Content-Type") == "application/x-www-form-urlencoded"
        query |= dict(parse_qsl(sent.decode())) if is_form else json.loads(sent or b"{}")
        status, headers, body = odd.serve(unquote(parts.path), query, f"http://{odd.address}") or (404, {}, {})
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        head = [f"HTTP/1.1 {status} X".encode(), b"Content-Length: %d" % len(data)]
        for name, values in headers.items():
            many = values if isinstance(values, list) else [values]
            raw = (value if isinstance(value, bytes) else value.encode("latin-1") for value in many)
            head += [name.encode() + b": " + value for value in raw]
        self.wfile.write(b"\r\n".join([*head, b"", data]))

    do_POST = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        """The server keeps its own log."""
