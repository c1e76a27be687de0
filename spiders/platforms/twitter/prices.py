"""What X charges, in thousandths of a dollar: each post and each person that comes, once in a day of UTC."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date
from typing import Any
from urllib.parse import urlsplit

from w3lib.url import url_query_parameter

from spiders.archives.v2_spelling import in_one_spelling
from spiders.asking.answers import Answer
from spiders.asking.ask import Ask
from spiders.collecting.paging import whole_number

POST, PERSON = 5, 10
_WHOLE = 3 * (POST + PERSON)  # a post, what it answers, what it quotes, and who wrote them
_WORTH = {"retweeted_by": PERSON, "retweets": POST + PERSON}
_NAMED = "ids"
_LEAST = {"recent": 10, "all": 10, "quote_tweets": 10, "tweets": 5, "retweets": 10, "retweeted_by": 1}
_MOST, _TOGETHER = "max_results", 100


class Bill:
    """What one run was charged for: the same thing twice in a day is charged once."""

    def __init__(self) -> None:
        self._paid: set[tuple[date, str, str]] = set()

    def of(self, ask: Ask, answer: Answer) -> int:
        """What an answer costs; where none came it may have been charged all the same."""
        if answer.outcome == "unreachable":
            return at_most(ask)
        day = answer.captured_at.astimezone(UTC).date()
        new = {(day, *thing) for thing in _things(answer.payload)} - self._paid
        self._paid |= new
        return sum(PERSON if kind == "person" else POST for _, kind, _ in new)


def at_most(ask: Ask) -> int:
    """The most that a question may cost."""
    if named := url_query_parameter(ask.url, _NAMED):
        return POST * len(named.split(","))
    return (_asked(ask) or 1) * _WORTH.get(_kind(ask), _WHOLE)


def fitting(ask: Ask, left: int) -> Ask:
    """The question for as many things as what is `left` pays for, at least as many as may be asked for."""
    kind, most = _kind(ask), _asked(ask)
    if most is None:
        return ask
    return ask.having(_MOST, str(max(_LEAST.get(kind, 1), min(most, left // _WORTH.get(kind, _WHOLE)))))


def as_many(natives: Sequence[str], left: int | None) -> Sequence[str]:
    """Of posts that are named, as many as one question may name and what is `left` (None: no matter) pays for."""
    return natives[: _TOGETHER if left is None else max(1, min(_TOGETHER, left // POST))]


def _asked(ask: Ask) -> int | None:
    return whole_number(url_query_parameter(ask.url, _MOST))


def _kind(ask: Ask) -> str:
    return urlsplit(ask.url).path.rpartition("/")[2]


def _things(payload: Any) -> Iterator[tuple[str, str]]:
    """The posts and people in an answer, by id."""
    page = in_one_spelling(payload) if isinstance(payload, Mapping) else {}
    told, includes = page.get("data"), page.get("includes")
    lists = [told if isinstance(told, list) else [told]]
    lists += includes.values() if isinstance(includes, dict) else []
    for one in (thing for things in lists if isinstance(things, list) for thing in things):
        if isinstance(one, dict) and "id" in one:
            yield "person" if "username" in one else "post", str(one["id"])
