"""What stands in an answer of Isso, as comments of the page beside which they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from spiders.collecting.blogs.entries import Written
from spiders.collecting.values import Values, id_text

MARK = "#isso-"
_KINDS: Mapping[int, Literal["waiting", "removed"]] = {2: "waiting", 4: "removed"}


def comments_in(payload: Any, page: str) -> list[Written]:
    """The comments in an answer, answers after what they answer. Raises KeyError or TypeError for no such answer."""
    replies = payload["replies"]
    if not isinstance(replies, list):
        raise TypeError("no list")
    return [_comment(one, page) for above in replies for one in (above, *listed(above))]


def _comment(told: Any, page: str) -> Written:
    left_out: list[str] = []
    values, number = Values(told if isinstance(told, dict) else {}, left_out), None
    if isinstance(told, dict):
        number = id_text(told.get("id"))
    parent, mode = values.count("parent", "reply_to"), values.count("mode", "visibility")
    by = values.text("author", "author")
    return Written(
        id=f"{page}{MARK}{number}" if number else "",
        on=page,
        parent=page if parent is None else f"{page}{MARK}{parent}",
        at=_moment(values, told, "created"),
        edited=_moment(values, told, "modified"),
        by=by,
        text=values.text("text", "text"),
        likes=values.count("likes", "favourites"),
        kind=_KINDS.get(mode or 0, "speech"),
        left_out=tuple(left_out),
    )


def _moment(values: Values, told: Any, name: str) -> str:
    """A time in seconds, as a text; empty where there is none."""
    seconds = told.get(name) if isinstance(told, dict) else None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return ""
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        values.leave_out(name, "impossible time")
        return ""


def listed(told: Any) -> list[Any]:
    """The comments in an answer, or the answers in a comment."""
    found = told.get("replies") if isinstance(told, dict) else None
    return found if isinstance(found, list) else []


def came(told: Any) -> int:
    """How many of a list came, as far as they are comments: one that is asked for twice is one."""
    return sum(isinstance(one, dict) and isinstance(one.get("created"), int | float) for one in listed(told))


def left(told: Any) -> int:
    """How many of a list were not shown."""
    return (Values(told, []).count("hidden_replies", "replies") or 0) if isinstance(told, dict) else 0


def hidden(payload: Any) -> bool:
    """Whether anything of a thread is not in an answer."""
    return any(map(left, (payload, *listed(payload))))
