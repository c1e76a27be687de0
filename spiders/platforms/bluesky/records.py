"""From Bluesky's JSON to records: pure functions.

A post is named by its at-URI, a person by the DID in it: handles change. What an author says of the time is a claim;
the index's own time, or the one in the key of a record, takes its place where the claim cannot be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from passerelle.records import AccountRecord, Evidence, MentionRecord, PostRecord
from passerelle.values import UnkeptError, is_identity, is_storable
from spiders.collecting.people import Naming, Shape
from spiders.collecting.values import Json, Values, moment

NAME = "bluesky"
POSTS = "app.bsky.feed.post"
_KEY = (
    "234567abcdefghijklmnopqrstuvwxyz"  # of a record: microseconds, five bits a letter, then ten bits of a clock's id
)
_BEGINNING = datetime(2022, 11, 1, tzinfo=UTC)  # nobody wrote on it before
_SKEW = timedelta(days=1)
_NOT_FOR_STRANGERS = "!no-unauthenticated"
_BRIDGE = ".brid.gy"
_BRIDGED = "bridged-from-bridgy-fed"
_MEDIA = ("images", "video", "recordWithMedia")


def did_of(uri: object) -> str:
    """The DID in an at-URI. Raises UnkeptError where `uri` is none."""
    host = urlsplit(uri).netloc if isinstance(uri, str) and is_identity(uri) and uri.startswith("at://did:") else ""
    if not host:
        raise UnkeptError("post without id")
    return host


def identity(did: object) -> str:
    """What names a person everywhere. Raises UnkeptError for what is no DID."""
    if not isinstance(did, str) or not did.startswith("did:") or not is_identity(did):
        raise UnkeptError("account without name")
    return f"{NAME}:{did}"


def uri_of(post: Json) -> str:
    """What names a post everywhere. Raises UnkeptError where it has no address."""
    did_of(post["uri"])
    return str(post["uri"])


def indexed_at(shown: Json) -> datetime:
    """When the index saw a post or an act. Raises ValueError, TypeError or KeyError where it does not say."""
    return moment(shown["indexedAt"])


def sorted_at(post: Json) -> datetime | None:
    """What a search sorts by: what its author says, impossible or not, but no later than the index."""
    return min(filter(None, (_moment(post["record"].get("createdAt")), _moment(post.get("indexedAt")))), default=None)


def created_at(post: Json) -> datetime:
    """When it was written: what its author says, unless that cannot be. Raises UnkeptError where nobody says."""
    claim, indexed = _moment(post["record"].get("createdAt")), _moment(post.get("indexedAt"))
    trusted = indexed or time_of_key(uri_of(post))
    if claim is None or claim < _BEGINNING or (trusted is not None and claim > trusted):
        claim = trusted
    if claim is None:
        raise UnkeptError("post without a possible time")
    return claim


def reposted_at(act: Json) -> datetime:
    """When a record of a repost was made: what it says, unless its key says another day."""
    claim, made = _moment(act["value"].get("createdAt")), time_of_key(uri_of(act))
    found = made if claim is None or (made is not None and abs(claim - made) > _SKEW) else claim
    if found is None:
        raise UnkeptError("post without a possible time")
    return found


def time_of_key(uri: str) -> datetime | None:
    """The time in the key of a record (a TID); None where it is another kind of key."""
    key = uri.rpartition("/")[2]
    if len(key) != 13 or not set(key) <= set(_KEY):
        return None
    number = 0
    for letter in key:
        number = number * 32 + _KEY.index(letter)
    found = datetime.fromtimestamp((number >> 10) / 1_000_000, UTC)
    return found if found >= _BEGINNING else None


def hashtags(record: Json) -> tuple[str, ...]:
    """Those that the author set: in the text, as far as a facet is within it, and beside it."""
    values = Values(record, [])
    size = len(values.text("text", "text").encode("utf-8", "replace"))
    named = [feature.get("tag") for feature, _, end in _features(values, "tag") if end <= size]
    named += values.items("tags", "hashtags")
    plain = (tag.strip().lstrip("#") for tag in named if isinstance(tag, str))
    return tuple(dict.fromkeys(tag for tag in plain if tag and is_storable(tag)))


def account_record(author: Json, host: str, at: datetime) -> AccountRecord:
    """An account; who asks not to be shown to strangers is left alone, also where we are logged in."""
    name, left_out = identity(author["did"]), list[str]()
    values = Values(author, left_out)
    labels = _labels(values)
    handle = values.text("handle", "handle")
    shown = handle if handle and handle != "handle.invalid" else str(author["did"])
    words = " ".join(values.text(field, "profile") for field in ("displayName", "description"))
    return AccountRecord(
        platform=NAME,
        account=name,
        handle=f"{NAME}:@{shown}",
        captured_at=at,
        source=host,
        created_at=values.time("createdAt", "account created_at"),
        followers=values.count("followersCount", "followers"),
        evidence=Evidence(note=words.strip(), bot="bot" in labels, noindex=_shuns_strangers(author, labels)),
        left_out=tuple(left_out),
    )


def _shuns_strangers(author: Json, labels: set[str]) -> bool:
    """Whether an account is not to be shown to who is not logged in. What cannot be read is taken for that wish."""
    return _NOT_FOR_STRANGERS in labels or not isinstance(author.get("labels", []), list)


def is_bridged(author: Json) -> bool:
    """Whether the account is a copy of one elsewhere."""
    values = Values(author, [])
    return values.text("handle", "").endswith(_BRIDGE) or any(label.startswith(_BRIDGED) for label in _labels(values))


def post_record(post: Json, host: str, at: datetime, *, embedded: bool = False) -> PostRecord:
    """A post as an index shows it. Raises one of MALFORMED for what is none.

    The copy that a bridge made of a post elsewhere is none of the public ones: it belongs to the original's author.
    """
    uri, record, left_out = uri_of(post), post["record"], list[str]()
    values, counts = Values(record, left_out), Values(post, left_out)
    is_copy = bool(record.get("bridgyOriginalUrl")) or is_bridged(post["author"])
    parent, root, quoted = _reply(values, "parent"), _reply(values, "root"), _quoted(values)
    if uri in (parent, quoted):
        values.leave_out("quote_of" if uri == quoted else "reply_to", "itself")
        parent, quoted = (None if found == uri else found for found in (parent, quoted))
    return PostRecord(
        platform=NAME,
        post=uri,
        author=identity(post["author"]["did"]),
        created_at=created_at(post),
        captured_at=at,
        source=host,
        text=values.text("text", "text"),
        text_format="plain",
        language=_language(values),
        hashtags=hashtags(record),
        mentions=tuple(_mentions(values)),
        reply_to=parent,
        reply_to_author=parent and identity(did_of(parent)),
        root=root,
        quote_of=quoted,
        quote_of_author=quoted and identity(did_of(quoted)),
        visibility="bridged" if is_copy else "public",
        replies=counts.count("replyCount", "replies"),
        reposts=counts.count("repostCount", "reposts"),
        quotes=counts.count("quoteCount", "quotes"),
        favourites=counts.count("likeCount", "favourites"),
        has_media=values.object("embed", "media").text("$type", "media").rpartition(".")[2] in _MEDIA,
        embedded=embedded,
        where=uri,
        left_out=tuple(left_out),
    )


def repost_record(uri: str, author: str, at: datetime, of: str, host: str, captured_at: datetime) -> PostRecord:
    """A repost that has an address and a time of its own."""
    did_of(uri)
    return PostRecord(
        platform=NAME,
        post=uri,
        author=author,
        created_at=at,
        captured_at=captured_at,
        source=host,
        text="",
        text_format="plain",
        repost_of=of,
        repost_of_author=identity(did_of(of)),
        where=uri,
    )


def shown_quote(post: Json) -> Json | None:
    """The post that `post` quotes, in the shape of any other, where the index shows it."""
    view = post.get("embed")
    view = view.get("record") if isinstance(view, dict) else None
    view = view.get("record", view) if isinstance(view, dict) else None  # beside media it lies one deeper
    if not isinstance(view, dict) or "value" not in view or f"/{POSTS}/" not in str(view.get("uri")):
        return None
    return {**view, "record": view["value"]}


def _reply(values: Values, name: str) -> str | None:
    return _named(values.object("reply", "reply_to").object(name, "reply_to"), "reply_to")


def _quoted(values: Values) -> str | None:
    """What the author quotes: lists, feeds and starter packs are no posts."""
    inner = values.object("embed", "quote_of").object("record", "quote_of")
    beside_media = inner.object("record", "quote_of")
    uri = _named(inner, "quote_of") or _named(beside_media, "quote_of")
    return uri if uri and f"/{POSTS}/" in uri else None


def _named(place: Values, field: str) -> str | None:
    """The address in `place`."""
    uri = place.text("uri", field)
    try:
        return uri if uri and did_of(uri) else None
    except UnkeptError:
        place.leave_out(field, "no id")
        return None


def _mentions(values: Values) -> Iterator[MentionRecord]:
    text = values.text("text", "text").encode("utf-8", "replace")
    for feature, start, end in _features(values, "mention"):
        try:
            account = identity(feature.get("did"))
        except UnkeptError:
            values.leave_out("mentions", "no name")
            continue
        shown = text[start:end].decode("utf-8", "replace").lstrip("@")
        yield MentionRecord(account=account, handle=f"{NAME}:@{shown or feature['did']}")


def _features(values: Values, kind: str) -> Iterator[tuple[Json, int, int]]:
    """Each feature of that kind with the bytes that it covers; what is no such thing is left."""
    for facet in values.objects("facets", "facets"):
        span = facet.get("index")
        start, end = (span.get("byteStart"), span.get("byteEnd")) if isinstance(span, Mapping) else (None, None)
        if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end:
            values.leave_out("facets", "no place in the text")
            continue
        for feature in values.inside(facet).objects("features", "facets"):
            if feature.get("$type") == f"app.bsky.richtext.facet#{kind}":
                yield feature, start, end


def _labels(values: Values) -> set[str]:
    """What is said of an account and not taken back."""
    return {str(label.get("val")) for label in values.objects("labels", "labels") if not label.get("neg")}


def _language(values: Values) -> str | None:
    first = next(iter(values.items("langs", "language")), None)
    return first.partition("-")[0].lower() or None if isinstance(first, str) else None


def _moment(text: Any) -> datetime | None:
    try:
        return moment(text)
    except (ValueError, TypeError, OverflowError, AttributeError):
        return None


def _person(found: Json, _: str) -> str:
    return identity(found["did"] if "did" in found else did_of(found["uri"]))


PEOPLE = Naming(
    shapes=(
        Shape(has=("did", "handle"), strong=("handle",), shown=("displayName",)),
        Shape(has=("did",), strong=("did",)),
        Shape(has=("uri", "cid")),
    ),
    person=_person,
)
