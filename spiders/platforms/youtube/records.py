"""Videos and comments as the API shows them, as records.

A person is a channel, by its id: handles and names change. A comment without one is by nobody that is known. Whom an
answer really answers stands at its beginning only, as a handle: a mention, not a parent.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from passerelle.hashtags import hashtags_in
from passerelle.records import AccountRecord, MentionRecord, PostRecord
from passerelle.values import UnkeptError, is_identity
from spiders.collecting.people import Naming, Shape
from spiders.collecting.values import Json, Values, id_text, moment

NAME = "youtube"
_HANDLE = re.compile(r"(?<![\w@./-])@([\w.·-]+[\w-])")


def identity(name: str) -> str:
    """A channel, a video or a comment, by the id that it has."""
    return f"{NAME}:{name}"


def is_comment(item: Json) -> bool:
    """Whether it is a comment, not a video. Raises UnkeptError for what is neither."""
    kinds = {"youtube#comment": True, "youtube#video": False}
    kind = item.get("kind")
    if not isinstance(kind, str) or kind not in kinds:
        raise UnkeptError("neither video nor comment")
    return kinds[kind]


def author(item: Json) -> str | None:
    """The channel's id; None for a comment by nobody that is known."""
    snippet = item["snippet"]
    told = snippet.get("authorChannelId") if is_comment(item) else {"value": snippet["channelId"]}
    found = told.get("value") if isinstance(told, dict) else None
    return found if is_identity(found) and isinstance(found, str) else None


def handle(item: Json) -> str | None:
    """The handle of who wrote a comment, without its sign; a channel's name is none."""
    name = item["snippet"].get("authorDisplayName") if is_comment(item) else None
    plain = name[1:] if isinstance(name, str) and name.startswith("@") else ""
    return plain if is_identity(plain) else None


def created_at(item: Json) -> datetime:
    """When it was published."""
    return moment(item["snippet"]["publishedAt"])


def words(item: Json, values: Values) -> str:
    """What was written: a video's title and description, a comment as it was typed where that is shown."""
    if not is_comment(item):
        told = values.text("title", "text"), values.text("description", "text")
        return "\n\n".join(filter(None, told))
    return values.text("textOriginal", "text") or html.unescape(values.text("textDisplay", "text"))


def hashtags(item: Json) -> list[str]:
    """Those written; what a channel files its video under for search is none."""
    return list(dict.fromkeys(hashtags_in(words(item, Values(item["snippet"], [])))))


def account_record(item: Json, known: Mapping[str, str], host: str, at: datetime) -> AccountRecord | None:
    """Who published it, with the handle that is known of them; None for nobody known."""
    channel = author(item)
    if channel is None:
        return None
    name = handle(item) or next((one for one, of in known.items() if of == channel), None)
    return AccountRecord(
        platform=NAME,
        account=identity(channel),
        handle=f"{NAME}:@{name}" if name else identity(channel),
        captured_at=at,
        source=host,
    )


def post_record(
    item: Json, native: str, authors: Mapping[str, str], handles: Mapping[str, str], host: str, at: datetime
) -> PostRecord:
    """A video (``VIDEO``), a comment or an answer (``VIDEO/COMMENT``); `handles` are channels by handle, `authors` by
    native id. Raises one of MALFORMED.
    """
    left_out = list[str]()
    values = Values(item["snippet"], left_out)
    video, _, comment = native.partition("/")
    text, by, parent = words(item, values), author(item), parent_of(item, native)
    if not comment and by is None:
        raise UnkeptError("post without author")
    published, updated = created_at(item), values.time("updatedAt", "edited_at") if comment else None
    statistics = item.get("statistics")
    counted = Values(statistics if isinstance(statistics, Mapping) else item["snippet"], left_out)
    return PostRecord(
        platform=NAME,
        post=identity(comment or video),
        author=identity(by or comment),
        created_at=published,
        captured_at=at,
        source=host,
        text=text,
        text_format="plain",
        hashtags=tuple(hashtags(item)),
        mentions=tuple(_mentions(text, handles)) if comment else (),
        reply_to=parent and identity(parent.rpartition("/")[2]),
        reply_to_author=authors.get(parent or ""),
        root=identity(video) if comment else None,
        edited_at=updated if updated != published else None,
        replies=_answers(item, native, counted),
        favourites=counted.digits("likeCount", "favourites"),
        where=f"{host}/{native}",
        left_out=tuple(left_out),
    )


def parent_of(item: Json, native: str) -> str | None:
    """What a comment answers: the video, or the comment at the top."""
    video, _, comment = native.partition("/")
    top = id_text(item["snippet"].get("parentId"))
    return None if not comment else f"{video}/{top}" if top else video


def _answers(item: Json, native: str, counted: Values) -> int | None:
    if "/" not in native:
        return counted.digits("commentCount", "replies")
    if id_text(item["snippet"].get("parentId")):
        return 0  # there is one level
    return counted.digits("totalReplyCount", "replies")


def said_comments(item: Json) -> int | None:
    """How many comments a video is said to have; None where it does not say."""
    statistics = item.get("statistics")
    return Values(statistics if isinstance(statistics, Mapping) else {}, []).digits("commentCount", "replies")


def _mentions(text: str, handles: Mapping[str, str]) -> Sequence[MentionRecord]:
    named = dict.fromkeys(name for name in _HANDLE.findall(text) if name.casefold() in handles)
    return [MentionRecord(account=identity(handles[name.casefold()]), handle=f"{NAME}:@{name}") for name in named]


def _person(snippet: Json, _: str) -> str:
    told = snippet.get("authorChannelId")
    return identity(str(told["value"] if isinstance(told, Mapping) else snippet["channelId"]))


PEOPLE = Naming(
    shapes=(
        Shape(has=("authorChannelId",), names=("authorDisplayName",), urls=("authorChannelUrl",)),
        Shape(has=("channelId", "channelTitle"), shown=("channelTitle",)),
    ),
    person=_person,
    is_by_id=True,
)
