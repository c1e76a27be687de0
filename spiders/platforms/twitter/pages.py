"""An answer of API v2 as items: a tweet each, with the tweets and people of its page that it refers to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from passerelle.records import PostRecord
from passerelle.values import UnkeptError, wrong_count
from spiders.archives.tweets_v2 import versions
from spiders.archives.v2_spelling import in_one_spelling
from spiders.asking.answers import Answer, Outcome
from spiders.collecting.paging import Page
from spiders.collecting.shape import Item

Json = Mapping[str, Any]
_COUNTS = ("replies", "reposts", "quotes", "favourites")
_MEANS: dict[str, Outcome] = {"resource-not-found": "gone", "not-authorized-for-resource": "withheld"}


def items(payload: Any) -> Sequence[Item]:
    """The tweets (or people) of an answer; none where it has no data. Raises one of MALFORMED for what is none."""
    page = in_one_spelling(payload)
    found = page.get("data", [] if {"meta", "errors"} & page.keys() else None)
    if isinstance(found, dict):
        return [_item(found, page)]
    if not isinstance(found, list):
        raise TypeError("no list")
    return [_item(one, page) for one in found]


def whole_item(item: Item) -> Json:
    """What :func:`items` gives, also of an answer that is one tweet. Raises one of MALFORMED."""
    if not isinstance(item, dict):
        raise TypeError("no object")
    if "includes" in item and "id" in item:
        return item
    (one,) = items(item)
    found: Json = one
    return found


def tweet_of(item: Json) -> Json:
    """The tweet itself. Raises one of MALFORMED."""
    tweet = item["data"]
    if not isinstance(tweet, dict) or not isinstance(tweet.get("id"), str) or not tweet["id"].isdecimal():
        raise UnkeptError("post without id")
    return tweet


def native_of(tweet: Json) -> str:
    """The id of its first version, by which it is known."""
    return versions(tweet)[0]


def referred(tweet: Json) -> dict[str, str]:
    """The ids of the tweets that it refers to, by how: ``replied_to``, ``quoted``, ``retweeted``."""
    told = tweet.get("referenced_tweets")
    found = [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    pairs = ((one.get("type"), one.get("id")) for one in found)
    return {how: native for how, native in pairs if isinstance(how, str) and isinstance(native, str)}


def ends(item: Json) -> Iterator[tuple[str, Outcome]]:
    """Ids of tweets that it refers to and that are not shown, and what that means."""
    for error in item["errors"]:
        if meaning := means(error):
            yield error["resource_id"], meaning


def means(problem: Any) -> Outcome | None:
    """What an answer says of the one thing that was asked for; None where it says nothing of it."""
    kind = problem.get("type") if isinstance(problem, dict) else None
    return _MEANS.get(kind.rpartition("/")[2]) if isinstance(kind, str) else None


def of_nothing(answer: Answer) -> Outcome | None:
    """What an answer without any data means; None for any other."""
    payload = answer.payload
    if answer.outcome != "ok" or not isinstance(payload, dict) or {"data", "meta"} & payload.keys():
        return None
    errors = payload.get("errors")
    return next(filter(None, map(means, errors)), None) if isinstance(errors, list) else None


def counted(post: PostRecord) -> PostRecord:
    """The post without the counts that cannot be any, and with a note of them."""
    wrong: dict[str, str] = {
        name: why for name in _COUNTS if (told := getattr(post, name)) is not None and (why := wrong_count(told))
    }
    if not wrong:
        return post
    notes = (f"{name}: {why}" for name, why in wrong.items())
    kept: dict[str, Any] = {name: None if name in wrong else getattr(post, name) for name in _COUNTS}
    return replace(post, left_out=(*post.left_out, *notes), **kept)


def token(page: Page) -> str:
    """What leads to the next page; empty on the last."""
    meta = page.answer.payload.get("meta")
    found = meta.get("next_token") if isinstance(meta, dict) else None
    return found if isinstance(found, str) else ""


def _item(one: Item, page: Json) -> Item:
    """A thing of a page with what it refers to; what is no object stays, for its reading to say what is wrong."""
    if not isinstance(one, dict):
        return one
    named = set(referred(one).values())
    tweets = [told for told in _objects(page, "tweets") if _is_one_of(told, named)]
    people = {str(told.get("author_id")) for told in (one, *tweets)}
    users = [told for told in _objects(page, "users") if str(told.get("id")) in people]
    errors = page.get("errors") if isinstance(page.get("errors"), list) else []
    ours = [told for told in errors or () if isinstance(told, dict) and str(told.get("resource_id")) in named]
    return {"id": one.get("id"), "data": one, "includes": {"tweets": tweets, "users": users}, "errors": ours}


def _is_one_of(tweet: Json, named: set[str]) -> bool:
    return isinstance(tweet.get("id"), str) and not named.isdisjoint(versions(tweet))


def _objects(page: Json, name: str) -> Iterator[Json]:
    told = page.get("includes")
    found = told.get(name) if isinstance(told, dict) else None
    return (one for one in found if isinstance(one, dict)) if isinstance(found, list) else iter(())
