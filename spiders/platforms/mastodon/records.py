"""From the Mastodon API's JSON to records: pure functions, one place for what the servers of the family differ in.

A value that cannot be kept is null and named in the record's `left_out`; only what has no id, author or time is no
record (UnkeptError).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from passerelle.allowed import EngagementKind
from passerelle.bridges import is_original, platform_of
from passerelle.hashtags import fold_hashtag, hashtags_in
from passerelle.identity import ascii_domain
from passerelle.records import AccountRecord, EngagementRecord, Evidence, MentionRecord, PostRecord
from passerelle.values import UnkeptError, is_storable
from spiders.collecting.values import Json, Values, id_text, moment, native_id
from spiders.collecting.words import shown_words
from spiders.platforms.mastodon.names import PLATFORM, FediverseNames, unwrapped
from spiders.platforms.mastodon.quotes import quoted_id, quoted_status, quoted_uri

__all__ = [
    "PLATFORM",
    "FediverseNames",
    "Json",
    "account_record",
    "created_at",
    "engagement_record",
    "has_own_time",
    "hashtags",
    "hidden_quote_id",
    "is_boost",
    "moment",
    "native_id",
    "parent_id",
    "post_record",
    "quoted_status",
    "unwrapped",
]

_TAG = re.compile(r"<[^<>]*>")
# a warning is plain text on most servers, where <word> is one, and HTML on some
_MARKUP = re.compile(r"</?(?:p|br|a|b|i|u|s|em|strong|span|div|code|img)(?:[\s/][^<>]*)?>", re.IGNORECASE)


def is_boost(status: Json) -> bool:
    """Whether `status` is a wrapper around another post. Raises UnkeptError for one around something else."""
    inner = status.get("reblog")
    if inner is not None and not isinstance(inner, dict):
        raise UnkeptError("repost of no post")
    return inner is not None


def created_at(status: Json) -> datetime:
    """When the post says that it was written. Raises UnkeptError where it says nothing that can be."""
    try:
        return moment(status["created_at"])
    except (ValueError, TypeError, KeyError, OverflowError, AttributeError):
        raise UnkeptError("post without a possible time") from None


def hashtags(status: Json, ours: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The hashtags that the server recognised; those of the words where it says none, or none of `ours` (folded)."""
    values = Values(status, [])
    return tuple(_hashtags(values, _words(values), ours))


def parent_id(status: Json) -> str | None:
    """The server's id of the post that `status` answers."""
    return id_text(status.get("in_reply_to_id"))


def hidden_quote_id(status: Json) -> str | None:
    """The server's id of the post that `status` quotes without showing it."""
    return None if quoted_status(status) else quoted_id(status)


def post_record(status: Json, names: FediverseNames, captured_at: datetime, *, embedded: bool = False) -> PostRecord:
    """A post, or a boost that has an id and time of its own. Raises one of MALFORMED for what is no status."""
    if is_boost(status):
        return _boost_record(status, names, captured_at)
    left_out: list[str] = []
    values = Values(status, left_out)
    uri, (quote_of, quote_of_author) = names.uri(status), _quote(status, names, values)
    if quote_of == uri:
        values.leave_out("quote_of", "itself")
        quote_of, quote_of_author = None, None
    text = _words(values)
    return PostRecord(
        platform=platform_of(uri, PLATFORM),
        post=uri,
        author=_author(status, names),
        created_at=created_at(status),
        captured_at=captured_at,
        source=names.host,
        text=text,
        text_format="html",
        language=_language(values),
        hashtags=tuple(_hashtags(values, text, names.tags)),
        mentions=tuple(_mentions(names, values)),
        reply_to=_reply_to(status, names, values),
        reply_to_author=_reply_to_author(status, names),
        quote_of=quote_of,
        quote_of_author=quote_of_author,
        edited_at=values.time("edited_at", "edited_at"),
        visibility=values.text("visibility", "visibility") or "not said",
        replies=values.count("replies_count", "replies"),
        reposts=values.count("reblogs_count", "reposts"),
        quotes=values.count("quotes_count", "quotes"),
        favourites=values.count("favourites_count", "favourites"),
        has_media=bool(status.get("media_attachments")),
        embedded=embedded,
        where=f"{names.host}/{native_id(status)}",
        left_out=tuple(left_out),
    )


def _boost_record(status: Json, names: FediverseNames, captured_at: datetime) -> PostRecord:
    inner, uri = status["reblog"], names.uri(status)
    left_out: list[str] = []
    return PostRecord(
        platform=platform_of(uri, PLATFORM),
        post=uri,
        author=_author(status, names),
        created_at=created_at(status),
        captured_at=captured_at,
        source=names.host,
        text="",
        text_format="html",
        repost_of=names.uri(inner),
        repost_of_author=names.identity(inner["account"]),
        visibility=Values(status, left_out).text("visibility", "visibility") or "not said",
        where=f"{names.host}/{native_id(status)}",
        left_out=tuple(left_out),
    )


def has_own_time(boost: Json) -> bool:
    """Whether a boost is an event of its own: snac2's wrappers repeat id and time of the original."""
    inner = boost["reblog"]
    return native_id(boost) != native_id(inner) and (not boost.get("uri") or boost["uri"] != inner.get("uri"))


