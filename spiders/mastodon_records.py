"""From the Mastodon API's JSON to records: pure functions, one place for what the servers of the family differ in."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from passerelle.records import AccountRecord, EngagementRecord, Evidence, MentionRecord, PostRecord

PLATFORM = "mastodon"
MALFORMED = (KeyError, TypeError, ValueError, OverflowError, AttributeError)
Json = Mapping[str, Any]


@dataclass(slots=True)
class Names:
    """A server's own ids and what they stand for everywhere; learnt from all that it shows.

    `posts`: native id -> URI; `accounts`: local id -> ``acct:user@host``. `domain` completes a bare ``acct``. `parents`
    (URI -> URI) is what another server told of who answers what.
    """

    host: str
    domain: str
    posts: MutableMapping[str, str] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Forget, at the end, the posts learnt in between: those of a person's other life are not kept."""
        before = self.posts
        self.posts = ChainMap({}, before)
        try:
            yield
        finally:
            self.posts = before

    def learn(self, status: Json) -> None:
        """Remember the post, its author and those it mentions. Raises one of MALFORMED."""
        inner = unwrapped(status)
        self.posts[str(inner["id"])] = uri = _text(inner, "uri")
        if inner.get("in_reply_to_id") and uri in self.parents:
            self.posts.setdefault(str(inner["in_reply_to_id"]), self.parents[uri])
        for account in (status["account"], inner["account"], *inner.get("mentions", ())):
            if account.get("id"):
                self.accounts[str(account["id"])] = self.identity(account)

    def identity(self, account: Json) -> str:
        """The account's ``acct``, lower case and completed: the one key that authors, mentions, reposters share."""
        return "acct:" + self.address(account)

    def address(self, account: Json) -> str:
        """``user@host`` of the account. Raises ValueError where it has no name."""
        name = _text(account, "acct").strip().lstrip("@").lower()
        if not name:
            raise ValueError("account without acct")
        return name if "@" in name else f"{name}@{self.domain.lower()}"

    def post(self, native: str) -> str:
        """The URI of a post by the server's id; an identity made of host and id while the URI is unknown."""
        return self.posts.get(native) or f"{PLATFORM}:{self.host}/{native}"

    def knows(self, native: str) -> bool:
        """Whether the post's URI is known."""
        return native in self.posts


def unwrapped(status: Json) -> Json:
    """The post itself where `status` is someone's boost of it (snac2 gives both the same id)."""
    inner = status.get("reblog")
    return inner if isinstance(inner, Mapping) else status


def is_boost(status: Json) -> bool:
    """Whether `status` is a wrapper around another post."""
    return isinstance(status.get("reblog"), Mapping)


def created_at(status: Json) -> datetime:
    """When the post says that it was written."""
    return moment(_text(status, "created_at"))


def hashtags(status: Json) -> tuple[str, ...]:
    """The hashtags that the server recognised. Raises KeyError where it says nothing of them."""
    return tuple(str(tag["name"]) for tag in status["tags"] or ())


def post_record(status: Json, names: Names, captured_at: datetime, *, embedded: bool = False) -> PostRecord:
    """A post, or a boost that has an id and time of its own. Raises one of MALFORMED for what is no status."""
    if is_boost(status):
        return _boost_record(status, names, captured_at)
    quoted = _quoted(status)
    return PostRecord(
        platform=PLATFORM,
        post=_text(status, "uri"),
        author=names.identity(status["account"]),
        created_at=created_at(status),
        captured_at=captured_at,
        source=names.host,
        text=_text(status, "content"),
        text_format="html",
        language=_language(status),
        hashtags=hashtags(status),
        mentions=tuple(_mentions(status, names)),
        reply_to=_reply_to(status, names),
        reply_to_author=_reply_to_author(status, names),
        quote_of=_text(quoted, "uri") if quoted else None,
        quote_of_author=names.identity(quoted["account"]) if quoted else None,
        edited_at=_moment_or_none(status, "edited_at"),
        visibility=_text(status, "visibility"),
        replies=_count(status, "replies_count"),
        reposts=_count(status, "reblogs_count"),
        quotes=_count(status, "quotes_count"),
        favourites=_count(status, "favourites_count"),
        has_media=bool(status.get("media_attachments")),
        embedded=embedded,
        where=f"{names.host}/{status['id']}",
    )


