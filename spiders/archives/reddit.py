"""Reddit's own JSON of posts and comments, as its API gives it and as people keep threads of it: one thing as records.

A post is ``t3``, a comment ``t1``; the prefix is no part of its name. The text is the HTML that is shown, where it
comes. A score is what was voted up beyond what was voted down: below nought, or hidden, it is no count.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from passerelle.hashtags import fold_hashtag, hashtags_in
from passerelle.records import AccountRecord, DeletionRecord, Evidence, MentionRecord, PostRecord, Record
from passerelle.values import wrong_count, wrong_time
from spiders.archives.cells import BY_MODERATORS, GONE_AUTHOR
from spiders.archives.fields import FieldError, Json, Spare

PLATFORM = "reddit"
DELETED, _REMOVED = "[deleted]", ("[removed]", "[ removed by reddit ]")
_ID, _NAME = re.compile(r"(?:t[1-6]_)?([0-9a-z]{1,13})"), re.compile(r"[A-Za-z0-9_-]{2,40}")
_PERSON = re.compile(r"(?<![\w/.])/?u/([A-Za-z0-9_-]{2,20})(?![\w-])")
_WORD, _LINK = re.compile(r"\w+"), re.compile(r"\w+://\S+")
_CLOSED = ("private", "employees_only", "gold_only")
_BY_AUTHOR = ("deleted", "author")
_BOT = "automoderator"


def is_comment(data: Json) -> bool:
    """Whether it is a comment, and not a post."""
    return "parent_id" in data


def identity(name: object, field: str) -> str:
    """The identity of a post or a comment. Raises FieldError."""
    found = _ID.fullmatch(name) if isinstance(name, str) else None
    if found is None:
        raise FieldError(field)
    return f"{PLATFORM}:{found[1]}"


def author_of(data: Json) -> str:
    """Who wrote it. Raises FieldError, also for somebody who is gone."""
    name = data["author"]
    if name in (DELETED, None):
        raise FieldError("author", GONE_AUTHOR)
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise FieldError("author")
    return f"{PLATFORM}:{name}"


def written_at(data: Json) -> datetime:
    """When it was written. Raises FieldError."""
    return _moment(data["created_utc"], "created_utc")


def is_deleted(data: Json) -> bool:
    """Whether its author took it away."""
    return is_nobodys(data) and (_markdown(data) == DELETED or data.get("removed_by_category") in _BY_AUTHOR)


def is_nobodys(data: Json) -> bool:
    """Whether who wrote it is gone."""
    return data.get("author") in (DELETED, None)


def is_removed(data: Json) -> bool:
    """Whether others took its words away."""
    by = data.get("removed_by_category")
    return _markdown(data).casefold() in _REMOVED or (by is not None and by not in _BY_AUTHOR)


def hashtags(data: Json, words: frozenset[str] = frozenset()) -> list[str]:
    """Those that are written with their sign, and of its words those that are among `words` (folded)."""
    text = _LINK.sub(" ", f"{_text(data, 'title')}\n{_markdown(data)}")
    named = [word for word in _WORD.findall(text) if words and fold_hashtag(word) in words]
    return list(dict.fromkeys([*hashtags_in(text), *named]))


def records_of(
    data: Json, at: datetime, source: str, *, answered: str | None = None, words: frozenset[str] = frozenset()
) -> Iterator[Record]:
    """Who wrote it and what, or that it was deleted; what it passes on comes first. `answered` wrote what it answers.

    Raises FieldError, KeyError or TypeError for what cannot be a record.
    """
    post = identity(data["id"], "id")
    if is_deleted(data):
        yield DeletionRecord(platform=PLATFORM, post=post, captured_at=at, source=source)
        return
    if is_removed(data):
        raise FieldError("body" if is_comment(data) else "selftext", BY_MODERATORS)
    author, original = author_of(data), _original(data)
    if original is not None:
        for one in records_of(original, at, source):
            yield replace(one, embedded=True) if isinstance(one, PostRecord) else one
    yield _account(author, at, source)
    record = _post(data, post, author, at, source)
    record = replace(record, reply_to_author=answered, hashtags=tuple(hashtags(data, words)))
    yield record if data.get("crosspost_parent") is None else _passing_on(record, data)


def _post(data: Json, post: str, author: str, at: datetime, source: str) -> PostRecord:
    spare, is_below = Spare(), is_comment(data)
    return PostRecord(
        platform=PLATFORM,
        post=post,
        author=author,
        created_at=written_at(data),
        captured_at=at,
        source=source,
        text=_shown(data),
        text_format="html",
        mentions=tuple(_mentions(data)),
        reply_to=identity(data["parent_id"], "parent_id") if is_below else None,
        root=spare.read("root", lambda: identity(data["link_id"], "link_id")) if is_below else None,
        edited_at=spare.read("edited_at", lambda: _edited(data)),
        visibility="private" if data.get("subreddit_type") in _CLOSED else "public",
        replies=None if is_below else spare.read("replies", lambda: _count(data, "num_comments")),
        reposts=None if is_below else spare.read("reposts", lambda: _count(data, "num_crossposts")),
        favourites=spare.read("favourites", lambda: _score(data)),
        has_media=str(data.get("post_hint") or "").partition(":")[0] in ("image", "hosted", "rich"),
        left_out=spare.left_out,
    )


def adds_nothing(data: Json) -> bool:
    """Whether it is a cross-post without words of its own."""
    told = _passed_on(data)
    is_named_alike = told is None or _text(told, "title") == _text(data, "title")
    return data.get("crosspost_parent") is not None and not _markdown(data) and is_named_alike


def _passing_on(record: PostRecord, data: Json) -> PostRecord:
    """A cross-post: a repost where it adds no words of its own, else a quote."""
    of, original = identity(data["crosspost_parent"], "crosspost_parent"), _original(data)
    by = author_of(original) if original is not None else None
    if adds_nothing(data):
        return replace(record, text="", hashtags=(), mentions=(), repost_of=of, repost_of_author=by)
    return replace(record, quote_of=of, quote_of_author=by)


def _original(data: Json) -> Json | None:
    """What a cross-post passes on, where it says something."""
    found = _passed_on(data)
    is_gone = found is None or is_removed(found) or is_nobodys(found)
    return None if found is None or is_gone else {**found, "crosspost_parent_list": None}


def _passed_on(data: Json) -> Json | None:
    """What a cross-post passes on, where it came along."""
    told = data.get("crosspost_parent_list")
    return told[0] if isinstance(told, list) and told and isinstance(told[0], dict) else None


def _account(author: str, at: datetime, source: str) -> AccountRecord:
    name = author.partition(":")[2]
    evidence = Evidence(bot=name.casefold() == _BOT)
    handle = f"{PLATFORM}:@{name}"
    return AccountRecord(
        platform=PLATFORM, account=author, handle=handle, captured_at=at, source=source, evidence=evidence
    )


def _mentions(data: Json) -> Iterator[MentionRecord]:
    for name in dict.fromkeys(_PERSON.findall(_LINK.sub(" ", _markdown(data)))):
        yield MentionRecord(account=f"{PLATFORM}:{name}", handle=f"{PLATFORM}:@{name}")


def _shown(data: Json) -> str:
    """A post's title, as a paragraph, and what it says, as HTML."""
    title, told = _text(data, "title"), data.get("body_html" if is_comment(data) else "selftext_html")
    body = _unescaped(told) if isinstance(told, str) and told else html.escape(_markdown(data), quote=False)
    return (f"<p>{html.escape(title, quote=False)}</p>" if title and not is_comment(data) else "") + body