def engagement_record(
    account: Json, post: str, kind: EngagementKind, names: FediverseNames, captured_at: datetime
) -> EngagementRecord:
    """`account` reposted or favourited `post`; nobody says when."""
    return EngagementRecord(
        platform=PLATFORM,
        post=post,
        account=names.identity(account),
        kind=kind,
        captured_at=captured_at,
        source=names.host,
    )


def account_record(account: Json, names: FediverseNames, captured_at: datetime) -> AccountRecord:
    """An account with the evidence that its profile holds. Raises UnkeptError for one without a name.

    Age and followers of a copy are not the original's.
    """
    identity = names.identity(account)
    left_out: list[str] = []
    values, is_copy = Values(account, left_out), is_original(identity)
    return AccountRecord(
        platform=platform_of(identity, PLATFORM),
        account=identity,
        handle=names.handle(account),
        captured_at=captured_at,
        source=names.host,
        instance=None if is_copy else ascii_domain(identity.rpartition("@")[2]),
        created_at=None if is_copy else values.time("created_at", "account created_at"),
        followers=None if is_copy else values.count("followers_count", "followers"),
        evidence=_evidence(values),
        moved_to=_moved_to(values, account.get("moved"), names, identity),
        left_out=tuple(left_out),
    )


def _moved_to(values: Values, target: Json | None, names: FediverseNames, identity: str) -> str | None:
    """The account that this one says to have moved to."""
    if target is None:
        return None
    try:
        found = names.identity(target)
    except UnkeptError:
        values.leave_out("moved", "no name")
        return None
    return found if found != identity else None


def _author(status: Json, names: FediverseNames) -> str:
    try:
        return names.identity(status["account"])
    except (KeyError, UnkeptError):
        raise UnkeptError("post without author") from None


def _evidence(values: Values) -> Evidence:
    """What a profile asks for. A wish that cannot be read is taken for one."""
    fields = [
        f"{line.text('name', 'profile')} {line.text('value', 'profile')}"
        for line in (values.inside(field) for field in values.objects("fields", "profile"))
    ]
    words = [values.text("display_name", "profile"), values.text("note", "profile"), *fields]
    return Evidence(
        note=" ".join(words).strip(),
        bot=values.flag("bot", "bot") is True,
        noindex=values.flag("noindex", "noindex", unreadable=True) is True,
        indexable=values.flag("indexable", "indexable", unreadable=False),
        discoverable=values.flag("discoverable", "discoverable"),
    )


def _words(values: Values) -> str:
    """The content warning, which its author wrote too, and the content; once where the content begins with it."""
    content, warning = values.text("content", "text"), values.text("spoiler_text", "content warning")
    plain = html.unescape(_MARKUP.sub("", warning)).strip()
    if not plain or html.unescape(_TAG.sub("", content)).strip().startswith(plain):
        return content
    return f"<p>{html.escape(plain)}</p>{content}"


def _hashtags(values: Values, text: str, ours: frozenset[str]) -> list[str]:
    named = list(_named_hashtags(values))
    if not ours.isdisjoint(map(fold_hashtag, named)):
        return named
    written = hashtags_in(shown_words(text))
    return [*named, *(tag for tag in written if not named or fold_hashtag(tag) in ours)]


def _named_hashtags(values: Values) -> Iterator[str]:
    """By the name of each tag, which some servers give as the tag itself."""
    for tag in values.items("tags", "hashtags"):
        name = tag.get("name") if isinstance(tag, Mapping) else tag
        if isinstance(name, str) and (name := name.strip().lstrip("#\N{FULLWIDTH NUMBER SIGN}")) and is_storable(name):
            yield name
        else:
            values.leave_out("hashtags", "no name")


def _mentions(names: FediverseNames, values: Values) -> Iterator[MentionRecord]:
    for mention in values.objects("mentions", "mentions"):
        try:
            yield MentionRecord(account=names.identity(mention), handle=names.handle(mention))
        except UnkeptError:
            values.leave_out("mentions", "no name")


def _reply_to(status: Json, names: FediverseNames, values: Values) -> str | None:
    told = status.get("in_reply_to_id")
    parent = id_text(told)
    if told and not parent:
        values.leave_out("reply_to", "no id")
    if parent and parent == native_id(status):
        values.leave_out("reply_to", "itself")
        return None
    return names.post(parent) if parent else None


def _reply_to_author(status: Json, names: FediverseNames) -> str | None:
    # set without its id for a remote parent, and the id is local to the server
    author = id_text(status.get("in_reply_to_account_id"))
    return names.accounts.get(author) if author else None


def _quote(status: Json, names: FediverseNames, values: Values) -> tuple[str | None, str | None]:
    """The quoted post and its author, as far as the server tells."""
    shown, native, uri = quoted_status(status), quoted_id(status), quoted_uri(status)
    if shown is not None:
        try:
            return names.uri(shown), names.identity(shown["account"])
        except UnkeptError:
            values.leave_out("quote_of", "no post")
            return uri, None
    if native and (names.knows(native) or not uri):
        return names.post(native), None
    return uri, None


def _language(values: Values) -> str | None:
    return values.text("language", "language").partition("-")[0].lower() or None
