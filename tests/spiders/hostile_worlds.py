"""Small worlds of one format each: a list of posts, and one answer to each of them at an address of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import NamedTuple

from tests.spiders.crawling import ANNE, BOB, status
from tests.spiders.hostile_server import Healthy

JSON, ATOM, HTML = "application/json", "application/atom+xml", "text/html; charset=utf-8"


class Format(NamedTuple):
    """A world in one format, on a platform and host (none: the server's own address).

    `pages` by address, for posts of those names; `place` is where the answers to one of them are.
    """

    kind: str
    host: str
    pages: Callable[[list[str]], dict[str, Healthy]]
    place: Callable[[int, str], str]


def hours(place: int) -> float:
    """Older the earlier in the list: threads are read from the oldest on."""
    return 500.0 - place


def json_pages(names: list[str]) -> dict[str, Healthy]:
    """A hashtag's timeline and the thread of each post, one answer in it."""
    posts = [
        status(100 + place, hours=hours(place), uri=f"https://ville.test/p/{name}", replies_count=1)
        for place, name in enumerate(names)
    ]
    answers = {
        f"/api/v1/statuses/{100 + place}/context": {
            "ancestors": [],
            "descendants": [
                status(
                    5000 + place, BOB, hours=1, uri=f"https://ville.test/r/{name}", in_reply_to_id=str(100 + place),
                    in_reply_to_account_id=ANNE["id"], tags=[],
                )
            ],
        }
        for place, name in enumerate(names)
    }  # fmt: skip
    pages = {"/api/v1/timelines/tag/i4emploi": posts[::-1], **answers}
    return {path: Healthy(json.dumps(page).encode(), JSON) for path, page in pages.items()}


def atom(entries: str, more: str = "") -> Healthy:
    """A feed."""
    head = '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0">'
    return Healthy(f'<?xml version="1.0" encoding="UTF-8"?>{head}{more}{entries}</feed>'.encode(), ATOM)


def entry(address: str, place: int, inside: str = "", words: str = "#i4emploi à l’atelier") -> str:
    """An entry of a feed."""
    at = f"2026-{1 + place // 28:02d}-{1 + place % 28:02d}T08:00:00Z"
    return (
        f'<entry><id>{address}</id><link href="{address}"/><published>{at}</published><title>t</title>'
        f"<author><name>Anne</name></author><content type='html'>{words}</content>{inside}</entry>"
    )


BASE = "http://carnet.test"


def front() -> Healthy:
    """A blog's first page, which names its feed."""
    return Healthy(
        b'<html><head><link rel="alternate" type="application/atom+xml" href="/atom.xml"></head></html>', HTML
    )


def xml_pages(names: list[str]) -> dict[str, Healthy]:
    """A blog whose comments are in a feed of each post; its pages show none."""
    pages = {"/": front()}
    posts = []
    for place, name in enumerate(names):
        feed = f'<link rel="replies" type="application/atom+xml" href="{BASE}/p/{name}/atom.xml"/>'
        posts.append(entry(f"{BASE}/p/{name}/", place, feed))
        answered = f'<thr:in-reply-to ref="x" href="{BASE}/p/{name}/"/>'
        pages[f"/p/{name}/atom.xml"] = atom(entry(f"{BASE}/p/{name}/#comment-1", place, answered, "réponse"))
        pages[f"/p/{name}/"] = Healthy(b"<html><article>mot</article></html>", HTML)
    return pages | {"/atom.xml": atom("".join(posts))}


def html_pages(names: list[str]) -> dict[str, Healthy]:
    """A blog whose comments are on the page of each post."""
    pages = {"/": front(), "/atom.xml": atom("".join(entry(f"{BASE}/p/{n}/", p) for p, n in enumerate(names)))}
    comment = '<li id="comment-1" class="comment"><b class="fn">Bob</b><time datetime="2026-11-01T08:00:00Z"></time>'
    text = f'<html><body><article>mot</article>{comment}<div class="comment-content">réponse</div></li>'
    return pages | {f"/p/{name}/": Healthy(text.encode(), HTML) for name in names}


FORMATS = {
    "json": Format("mastodon", "", json_pages, lambda place, name: f"/api/v1/statuses/{100 + place}/context"),
    "xml": Format("weblog", "carnet.test", xml_pages, lambda place, name: f"/p/{name}/atom.xml"),
    "html": Format("weblog", "carnet.test", html_pages, lambda place, name: f"/p/{name}/"),
}
