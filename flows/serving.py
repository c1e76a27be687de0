"""The public edition of a lake's releases in a browser of this machine, and nothing else of the lake."""

from __future__ import annotations

import re
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from passerelle.errors import UsageError, french_reason
from passerelle.hosts import is_loopback
from passerelle.lake import Lake

HERE = "127.0.0.1"
_RELEASE = re.compile(r"(?:latest|notice|\d{4}/W\d\d/r\d+)(?:/|$)")
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class PublicSite(SimpleHTTPRequestHandler):
    """Answers with files of releases and the notice: no listing, no draft, nothing outside that a link leads to."""

    def __init__(self, *words: object, releases: Path, **more: object) -> None:
        self._releases = releases.resolve()
        super().__init__(*words, directory=str(releases), **more)  # type: ignore[arg-type]

    def send_head(self) -> object:  # type: ignore[override]
        """Refuse whoever names another host (a page elsewhere whose name leads here); lead to the latest issue."""
        host = urlsplit(f"//{self.headers.get('Host', '')}").hostname or ""
        if not is_loopback(host):
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
            return None
        if urlsplit(self.path).path == "/" and (start := first_page(self._releases)):
            self.send_response(HTTPStatus.FOUND)
            self.send_header("Location", start)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return None
        return super().send_head()

    def translate_path(self, path: str) -> str:
        """The file of a release; a place that is not there for anything else."""
        named = unquote(urlsplit(path).path).lstrip("/")
        nowhere = str(self._releases / "nowhere")
        if not _RELEASE.match(named) or "\0" in named:
            return nowhere
        found = (self._releases / named).resolve()
        if not found.is_relative_to(self._releases) or not _RELEASE.match(str(found.relative_to(self._releases))):
            return nowhere
        return f"{found}/" if named.endswith("/") and found.is_dir() else str(found)

    def list_directory(self, _path: object) -> None:
        """No folder is shown."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def end_headers(self) -> None:
        """Nothing that a page holds is run, kept or told to others."""
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Who looked at what is nobody's business."""


def first_page(releases: Path) -> str | None:
    """Where the latest issue begins, in the first of its languages; None without one."""
    pages = sorted((releases / "latest").glob("*/index.html"), reverse=True)  # French before English
    return f"/latest/{pages[0].parent.name}/" if pages else None


def site(lake: Lake, port: int) -> ThreadingHTTPServer:
    """A server on this machine's own address alone. Raises UsageError without a release, or where the port is taken."""
    if first_page(lake.releases) is None:
        raise UsageError(
            en=f"{lake.root}: nothing was published yet; `passerelle weekly` or `passerelle report` does",
            fr=f"{lake.root} : rien n'a encore été publié ; `passerelle weekly` ou `passerelle report` le fait",
        )
    try:
        return ThreadingHTTPServer((HERE, port), partial(PublicSite, releases=lake.releases))
    except OSError as error:
        raise UsageError(
            en=f"port {port} cannot be used ({error.strerror}); name another with --port, or 0 for any",
            fr=f"le port {port} est inutilisable ({french_reason(error)}) ; donnez-en un autre par --port, ou 0",
        ) from None
