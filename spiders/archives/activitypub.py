"""A person's own export from the Mastodon family: the activities of ``outbox.json`` beside ``actor.json``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import orjson

from passerelle.records import AccountRecord, Evidence, MentionRecord, PostRecord, Record
from spiders.archives.fields import FieldError, Json, Spare, iso_time, reading
from spiders.archives.identities import address, host_of

PLATFORM = "mastodon"
_PUBLIC = frozenset({"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"})
_WORDS = ("Note", "Question", "Article", "Page")
_STEP = timedelta(microseconds=1)


def owner(profile: bytes | None) -> Json | None:
    """The actor that ``actor.json`` describes; null where there is none."""
    try:
        actor = orjson.loads(profile or b"")
    except orjson.JSONDecodeError:
        return None
    return actor if isinstance(actor, dict) and actor.get("id") and actor.get("preferredUsername") else None


def records_of_line(line: Json, actor: Json | None, captured_at: datetime, source: str, where: str) -> Iterator[Record]:
    """The posts and reposts of a collection of activities, or of one. Other activities are no posts."""
    activities = line.get("orderedItems")
    if activities is None:
        yield from _records(line, actor, captured_at, source)
        return
    for place, activity in enumerate(activities, 1):
        make = partial(_records, activity, actor, captured_at + place * _STEP, source)
        yield from reading(make, source, f"{where}, activity {place}", captured_at)


def _records(activity: Json, actor: Json | None, captured_at: datetime, source: str) -> Iterator[Record]:
    kind, thing = activity["type"], activity.get("object")
    is_repost = kind == "Announce"
    if not is_repost and not (kind in ("Create", "Update") and isinstance(thing, dict) and thing.get("type") in _WORDS):
        return
    account = _identity(activity["actor"], actor)
    yield _account(account, actor, captured_at, source)
    if is_repost:
        yield _repost(activity, account, captured_at, source)
    elif isinstance(thing, dict):
        yield _post(thing, account, captured_at, source)


def _repost(activity: Json, account: str, captured_at: datetime, source: str) -> PostRecord:
    about = activity["object"]
    return PostRecord(
        platform=PLATFORM,
        post=_text(activity, "id"),
        author=account,
        created_at=iso_time(_text(activity, "published"), "published"),
        captured_at=captured_at,
        source=source,
        text="",
        text_format="html",
        repost_of=about["id"] if isinstance(about, dict) else _text(activity, "object"),
        visibility=_visibility(activity),
    )


def _post(note: Json, account: str, captured_at: datetime, source: str) -> PostRecord:
    """A content warning is part of the words."""
    words = note.get("content") or next(iter((note.get("contentMap") or {}).values()), "")
    warning = note.get("summary") or ""
    tags = [tag for tag in _list(note.get("tag")) if isinstance(tag, dict)]
    quote = next((note[name] for name in ("quote", "quoteUrl", "quoteUri", "_misskey_quote") if note.get(name)), None)
    spare = Spare()
    return PostRecord(
        platform=PLATFORM,
        post=_text(note, "id"),
        author=account,
        created_at=iso_time(_text(note, "published"), "published"),
        captured_at=captured_at,
        source=source,
        text=f"<p>{warning}</p>{words}" if warning else words,
        text_format="html",
        language=next(iter(note.get("contentMap") or {}), None),
        hashtags=spare.all(
            "hashtags", [tag for tag in tags if tag.get("type") == "Hashtag"], lambda tag: _text(tag, "name")
        ),
        mentions=spare.read("mentions", lambda: tuple(_mentions(tags, host_of(note["id"])))) or (),
        reply_to=note.get("inReplyTo") or None,
        quote_of=quote if isinstance(quote, str) else None,
        edited_at=spare.read("edited_at", lambda: iso_time(note["updated"], "updated"))
        if note.get("updated")
        else None,
        visibility=_visibility(note),
        has_media=bool(note.get("attachment")),
        left_out=spare.left_out,
    )


def _account(account: str, actor: Json | None, captured_at: datetime, source: str) -> AccountRecord:
    told = actor or {}
    listed, spare = (one for one in _list(told.get("attachment")) if isinstance(one, dict)), Spare()
    fields = " ".join(f"{one.get('name', '')} {one.get('value', '')}" for one in listed)
    return AccountRecord(
        platform=PLATFORM,
        account=account,
        handle="@" + account.removeprefix("acct:"),
        captured_at=captured_at,
        source=source,
        instance=account.rpartition("@")[2],
        created_at=spare.read("created_at", lambda: iso_time(told["published"], "published"))
        if told.get("published")
        else None,
        evidence=Evidence(
            note=f"{told.get('name') or ''} {told.get('summary') or ''} {fields}".strip(),
            bot=told.get("type") in ("Service", "Application"),
            indexable=told.get("indexable"),
            discoverable=told.get("discoverable"),
        ),
        left_out=spare.left_out,
    )


def _identity(who: Any, actor: Json | None) -> str:
    """``acct:user@host`` of an actor's address, by the profile where it is its own."""
    url = who["id"] if isinstance(who, dict) else who
    if actor and url == actor["id"]:
        return f"acct:{address(str(actor['preferredUsername']), host_of(url))}"
    if not isinstance(url, str) or not url.startswith(("https://", "http://")):
        raise FieldError("actor")
    return f"acct:{address(url)}"


def _mentions(tags: Iterable[Json], host: str | None) -> Iterator[MentionRecord]:
    for tag in tags:
        if tag.get("type") == "Mention" and tag.get("name"):
            full = address(str(tag["name"]).lstrip("@"), host_of(tag.get("href")) or host)
            yield MentionRecord(account=f"acct:{full}", handle=f"@{full}")


def _visibility(thing: Json) -> str:
    to, copied = (_list(thing.get(name)) for name in ("to", "cc"))
    if _PUBLIC & {one for one in to if isinstance(one, str)}:
        return "public"
    if _PUBLIC & {one for one in copied if isinstance(one, str)}:
        return "unlisted"
    return "private" if any(str(one).endswith("/followers") for one in [*to, *copied]) else "direct"


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def _text(thing: Json, field: str) -> str:
    value = thing[field]
    if not isinstance(value, str) or not value:
        raise FieldError(field)
    return value
