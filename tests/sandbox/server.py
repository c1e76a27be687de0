"""A loopback server that speaks the Mastodon API over an invented world, at whatever moment it is set to.

`with Sandbox(world) as sandbox:` serves on a free port of 127.0.0.1. Faults come by `sandbox.faults.append(Fault(...))`
or `POST /sandbox/faults`; the moment by `sandbox.now = ...` or `POST /sandbox/now`; `GET /sandbox/log` lists requests.
"""

from __future__ import annotations

import gzip
import json
import socket
import struct
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Protocol, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.sandbox.catalogue import Catalogue
from tests.sandbox.faults import Answer, Fault, reset_time, spoil
from tests.sandbox.people import HOME
from tests.sandbox.routes import Found, Routes
from tests.sandbox.world import World


class Clock(Protocol):
    """The time of the invented world where others obey it too; `tick` lets the time of one answer pass."""

    def now(self) -> datetime:
        """The present moment."""

    def tick(self) -> None:
        """One request goes by."""


class Speech(Protocol):
    """What a server of some platform says, and how the headers begin that state its limit."""

    limit_headers: str

    def answer(self, path: str, query: dict[str, str], now: datetime, host: str) -> Found:
        """What the server `host` says to GET `path`."""


class Sandbox:
    """The server: its world, moment, limit and faults. It `speaks` as a platform does.

    `host` is what stands in the links it writes, `home` the domain of the accounts that are its own (None: its
    address), `tokens` the credentials that it was shown. With a `clock`, its moments and the windows of its limit are
    those of that clock. `door`, where set, is asked whether a request is answered at all. What stands in `repeats`
    takes no time when it is asked for once more: its first answer was lost on the way.
    """

    def __init__(
        self,
        world: World,
        now: datetime,
        *,
        limit: int = 300,
        window_seconds: float = 300.0,
        reset: Literal["iso", "unix"] = "iso",
        links: bool = True,
        host: str | None = None,
        home: str | None = HOME,
        frozen: bool = False,
        clock: Clock | None = None,
        speaks: Callable[[Catalogue, str], Speech] = Routes,
        states_limit: bool = True,
    ) -> None:
        self.limit = limit
        self._window, self._reset, self._links = window_seconds, reset, links
        self._frozen, self._clock, self._states_limit = frozen, clock, states_limit
        self._lock = threading.Lock()
        self.door: Callable[[], bool] | None = None
        self.faults: list[Fault] = []
        self.log: list[tuple[str, int]] = []
        self.tokens: set[str] = set()
        self.repeats: set[str] = set()
        self.now = now
        self.begin_window()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.sandbox = self  # type: ignore[attr-defined]
        self.address = f"127.0.0.1:{self._server.server_address[1]}"
        self.url = f"http://{self.address}"
        self._speech = speaks(Catalogue(world), home or self.address)
        self._public = self.url if host is None else f"https://{host}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def now(self) -> datetime:
        """The moment in the invented world; it goes on from where it was set unless the server is frozen."""
        if self._clock is not None:
            return self._clock.now()
        return self._now if self._frozen else self._now + timedelta(seconds=time.monotonic() - self._set_at)

    @now.setter
    def now(self, moment: datetime) -> None:
        self._now, self._set_at = moment, time.monotonic()

    def begin_window(self) -> None:
        """Count the requests of the limit anew from now on."""
        self._used, self._window_began = 0, self._seconds()

    def answer(self, target: str, host: str = "") -> Answer:
        """The answer to GET `target` of `host`, limits and faults included."""
        parts = urlsplit(target)
        with self._lock:
            if self.door is not None and not self.door():
                return Answer(0, b"", torn=True)
            if self._clock is not None and target not in self.repeats:
                self._clock.tick()
            self.repeats.discard(target)
            now, headers = self.now, self._count()
            fault = next((fault for fault in self.faults if fault.strikes(parts.path, now)), None)
        if headers is None:
            over = Fault("rate_limited", reset=self._reset, seconds=self._left())
            return self._logged(target, spoil(over, Answer(429, b""), target, now), now)
        found = self._speech.answer(parts.path, _query(parts.query), now, host)
        answer = Answer(found.status, _body(found), headers | found.headers | self._link(parts.path, found))
        if isinstance(found.value, str):
            answer.headers["Content-Type"] = "text/plain; charset=utf-8"
        if fault is not None:
            answer = spoil(fault, answer, self._public + target, now)
        return self._logged(target, answer, now)

    def control(self, path: str, body: bytes) -> Answer:
        """The control endpoint: set the moment, order faults, read the log."""
        value: Any = json.loads(body or b"null")
        if path == "/sandbox/now":
            self.now = datetime.fromisoformat(value["now"])
        elif path == "/sandbox/faults":
            self.faults.append(Fault(**value))
        elif path != "/sandbox/log":
            return Answer(404, b"{}")
        return Answer(200, json.dumps(self.log).encode(), {"Content-Type": "application/json"})

    def _logged(self, target: str, answer: Answer, now: datetime) -> Answer:
        answer.headers.setdefault("Date", format_datetime(now, usegmt=True))
        self.log.append((target, answer.status))
        return answer

    def _count(self) -> dict[str, str] | None:
        """The limit's headers, None when it is used up."""
        if self._left() <= 0:
            self.begin_window()
        self._used += 1
        if self._used > self.limit:
            return None
        kind = {"Content-Type": "application/json; charset=utf-8"}
        return (
            kind
            if not self._states_limit
            else kind
            | {
                f"{self._speech.limit_headers}-Limit": str(self.limit),
                f"{self._speech.limit_headers}-Remaining": str(self.limit - self._used),
                f"{self._speech.limit_headers}-Reset": reset_time(
                    self.now + timedelta(seconds=self._left()), self._reset
                ),
            }
        )

    def _left(self) -> float:
        return self._window if self._frozen else self._window_began + self._window - self._seconds()

    def _seconds(self) -> float:
        return time.monotonic() if self._clock is None else self._clock.now().timestamp()

    def _link(self, path: str, found: Found) -> dict[str, str]:
        pages = (("next", found.next), ("prev", found.previous))
        links = [f'<{self._public}{path}?{urlencode(query)}>; rel="{rel}"' for rel, query in pages if query]
        return {"Link": ", ".join(links)} if links and self._links else {}


