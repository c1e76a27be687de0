"""The questions of API v2: what is asked for with each thing, since each is paid for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from spiders.asking.ask import Ask
from spiders.collecting.paging import Page
from spiders.platforms.twitter.pages import token

PAGE = "100"
_TWEET = (
    "attachments,author_id,conversation_id,created_at,edit_history_tweet_ids,entities,in_reply_to_user_id,lang,"
    "note_tweet,public_metrics,referenced_tweets"
)
_USER = {"user.fields": "created_at,description,protected,public_metrics,username"}
_WITH = {"expansions": "author_id,referenced_tweets.id,referenced_tweets.id.author_id"}


def search(where: str, words: str, **more: str) -> str:
    """The search ``recent`` or ``all``, newest first."""
    told = {"query": words, "max_results": PAGE, "sort_order": "recency", **more}
    return _address(f"/2/tweets/search/{where}", **told, **_WITH)


def post(native: str) -> str:
    """One post, and what it refers to."""
    return _address(_path("tweets", native), **_WITH)


def posts(natives: Sequence[str]) -> str:
    """Some posts, as they are now: without what they refer to, which was read with them."""
    return _address("/2/tweets", ids=",".join(natives))


def quotes(native: str) -> str:
    """The posts that quote one."""
    return _address(_path("tweets", native, "quote_tweets"), max_results=PAGE, **_WITH)


def reposts(native: str) -> str:
    """The reposts of one, as posts: with their times."""
    return _address(_path("tweets", native, "retweets"), max_results=PAGE, expansions="author_id")


def reposters(native: str) -> str:
    """Who reposted one: without times."""
    return f"{_path('tweets', native, 'retweeted_by')}?{urlencode({'max_results': PAGE, **_USER}, safe=',')}"


def written_by(local: str, since: datetime) -> str:
    """What a person wrote, reposts left out."""
    words = {"max_results": PAGE, "exclude": "retweets", "start_time": moment_text(since)}
    return _address(_path("users", local, "tweets"), **words, **_WITH)


def more(page: Page) -> Sequence[Ask] | None:
    """The next page, by the token that an answer holds; a search has another name for it."""
    found, name = token(page), "next_token" if "/search/" in page.answer.url else "pagination_token"
    return [page.first.at(page.answer.url).having(name, found)] if found else None


def moment_text(at: datetime) -> str:
    """A moment as it is asked for, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _path(kind: str, native: str, of_it: str = "") -> str:
    return "/".join(filter(None, ("/2", kind, quote(native, safe=""), of_it)))


def _address(path: str, **query: str) -> str:
    return f"{path}?{urlencode({**query, 'tweet.fields': _TWEET, **_USER}, safe=',:')}"
