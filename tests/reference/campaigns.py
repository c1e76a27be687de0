"""Small campaigns for tests: a short way to write one by hand, and a strategy that invents them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from passerelle.campaign import Analysis
from passerelle.tables import ACCOUNTS, COVERAGE, ENGAGEMENTS, LABELS, POSTS
from passerelle.weeks import iso_week
from transforms.help.study import Bound, Study, build_study
from transforms.ties.coverage import build_coverage

HASHTAG = "i4emploi"
START = datetime(2026, 3, 2, 8, tzinfo=UTC)
LISTS = ("hashtags", "mentions", "prefix_mentions")


def hours(number: float) -> datetime:
    """The moment `number` hours after the start of the test's world (a Monday, 08:00Z)."""
    return START + timedelta(hours=number)


def days(number: float) -> datetime:
    """The moment `number` days after the start of the test's world."""
    return START + timedelta(days=number)


def post(post_id: str, author: str, at: datetime, **more: Any) -> dict[str, Any]:
    """A row of `posts`. `tag=True` gives it the campaign's hashtag; other names are columns."""
    row: dict[str, Any] = {column.name: None for column in POSTS.columns}
    row |= {name: [] for name in LISTS}
    row |= {"platform": "import", "post_id": post_id, "author_id": author, "created_at": at, "source": "test"}
    row |= {"iso_week": iso_week(at), "first_captured_at": at, "captured_at": at, "text": ""}
    row |= {"has_media": False, "embedded": False}
    row["hashtags"] = [HASHTAG] if more.pop("tag", False) else []
    unknown = set(more) - set(row)
    assert not unknown, unknown
    return row | more