def _markdown(data: Json) -> str:
    return _text(data, "body" if is_comment(data) else "selftext")


def _text(data: Json, field: str) -> str:
    """A text without what the API escapes in it unless it is asked not to. Raises FieldError."""
    value = data.get(field)
    if value is not None and not isinstance(value, str):
        raise FieldError(field)
    return html.unescape(value or "").strip()


def _unescaped(markup: str) -> str:
    return html.unescape(markup) if markup.lstrip().startswith("&lt;") else markup


def _edited(data: Json) -> datetime | None:
    """When it was edited last; false where it never was, and true where nobody kept the time."""
    told = data.get("edited")
    return None if told in (None, False, True) else _moment(told, "edited")


def _score(data: Json) -> int | None:
    told = data.get("score")
    is_none = data.get("score_hidden") is True or (isinstance(told, int) and told < 0)
    return None if is_none else _count(data, "score")


def _count(data: Json, field: str) -> int | None:
    value = data.get(field)
    if value is not None and (wrong := wrong_count(value)):
        raise FieldError(field, wrong)
    return value


def _moment(value: object, field: str) -> datetime:
    """Seconds since 1970, which some programs write as a text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise FieldError(field)
    try:
        found = datetime.fromtimestamp(float(value), UTC)
    except (ValueError, OverflowError, OSError):
        raise FieldError(field) from None
    if wrong_time(found):
        raise FieldError(field)
    return found
