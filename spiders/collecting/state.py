"""What a crawl of one server leaves for the next: cursors, open follow-ups, histories, the map of local ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

SCHEMA = 1


@dataclass(slots=True)
class Hole:
    """A stretch of a timeline that was cut: go on at `url` (the text of a question) down to `down_to`."""

    url: str
    down_to: str


@dataclass(slots=True)
class Cursor:
    """How far one endpoint has been read: everything up to `until`, but for its `holes`. Never shared."""

    since: str
    until: str
    holes: list[Hole] = field(default_factory=list)


@dataclass(slots=True)
class Followed:
    """An open follow-up of a post: counters when last expanded or polled, and how many re-checks it has had.

    `timed` are the local ids of those who reposted it and were asked when. `owed` is whether something of it could not
    be had for a passing reason, so that the next run asks for it.
    """

    uri: str
    created_at: str
    num_checks: int = 0
    replies: int | None = None
    reposts: int | None = None
    quotes: int | None = None
    timed: list[str] = field(default_factory=list)
    owed: bool = False


@dataclass(slots=True)
class History:
    """A participant's public timeline: read over [`since`, `until`)."""

    since: str
    until: str
    complete: bool = True


@dataclass(slots=True)
class Streamed:
    """How far a stream was read: the newest event's time (`at_us`, microseconds since 1970; 0: not yet) and the
    `number` that `server` gave it.

    `posts` are the campaign's posts that it showed and `others` what else was kept (replies, quotes, reposts), by URI
    with the time of the last event; `hidden` are accounts that are not shown now.
    """

    at_us: int = 0
    number: int | None = None
    server: str = ""
    posts: dict[str, str] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)
    hidden: list[str] = field(default_factory=list)

    def forget_before(self, moment: datetime) -> None:
        """Drop what was last heard of before `moment`."""
        for known in (self.posts, self.others):
            for uri in [uri for uri, at in known.items() if datetime.fromisoformat(at) < moment]:
                del known[uri]


@dataclass(slots=True)
class CrawlState:
    """All of it; `owed` are histories that are still to be read, by local id, with the time of the act.

    `parents` are what campaign posts answer or quote, by native id: the URI, or nothing where it was asked in vain.
    `authors` are who wrote the posts in `posts`, where an answer to one does not say it.
    `kept` is what the platform itself wants to know again, by names of its own. `spent` are parts of its allowances, by
    name and hour.
    Holds clear identities: it lives beside the lake, with a short retention.
    """

    domain: str = ""
    shows_posts: bool = False
    cursors: dict[str, Cursor] = field(default_factory=dict)
    followed: dict[str, Followed] = field(default_factory=dict)
    histories: dict[str, History] = field(default_factory=dict)
    owed: dict[str, str] = field(default_factory=dict)
    posts: dict[str, str] = field(default_factory=dict)
    post_times: dict[str, str] = field(default_factory=dict)
    authors: dict[str, str] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    parent_times: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    stream: Streamed = field(default_factory=Streamed)
    kept: dict[str, str] = field(default_factory=dict)
    spent: dict[str, dict[str, int]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"schema": SCHEMA, **asdict(self)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> CrawlState:
        """The state that `value` holds; a fresh one for an empty `value`. Raises KeyError, TypeError."""
        if not value:
            return cls()
        return cls(
            domain=value["domain"],
            shows_posts=value["shows_posts"],
            cursors=read_cursors(value["cursors"]),
            followed={native: Followed(**post) for native, post in value["followed"].items()},
            histories={local: History(**history) for local, history in value["histories"].items()},
            owed=dict(value["owed"]),
            posts=dict(value["posts"]),
            post_times=dict(value["post_times"]),
            authors=dict(value.get("authors", {})),
            parents=dict(value.get("parents", {})),
            parent_times=dict(value.get("parent_times", {})),
            accounts=dict(value["accounts"]),
            stream=Streamed(**value.get("stream", {})),
            kept=dict(value.get("kept", {})),
            spent={name: dict(hours) for name, hours in value.get("spent", {}).items()},
        )

    def remember_post(self, native: str, uri: str, at: datetime) -> None:
        """Keep the URI of a campaign post, so that later replies find their parent."""
        self.posts[native] = uri
        self.post_times[native] = at.isoformat()

    def forget_post(self, native: str) -> None:
        """Drop a post that nobody looks at any more."""
        self.posts.pop(native, None)
        self.post_times.pop(native, None)
        self.authors.pop(native, None)

    def remember_parent(self, native: str, uri: str, at: str) -> None:
        """Keep what a campaign post answers or quotes, or what was asked for; an empty `uri` where it is not shown."""
        self.parents[native] = uri
        self.parent_times[native] = at

    def forget_before(self, moment: datetime) -> None:
        """Drop the URIs of posts and parents last seen before `moment`."""
        for known, times in ((self.posts, self.post_times), (self.parents, self.parent_times)):
            for native in [native for native, at in times.items() if datetime.fromisoformat(at) < moment]:
                del known[native], times[native]
        self.authors = {native: author for native, author in self.authors.items() if native in self.posts}
        self.stream.forget_before(moment)


def read_cursors(value: Mapping[str, Any]) -> dict[str, Cursor]:
    """Cursors as a state or a recording holds them: two are alike as these, however each was written."""
    return {name: _cursor(cursor) for name, cursor in value.items()}


def _cursor(value: Mapping[str, Any]) -> Cursor:
    """States from before kept a `newest_id` too, which nothing reads."""
    known = {name: told for name, told in value.items() if name != "newest_id"}
    return Cursor(**{**known, "holes": [Hole(**hole) for hole in known["holes"]]})


def checks_due(post: Followed, clock: datetime, ages: tuple[int, ...]) -> int:
    """How many of the re-check `ages` (hours) the post has reached at `clock`."""
    age = clock - datetime.fromisoformat(post.created_at)
    return sum(age >= timedelta(hours=hours) for hours in ages)