def reply(post_id: str, author: str, at: datetime, to: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A reply to a post that is in the lake or not; its author is stated."""
    return post(post_id, author, at, reply_to_id=to["post_id"], reply_to_author_id=to["author_id"], **more)


def repost(post_id: str, author: str, at: datetime, of: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A repost row, as a timeline gives it."""
    return post(post_id, author, at, repost_of_id=of["post_id"], repost_of_author_id=of["author_id"], **more)


def quote(post_id: str, author: str, at: datetime, of: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A quote of a post."""
    return post(post_id, author, at, quote_of_id=of["post_id"], quote_of_author_id=of["author_id"], **more)


def engagement(of: Mapping[str, Any], account: str, first_seen: datetime, **more: Any) -> dict[str, Any]:
    """A repost known from a look at who reposted."""
    row = {"platform": "import", "post_id": of["post_id"], "account_id": account, "kind": "repost", "at": None}
    return row | {"not_before": of["created_at"], "first_seen": first_seen, "source": "test"} | more


def call(of: Mapping[str, Any], beneficiary: str = "self", account: str | None = None) -> dict[str, Any]:
    """A human label that makes a post a call."""
    row = {"platform": "import", "post_id": of["post_id"], "label": "call", "score": None, "coder": "human"}
    return row | {"beneficiary": beneficiary, "beneficiary_id": account}


def outcome(of: Mapping[str, Any], told: str | None = None) -> dict[str, Any]:
    """A label that makes a post a result told or a thanks; None: it is not known which."""
    row = {"platform": "import", "post_id": of["post_id"], "label": "thanks_outcome", "score": None, "coder": "human"}
    return row | {"beneficiary": None, "beneficiary_id": None, "outcome": told}


@dataclass(frozen=True)
class World:
    """Everything a study is built from, as plain rows."""

    posts: Sequence[dict[str, Any]] = ()
    engagements: Sequence[dict[str, Any]] = ()
    labels: Sequence[dict[str, Any]] = ()
    histories: Sequence[tuple[str, datetime, datetime]] = ()
    roles: Mapping[str, str] = field(default_factory=dict)
    everybody_from: datetime | None = START - timedelta(days=3650)
    uncovered: frozenset[str] = frozenset()
    as_of: datetime = START + timedelta(days=3650)
    zone: str = "Europe/Paris"
    analysis: Analysis = field(default_factory=Analysis)

    def study(self, bound: Bound = "latest") -> Study:
        """The study of this world, by the code under test."""
        return build_study(
            _table(POSTS, self.posts),
            _table(ENGAGEMENTS, self.engagements),
            _table(LABELS, self.labels),
            self.accounts(),
            build_coverage(self.coverage(), self.everybody_from, self.uncovered),
            hashtags=frozenset({HASHTAG}),
            roles=self.roles,
            as_of=self.as_of,
            zone=self.zone,
            analysis=self.analysis,
            bound=bound,
        )

    def coverage(self) -> pa.Table:
        """The table `coverage`, one row a collected history."""
        rows = [
            {"run_id": str(number), "platform": "import", "source": "test", "scope": "history", "subject_id": account}
            | {"asked_at": end, "is_complete": True, "got": 0, "covered_from": begin, "covered_until": end}
            for number, (account, begin, end) in enumerate(self.histories)
        ]
        return pa.Table.from_pylist(rows, schema=COVERAGE.schema)

    def accounts(self) -> pa.Table:
        """The table `accounts`: everybody who wrote, on one of three instances, with some followers."""
        writers = sorted({row["author_id"] for row in self.posts} | {row["account_id"] for row in self.engagements})
        rows = [
            {"account_id": one, "platform": "import", "instance": f"host{number % 3}.example", "declared_bot": False}
            | {"organiser_profile": False, "followers": 10 * number, "first_seen_at": START, "last_seen_at": START}
            for number, one in enumerate(writers)
        ]
        return pa.Table.from_pylist(rows, schema=ACCOUNTS.schema)

    def without(self, account: str) -> World:
        """The world had that person never been there: nothing they wrote, nobody who names them."""
        return replace(
            self,
            posts=[_without(row, account) for row in self.posts if row["author_id"] != account],
            engagements=[row for row in self.engagements if row["account_id"] != account],
        )


def _without(row: dict[str, Any], account: str) -> dict[str, Any]:
    named = ("mentions", "prefix_mentions")
    return row | {name: [one for one in row[name] if one != account] for name in named}


def _table(table: Any, rows: Iterable[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=table.schema)


PEOPLE = [f"a{number}" for number in range(12)]
# Lags that fall on the edges of days, weeks, follow-ups, episodes and windows, so that edges are hit often.
_LAGS = [1, 1, 3, 16, 24, 24, 40, 72, 100, 167, 168, 169, 13 * 24, 14 * 24, 20 * 24, 84 * 24]
_SLIPS = [0, 0, 0, 0, -1, 1]


def worlds(most_posts: int = 60) -> st.SearchStrategy[World]:
    """Small campaigns with every kind of post, odd trees, labels, organisers, bots, and gaps in coverage.

    Drawn from a seed, so that a failure names a world that `invent` makes again and shrinking stays quick.
    """
    return st.builds(invent, st.integers(0, 2**32), st.integers(2, most_posts))


def invent(seed: int, size: int) -> World:
    """The small campaign of that seed with `size` posts."""
    return _Inventor(Random(seed)).world(size)


class _Inventor:
    """Draws campaigns; everything it says about a post never seen is consistent."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice
        self.posts: list[dict[str, Any]] = []

    def world(self, size: int) -> World:
        people = PEOPLE[: self.dice.choice([3, 5, 8, 12])]
        for number in range(size):
            self.posts.append(self._post(number, people))
        seen = {(row["post_id"], row["account_id"]): row for row in (self._look(people) for _ in range(size // 8))}
        return World(
            posts=self.dice.sample(self.posts, size),
            engagements=list(seen.values()),
            labels=[self._label(row, people) for row in self.posts if self._may_call(row)],
            histories=[self._history(people) for _ in range(self.dice.choice([0, 2, 6]))],
            roles={who: self.dice.choice(["organiser", "bot"]) for who in people[1:] if self._rarely(8)},
            everybody_from=self.dice.choice([None, days(-400), days(-100), hours(0), days(10), days(40)]),
            uncovered=frozenset(who for who in people if self._rarely(4)),
            as_of=self.dice.choice([days(3650), days(3650), days(150), days(60)]),
            zone=self.dice.choice(["Europe/Paris", "UTC", "America/New_York"]),
        )

    def _rarely(self, times: int) -> bool:
        return self.dice.randrange(times) == 0

    def _post(self, number: int, people: list[str]) -> dict[str, Any]:
        kind = self.dice.choice(["plain", "plain", "reply", "reply", "quote", "repost", "repost", "both"])
        parent, quoted = self._target(number), self._target(number)
        follows = quoted if kind in ("quote", "repost") else parent
        row = post(f"p{number:02d}", self.dice.choice(people), self._moment(follows, kind), tag=not self._rarely(3))
        many = self.dice.choice([0, 0, 1, 1, 2, 4, 6])
        row["mentions"] = self.dice.sample(people, min(many, len(people))) if kind != "repost" else []
        row["prefix_mentions"] = row["mentions"][: self.dice.choice([0, 0, 2])]
        row["deleted_at"] = days(200) if self._rarely(25) else None
        row["root_id"] = self._target(number)["post_id"] if self._rarely(6) else None
        if kind in ("reply", "both"):
            row["reply_to_id"], row["reply_to_author_id"] = parent["post_id"], parent["author_id"]
        if kind in ("quote", "both"):
            row["quote_of_id"], row["quote_of_author_id"] = quoted["post_id"], quoted["author_id"]
        if kind == "repost":
            row["repost_of_id"], row["repost_of_author_id"] = quoted["post_id"], quoted["author_id"]
        if kind == "plain" and self._rarely(12):
            row["reply_to_author_id"] = self.dice.choice(people)
        return row

    def _target(self, number: int) -> dict[str, Any]:
        """Usually an earlier post, often a recent one; now and then one never seen, a later one, or the post itself."""
        if self.posts and not self._rarely(12):
            return self.dice.choice(self.posts[-5:] if self._rarely(2) else self.posts)
        unseen = [("unseen1", PEOPLE[0]), ("unseen2", None), (f"p{number:02d}", None), (f"p{number + 1:02d}", None)]
        name, author = self.dice.choice(unseen)
        return {"post_id": name, "author_id": author, "created_at": None}

    def _moment(self, follows: Mapping[str, Any], kind: str) -> datetime:
        slip = timedelta(microseconds=self.dice.choice(_SLIPS))
        if kind == "plain" or follows["created_at"] is None:
            return hours(self.dice.randrange(120) * 36) + slip
        return follows["created_at"] + timedelta(hours=self.dice.choice(_LAGS)) + slip

    def _look(self, people: list[str]) -> dict[str, Any]:
        of = self.dice.choice(self.posts)
        seen = of["created_at"] + timedelta(hours=self.dice.choice(_LAGS))
        since = self.dice.choice([None, of["created_at"], seen - timedelta(days=2)])
        kind = self.dice.choice(["repost", "repost", "favourite"])
        exact = seen if self._rarely(3) else None
        return engagement(of, self.dice.choice(people), seen, at=exact, not_before=since, kind=kind)

    def _may_call(self, row: Mapping[str, Any]) -> bool:
        return self._rarely(2) if row["repost_of_id"] is None and row["quote_of_id"] is None else self._rarely(10)

    def _label(self, row: dict[str, Any], people: list[str]) -> dict[str, Any]:
        if self._rarely(5):
            return outcome(row, self.dice.choice(["result", "thanks", None]))
        return self._call(row, people)

    def _call(self, row: dict[str, Any], people: list[str]) -> dict[str, Any]:
        if self._rarely(4):
            return call(row, "other", self.dice.choice([None, *people]))
        return call(row) | {"label": self.dice.choice(["call", "call", "call", "relay"])}

    def _history(self, people: list[str]) -> tuple[str, datetime, datetime]:
        begin = days(self.dice.randrange(-120, 60))
        return self.dice.choice(people), begin, begin + timedelta(days=self.dice.randrange(1, 200))


def rows(table: pa.Table, *key: str) -> list[dict[str, Any]]:
    """Rows of a table, sorted by `key` (all columns if none is given), for comparing."""
    return sorted(table.to_pylist(), key=lambda row: tuple(str(row[name]) for name in key or table.column_names))