def _query(text: str) -> dict[str, str]:
    pairs = parse_qsl(text, keep_blank_values=True)
    return {f"{key}{turn}" if key == "id[]" else key: value for turn, (key, value) in enumerate(pairs)}


def _body(found: Found) -> bytes:
    if isinstance(found.value, str):
        return found.value.encode()
    return json.dumps(found.value, ensure_ascii=False, separators=(",", ":")).encode()


class _Handler(BaseHTTPRequestHandler):
    """Sends answers as they are ordered: whole, packed, in drops, cut short, or with the line torn."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path.startswith("/sandbox/"):
            self._send(self._sandbox.control(self.path, b""))
        else:
            self._sandbox.tokens.add(self.headers.get("Authorization", ""))
            self._send(self._sandbox.answer(self.path, self.headers.get("Host", "")))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._send(self._sandbox.control(self.path, body))

    def log_message(self, *_: object) -> None:
        """The sandbox keeps its own log."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        return format_datetime(self._sandbox.now, usegmt=True)

    @property
    def _sandbox(self) -> Sandbox:
        return self.server.sandbox  # type: ignore[attr-defined, no-any-return]

    def _send(self, answer: Answer) -> None:
        time.sleep(answer.silent)
        if answer.torn:
            self._tear()
            return
        body, headers = answer.body, dict(answer.headers)
        if "gzip" in self.headers.get("Accept-Encoding", "") and len(body) > 400 and "Content-Encoding" not in headers:
            body, headers["Content-Encoding"] = gzip.compress(body, mtime=0, compresslevel=1), "gzip"
        self.send_response_only(answer.status)
        for name, value in (headers | {"Content-Length": str(len(body))}).items():
            self.send_header(name, value)
        self.end_headers()
        self._write(answer, body)

    def _write(self, answer: Answer, body: bytes) -> None:
        try:
            if answer.cut:
                self.wfile.write(body[: len(body) // 2])
                self.wfile.flush()
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
            elif answer.drops:
                for piece in (body[k : k + 1 + len(body) // 20] for k in range(0, len(body), 1 + len(body) // 20)):
                    self.wfile.write(piece)
                    time.sleep(answer.drops / 20)
            else:
                self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _tear(self) -> None:
        """A reset, not a polite end: the kernel sends RST when lingering is switched off."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()
