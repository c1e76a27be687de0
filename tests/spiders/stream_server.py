"""A loopback server whose every WebSocket frame a test writes by hand; plain questions are answered beside it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve


@dataclass(frozen=True)
class Frames:
    """A connection that is opened: what is sent, and whether it is then closed (with that code) or kept open."""

    frames: Sequence[Any] = ()
    close: int | None = None
    body: Callable[[ServerConnection], None] | None = None


@dataclass(frozen=True)
class No:
    """A refusal before the upgrade, or the answer to a plain question."""

    status: int = 404
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


Query = list[tuple[str, str]]
Serve = Callable[[str, str, Query], Frames | No]


class StreamServer:
    """Serves what `serve` gives for (host, path, query). `asked` holds each with the headers that came."""

    def __init__(self, serve: Serve, port: int = 0) -> None:
        self._serve = serve
        self.asked: list[tuple[str, str, Query, Headers]] = []
        self._given: dict[int, Frames] = {}
        self._server: Server = serve_on(self, port)
        self.port = self._server.socket.getsockname()[1]
        self.address = f"127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()

    def cursors(self, path: str = "") -> list[str | None]:
        """The cursors that were asked for, one a connection."""
        return [
            dict(query).get("cursor") for _, asked, query, _ in self.asked if path in asked and "robots" not in asked
        ]

    def answer(self, connection: ServerConnection, request: Request) -> Response | None:
        parts = urlsplit(request.path)
        query = parse_qsl(parts.query)
        self.asked.append((request.headers["Host"], parts.path, query, request.headers))
        given = self._serve(request.headers["Host"], parts.path, query)
        if isinstance(given, Frames):
            self._given[id(connection)] = given
            return None
        body = given.body if isinstance(given.body, bytes) else json.dumps(given.body).encode()
        headers = {"Content-Length": str(len(body)), "Connection": "close", **given.headers}
        return Response(given.status, HTTPStatus(given.status).phrase, Headers(headers), body)

    def talk(self, connection: ServerConnection) -> None:
        given = self._given.pop(id(connection))
        try:
            for frame in given.frames:
                connection.send(frame if isinstance(frame, str | bytes) else json.dumps(frame))
            if given.body is not None:
                given.body(connection)
            if given.close is not None:
                connection.close(given.close)
                return
            for _ in connection:
                pass
        except ConnectionClosed:
            pass


def serve_on(server: StreamServer, port: int) -> Server:
    return serve(
        server.talk,
        "127.0.0.1",
        port,
        process_request=server.answer,
        compression=None,
        server_header="stream of a test",
    )
