"""One WebSocket: opened as politely and as guardedly as anything else is asked, its frames in small batches."""

from __future__ import annotations

import asyncio
import logging
import socket as sockets
import ssl
from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage, InvalidStatus

from passerelle.vault import Attempt
from passerelle.vault.model import kept_headers
from spiders.asking.guard import FORBIDDEN, ForbiddenAddressError, may_be_asked, public
from spiders.asking.robots import user_agent
from spiders.asking.run import Run
from spiders.streaming.sequence import OPENED

MAX_FRAME = 8 * 1024 * 1024  # bytes; a larger one ends the connection
_BATCH_FRAMES, _BATCH_BYTES = 512, 4 * 1024 * 1024
_FAILURES: tuple[tuple[type[Exception], str], ...] = (
    (ssl.SSLError, "tls"),
    (ForbiddenAddressError, FORBIDDEN),
    (sockets.gaierror, "dns"),
    (TimeoutError, "timeout"),
    (ConnectionRefusedError, "refused"),
    (InvalidMessage, "cut"),
    (InvalidHandshake, "reset"),
    (ValueError, "reset"),
    (OSError, "reset"),
)
_SILENT = logging.getLogger(__name__)
_SILENT.setLevel(logging.CRITICAL)  # it would log every frame; what went wrong stands in the attempt
_CAUGHT = tuple(kind for kind, _ in _FAILURES)


class _Direct(connect):
    """A connection to the very address that was checked: nobody redirects it."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        """No redirect is followed."""
        return exc


async def open_socket(url: str, run: Run) -> tuple[Attempt, ClientConnection | None]:
    """The connection at `url` (of HTTP, as it begins), and how the server answered; None where it did not open one."""
    try:
        if run.connect_to is None:
            may_be_asked(url, None, is_here=run.is_here)
        address, port = await _address(url, run.connect_to)
        opening = _Direct(
            (url if run.connect_to is None else url.replace("https:", "http:", 1)).replace("http", "ws", 1),
            host=address,
            port=port,
            proxy=None,
            compression=None,
            user_agent_header=user_agent(run.campaign),
            open_timeout=run.campaign.collect.timeout_seconds,
            max_size=MAX_FRAME,
            max_queue=16,
            logger=_SILENT,
        )
        return _attempt(url, run, status=OPENED), await opening
    except InvalidStatus as error:
        said = error.response
        headers = {name.lower(): [value.encode("latin-1", "replace")] for name, value in said.headers.raw_items()}
        body = bytes(said.body or b"")[:2000]
        return _attempt(url, run, status=said.status_code, headers=kept_headers(headers), body=body), None
    except _CAUGHT as error:
        kind = next(word for known, word in _FAILURES if isinstance(error, known))
        return _attempt(url, run, failure=kind, detail=" ".join(str(error).split())[:200]), None


async def next_frames(connection: ClientConnection, seconds: float) -> tuple[list[bytes], ConnectionClosed | None]:
    """The frames that come within some seconds, as many as are worth handling together; how it closed, if it did."""
    batch: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(seconds):
            while len(batch) < _BATCH_FRAMES and size < _BATCH_BYTES:
                batch.append(await connection.recv(decode=False))
                size += len(batch[-1])
    except TimeoutError:
        pass
    except ConnectionClosed as closed:
        return batch, closed
    return batch, None


async def _address(url: str, connect_to: str | None) -> tuple[str, int]:
    """The address to connect to. Raises ForbiddenAddressError for one inside the network."""
    parts = urlsplit(f"//{connect_to}" if connect_to else url)
    name, port = parts.hostname or "", parts.port or (443 if url.startswith("https:") else 80)
    found = await asyncio.get_running_loop().getaddrinfo(name, port, type=sockets.SOCK_STREAM)
    return public(str(found[0][4][0]), name), port


def _attempt(url: str, run: Run, **came: Any) -> Attempt:
    return Attempt(url=url, fingerprint="", ordinal=0, captured_at=run.now(), **came)
