"""From Lemmy's JSON, of either version, to records: pure functions."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from markdown_it import MarkdownIt

from passerelle.identity import ascii_domain, canonical
from passerelle.records import AccountRecord, Evidence, MentionRecord, PostRecord
from passerelle.values import UnkeptError, is_identity
from spiders.collecting.shape import Item
from spiders.collecting.values import Json, Values, moment, native_id

NAME = "lemmy"
_MARKDOWN = MarkdownIt("js-default", {"html": False})
_MENTION = re.compile(r"(?<![\w/@])@([\w.-]{1,64})@([\w-]+(?:\.[\w-]+)+(?::\d+)?)")
_POST = re.compile(r"https?://[^\s/]+/post/\d+")
_CROSS_POSTED = re.compile(rf"\s*\S[^\n]{{0,80}}?({_POST.pattern})/?\s*(?:\n|$)")


def created_at(inner: Json) -> datetime:
    """When it was written."""
    return moment(inner.get("published_at") or inner["published"])


def view(item: Item) -> Json:
    """A post or a comment with what stands beside it, alone in an answer or in a list."""
    found = item.get("post_view") or item.get("comment_view") or item
    if not isinstance(found, dict):
        raise TypeError("no view")
    return found


def inner(view: Json) -> tuple[str, Json]:
    """``comment`` or ``post``, and the thing itself."""
    kind = "comment" if "comment" in view else "post"
    if not isinstance(view[kind], dict):
        raise TypeError(f"no {kind}")
    return kind, view[kind]


def uri(inner: Json) -> str:
    """What names it everywhere. Raises UnkeptError."""
    told = inner.get("ap_id")
    if not isinstance(told, str) or not is_identity(told) or "://" not in told:
        raise UnkeptError("post without id")
    return canonical(told)


def address(person: Json) -> str:
    """``user@host``: the name, and where its address leads. Raises UnkeptError."""
    told = person.get("ap_id") or person.get("actor_id")
    host = urlsplit(told).netloc if isinstance(told, str) else ""
    address = canonical(f"acct:{person.get('name')}@{host}").removeprefix("acct:")
    if not host or not person.get("name") or address.count("@") != 1 or not is_identity(address):
        raise UnkeptError("account without name")
    return address


def parent(inner: Json) -> str | None:
    """What a comment answers: the last but one in its path, of which 0 is the post."""
    if "path" not in inner:
        return None
    above = str(inner["path"]).split(".")[-2]
    return f"comment/{above}" if above != "0" else f"post/{inner['post_id']}"


def words(inner: Json) -> str:
    """The title, as a paragraph, and what is written below it in Markdown."""
    values = Values(inner, [])
    title, body = values.text("name", "text"), values.text("body", "text") or values.text("content", "text")
    written: str = _MARKDOWN.render(body)
    return (f"<p>{html.escape(title)}</p>" if title else "") + written.strip()


def relayed(inner: Json) -> tuple[str | None, bool]:
    """The post that a post passes on, if it does, and whether it says nothing of its own."""
    values = Values(inner, [])
    link, body = values.text("url", "url"), values.text("body", "text")
    marked = _CROSS_POSTED.match(body)
    relayed = link.rstrip("/") if _POST.fullmatch(link.rstrip("/")) else marked[1] if marked else None
    rest = body[marked.end() :] if marked else body
    is_bare = not any(line.strip() and not line.lstrip().startswith(">") for line in rest.splitlines())
    # a post that leads to another may say what it likes; one that leads nowhere is marked, and quotes what it passes on
    return (canonical(relayed), is_bare) if relayed and (link or is_bare) else (None, False)


def is_of_another(item: Item, post: str) -> bool:
    """Whether it is no mere cross-post of `post`: it only leads to the same page, or has words of its own."""
    inner = item.get("post") if isinstance(item, dict) else None
    return isinstance(inner, dict) and relayed(inner) != (post, True)


def mentions(inner: Json) -> Iterator[MentionRecord]:
    """People written in full."""
    values = Values(inner, [])
    words = values.text("body", "text") or values.text("content", "text")
    for name in dict.fromkeys(_MENTION.findall(words)):
        address = canonical(f"acct:{'@'.join(name)}").removeprefix("acct:")
        yield MentionRecord(account=f"acct:{address}", handle=f"@{address}")


def account_record(person: Json, host: str, at: datetime) -> AccountRecord:
    """An account, with the evidence that its profile holds. Raises UnkeptError."""
    named, left_out = address(person), list[str]()
    values = Values(person, left_out)
    return AccountRecord(
        platform=NAME,
        account=f"acct:{named}",
        handle=f"@{named}",
        captured_at=at,
        source=host,
        instance=ascii_domain(named.rpartition("@")[2]),
        created_at=values.time("published_at", "account created_at") or values.time("published", "account created_at"),
        evidence=Evidence(
            note=f"{values.text('display_name', 'profile')} {values.text('bio', 'profile')}".strip(),
            bot=values.flag("bot_account", "bot") is True,
        ),
        left_out=tuple(left_out),
    )


def repost_record(view: Json, of: str, of_author: str | None, host: str, at: datetime) -> PostRecord:
    """That a cross-post relayed the post `of`. Raises one of MALFORMED."""
    thing = inner(view)[1]
    return PostRecord(
        platform=NAME,
        post=uri(thing),
        author=f"acct:{address(view['creator'])}",
        created_at=created_at(thing),
        captured_at=at,
        source=host,
        text="",
        text_format="html",
        repost_of=of,
        repost_of_author=of_author,
        where=f"{host}/post/{native_id(thing)}",
    )


def below(view: Json, left_out: list[str]) -> int | None:
    """How many answers it is said to have, at every depth."""
    kind, thing = inner(view)
    values = Values(view, left_out).object("counts", "replies") if "counts" in view else Values(thing, left_out)
    return values.count("comments" if kind == "post" else "child_count", "replies")
