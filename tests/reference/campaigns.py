"""Small campaigns for tests: a short way to write one by hand, and a strategy that invents them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from passerelle.campaign import Analysis
from passerelle.tables import ACCOUNTS, COVERAGE, ENGAGEMENTS, LABELS, POSTS
from passerelle.weeks import iso_week
from transforms.coverage import build_coverage
from transforms.study import Bound, Study, build_study

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


PEOPLE = [f"a{number}" for number in range(9)]
# Few distinct moments, many of them on the edges of days, weeks and windows, so that ties and edges are hit often.
_EDGES = [0, 0, 1, 16, 24, 39, 40, 167, 168, 169, 14 * 24, 84 * 24, 84 * 24 + 1]


@st.composite
def moments(draw: st.DrawFn) -> datetime:
    """Moments on a coarse grid over half a year, or right beside an edge."""
    grid = draw(st.integers(0, 60)) * 72 + draw(st.sampled_from(_EDGES))
    return hours(grid) + timedelta(microseconds=draw(st.sampled_from([0, 0, 0, -1, 1])))


@st.composite
def worlds(draw: st.DrawFn, most_posts: int = 40) -> World:
    """Small campaigns with every kind of post, odd trees, labels, organisers, bots, and gaps in coverage."""
    count = draw(st.integers(2, most_posts))
    posts: list[dict[str, Any]] = []
    for number in range(count):
        posts.append(_any_post(draw, number, posts))
    engagements = draw(st.lists(_engagements(posts), max_size=6, unique_by=lambda row: (row["post_id"], row["account_id"])))
    roles = draw(st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from(["organiser", "bot"]), max_size=2))
    return World(
        posts=posts,
        engagements=engagements,
        labels=_labels(draw, posts),
        histories=draw(st.lists(_histories(), max_size=4)),
        roles=roles,
        everybody_from=draw(st.sampled_from([None, START - timedelta(days=400), hours(0), days(30)])),
        uncovered=frozenset(draw(st.sets(st.sampled_from(PEOPLE), max_size=3))),
        as_of=draw(st.sampled_from([days(3650), days(150), days(100)])),
        zone=draw(st.sampled_from(["Europe/Paris", "UTC", "America/New_York"])),
    )


def _any_post(draw: st.DrawFn, number: int, earlier: list[dict[str, Any]]) -> dict[str, Any]:
    row = post(f"p{number:02d}", draw(st.sampled_from(PEOPLE)), draw(moments()), tag=draw(st.booleans()))
    kind = draw(st.sampled_from(["plain", "reply", "reply", "quote", "repost", "repost", "both"]))
    row["mentions"] = draw(st.lists(st.sampled_from(PEOPLE), max_size=6, unique=True))
    row["prefix_mentions"] = row["mentions"][: draw(st.integers(0, 2))]
    row["deleted_at"] = draw(st.sampled_from([None] * 12 + [days(200)]))
    row["root_id"] = draw(st.sampled_from([None, None, None, _target(draw, number, earlier)[0]]))
    if kind in ("reply", "both"):
        row["reply_to_id"], row["reply_to_author_id"] = _target(draw, number, earlier)
    if kind in ("quote", "both"):
        row["quote_of_id"], row["quote_of_author_id"] = _target(draw, number, earlier)
    if kind == "repost":
        row["repost_of_id"], row["repost_of_author_id"] = _target(draw, number, earlier)
        row["mentions"] = row["prefix_mentions"] = []
    return row


def _target(draw: st.DrawFn, number: int, earlier: list[dict[str, Any]]) -> tuple[str, str | None]:
    """Usually an earlier post; now and then one never seen, a later one, or the post itself."""
    if earlier and draw(st.integers(0, 7)):
        chosen = draw(st.sampled_from(earlier))
        return chosen["post_id"], chosen["author_id"]
    wild = draw(st.sampled_from(["p00", f"p{number:02d}", f"p{number + 1:02d}", "unseen1", "unseen2"]))
    # one author for a post never seen, so that what is stated is consistent
    return wild, "a0" if wild == "unseen1" else None


def _labels(draw: st.DrawFn, posts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    called = draw(st.sets(st.integers(0, len(posts) - 1), max_size=8))
    return [_any_call(draw, posts[number]) for number in sorted(called)]


def _any_call(draw: st.DrawFn, row: dict[str, Any]) -> dict[str, Any]:
    for_another = draw(st.integers(0, 3)) == 0
    account = draw(st.sampled_from([None, *PEOPLE])) if for_another else None
    return call(row, "other" if for_another else "self", account)


@st.composite
def _engagements(draw: st.DrawFn, posts: list[dict[str, Any]]) -> dict[str, Any]:
    of, seen = draw(st.sampled_from(posts)), draw(moments())
    exact = draw(st.sampled_from([None, None, seen]))
    since = draw(st.sampled_from([None, of["created_at"], seen - timedelta(days=2)]))
    kind = draw(st.sampled_from(["repost", "repost", "favourite"]))
    return engagement(of, draw(st.sampled_from(PEOPLE)), seen, at=exact, not_before=since, kind=kind)


@st.composite
def _histories(draw: st.DrawFn) -> tuple[str, datetime, datetime]:
    begin = days(draw(st.integers(-120, 60)))
    return draw(st.sampled_from(PEOPLE)), begin, begin + timedelta(days=draw(st.integers(1, 200)))


def rows(table: pa.Table, *key: str) -> list[dict[str, Any]]:
    """Rows of a table, sorted by `key` (all columns if none is given), for comparing."""
    return sorted(table.to_pylist(), key=lambda row: tuple(str(row[name]) for name in key or table.column_names))