def _boost_record(status: Json, names: Names, captured_at: datetime) -> PostRecord:
    inner = status["reblog"]
    return PostRecord(
        platform=PLATFORM,
        post=_text(status, "uri"),
        author=names.identity(status["account"]),
        created_at=created_at(status),
        captured_at=captured_at,
        source=names.host,
        text="",
        text_format="html",
        repost_of=_text(inner, "uri"),
        repost_of_author=names.identity(inner["account"]),
        visibility=_text(status, "visibility"),
        where=f"{names.host}/{status['id']}",
    )


def has_own_time(boost: Json) -> bool:
    """Whether a boost is an event of its own: snac2's wrappers repeat id and time of the original."""
    inner = boost["reblog"]
    return bool(boost["id"] != inner["id"] and boost["uri"] != inner["uri"])


def engagement_record(account: Json, post: str, names: Names, captured_at: datetime) -> EngagementRecord:
    """`account` reposted `post`; nobody says when."""
    return EngagementRecord(
        platform=PLATFORM,
        post=post,
        account=names.identity(account),
        kind="repost",
        captured_at=captured_at,
        source=names.host,
    )


def account_record(account: Json, names: Names, captured_at: datetime) -> AccountRecord:
    """An account with the evidence that its profile holds. Raises one of MALFORMED."""
    address = names.address(account)
    return AccountRecord(
        platform=PLATFORM,
        account=names.identity(account),
        handle=f"@{address}",
        captured_at=captured_at,
        source=names.host,
        instance=address.partition("@")[2],
        created_at=_moment_or_none(account, "created_at"),
        followers=_count(account, "followers_count"),
        evidence=_evidence(account),
    )


def quoted_status(status: Json) -> Json | None:
    """The whole post that `status` quotes, where the server shows it."""
    return _quoted(unwrapped(status))


def moment(text: str) -> datetime:
    """An ISO 8601 time as UTC; without a zone it is taken as UTC. Raises ValueError or OverflowError."""
    parsed = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)


def _evidence(account: Json) -> Evidence:
    fields = " ".join(f"{line.get('name', '')} {line.get('value', '')}" for line in account.get("fields") or ())
    return Evidence(
        note=f"{account.get('display_name') or ''} {account.get('note') or ''} {fields}".strip(),
        bot=account.get("bot") is True,
        noindex=account.get("noindex") is True,
        indexable=_flag(account, "indexable"),
        discoverable=_flag(account, "discoverable"),
    )


def _mentions(status: Json, names: Names) -> Iterator[MentionRecord]:
    for mention in status.get("mentions") or ():
        yield MentionRecord(account=names.identity(mention), handle=f"@{names.address(mention)}")


def _reply_to(status: Json, names: Names) -> str | None:
    parent = status.get("in_reply_to_id")
    return names.post(str(parent)) if parent else None


def _reply_to_author(status: Json, names: Names) -> str | None:
    # set without its id for a remote parent, and the id is local to the server
    author = status.get("in_reply_to_account_id")
    return names.accounts.get(str(author)) if author else None


def _quoted(status: Json) -> Json | None:
    quote = status.get("quote")
    if not isinstance(quote, Mapping):
        return None
    inner = quote.get("quoted_status", quote if "uri" in quote else None)
    return inner if isinstance(inner, Mapping) else None


def _language(status: Json) -> str | None:
    language = status.get("language")
    return language.partition("-")[0].lower() or None if isinstance(language, str) else None


def _text(value: Json, name: str) -> str:
    text = value[name]
    if not isinstance(text, str):
        raise TypeError(f"{name} is {type(text).__name__}, not text")
    return text


def _count(value: Json, name: str) -> int | None:
    number = value.get(name)
    if number is not None and (not isinstance(number, int) or isinstance(number, bool)):
        raise TypeError(f"{name} is {type(number).__name__}, not a number")
    return number if number is None or number >= 0 else None


def _flag(value: Json, name: str) -> bool | None:
    flag = value.get(name)
    return flag if isinstance(flag, bool) else None


def _moment_or_none(value: Json, name: str) -> datetime | None:
    return moment(value[name]) if value.get(name) else None
