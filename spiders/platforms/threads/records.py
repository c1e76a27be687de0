"""Posts of Threads as the API shows them, as records.

A person is a name, in whatever letter case, since no id is shown: whoever takes another is somebody else from then on.
A repost comes as an empty post that names the other by its id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from passerelle.hashtags import hashtags_in, is_hashtag
from passerelle.records import AccountRecord, MentionRecord, PostRecord
from passerelle.values import UnkeptError, is_identity
from spiders.collecting.values import Json, Values, id_text, moment, native_id

NAME = "threads"
_NAME = re.compile(r"(?<![\w@./-])@([\w.]*\w)")
_REPOST = "REPOST_FACADE"
_PLAIN = ("TEXT_POST", _REPOST, "")
_HELD_BACK = frozenset(("HIDDEN", "COVERED", "BLOCKED", "RESTRICTED"))


def identity(name: str) -> str:
    """A person by name, a post by id."""
    return f"{NAME}:{name}"


def author(item: Json) -> str:
    """The name of who wrote it. Raises UnkeptError for none."""
    name = item.get("username")
    plain = name.lstrip("@").lower() if isinstance(name, str) else ""
    if not is_identity(plain):
        raise UnkeptError("post without author")
    return plain


def named(item: Json, relation: str) -> str | None:
    """The id of what it answers, quotes or reposts; None where it says nothing."""
    told = item.get(relation)
    return id_text(told.get("id")) if isinstance(told, Mapping) else None


def is_repost(item: Json) -> bool:
    """Whether it is another's post, passed on."""
    return item.get("media_type") == _REPOST


def is_held_back(item: Json) -> bool:
    """Whether the owner of the thread has hidden it."""
    return item.get("hide_status") in _HELD_BACK


def created_at(item: Json) -> datetime:
    """When it was published, or passed on."""
    return moment(item["timestamp"])


def hashtags(item: Json) -> list[str]:
    """The topic that it is filed under, and what is written with a sign."""
    topic, text = item.get("topic_tag"), item.get("text")
    filed = [topic] if isinstance(topic, str) and is_hashtag(topic) else []
    written = hashtags_in(text) if isinstance(text, str) else ()
    return list(dict.fromkeys([*filed, *written]))


def _mentions(text: str) -> Iterator[MentionRecord]:
    for name in dict.fromkeys(name.lower() for name in _NAME.findall(text)):
        yield MentionRecord(account=identity(name), handle=f"{NAME}:@{name}")


def account_record(item: Json, host: str, at: datetime) -> AccountRecord:
    """Who wrote it."""
    name = author(item)
    return AccountRecord(platform=NAME, account=identity(name), handle=f"{NAME}:@{name}", captured_at=at, source=host)


def post_record(item: Json, authors: Mapping[str, str], host: str, at: datetime, *, owner: str | None) -> PostRecord:
    """A post, an answer, or a repost; `authors` are those of posts that were shown, by id. Raises one of MALFORMED.

    Nobody says how many answers there are; that there are none is believed of posts whose answers are not shown, those
    of others than the token's `owner`.
    """
    left_out = list[str]()
    values, native = Values(item, left_out), native_id(item)
    if native is None:
        raise UnkeptError("post without id")
    of = named(item, "reposted_post")
    if is_repost(item) and of is None:
        raise UnkeptError("repost of nothing")
    is_own = not is_repost(item)
    parent, quoted = (named(item, name) if is_own else None for name in ("replied_to", "quoted_post"))
    root, kind = named(item, "root_post") if parent else None, values.text("media_type", "has_media")
    text = values.text("text", "text") if is_own else ""
    return PostRecord(
        platform=NAME,
        post=identity(native),
        author=identity(author(item)),
        created_at=created_at(item),
        captured_at=at,
        source=host,
        text=text,
        text_format="plain",
        hashtags=tuple(hashtags(item)) if is_own else (),
        mentions=tuple(_mentions(text)),
        reply_to=parent and identity(parent),
        reply_to_author=authors.get(parent or ""),
        root=root and identity(root),
        repost_of=identity(of) if of and not is_own else None,
        repost_of_author=authors.get(of or "") if not is_own else None,
        quote_of=quoted and identity(quoted),
        quote_of_author=authors.get(quoted or ""),
        replies=0 if values.flag("has_replies", "replies") is False and author(item) != owner and not parent else None,
        has_media=kind not in _PLAIN,
        where=f"{host}/{native}",
        left_out=tuple(left_out),
    )
