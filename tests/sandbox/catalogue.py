"""What a server would show of the world at a moment: timelines, threads, reposters, each newest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from passerelle.hashtags import fold_hashtag, hashtags_in
from tests.sandbox.world import Boost, Favourite, Post, World

_ACCOUNT_BASE, _ACCOUNT_STEP = 109_300_000_000_000_000, 7_919_000_003


def tags_of(text: str) -> list[str]:
    """Hashtags in the text as a server lists them: lower case, each once."""
    return list(dict.fromkeys(tag.lower() for tag in hashtags_in(text)))


@dataclass(frozen=True, slots=True)
class Counts:
    """What a status says of its own echo."""

    replies: int
    boosts: int
    favourites: int


class Catalogue:
    """Indexes over a finished world; every question is asked as of a moment."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.by_id = {post.local_id: post for post in world.posts}
        self._boost_by_id = {boost.local_id: boost for boost in world.boosts}
        self._replies: dict[int, list[Post]] = defaultdict(list)
        self._boosts: dict[int, list[Boost]] = defaultdict(list)
        self._likes: dict[int, list[Favourite]] = defaultdict(list)
        self._of_account: dict[int, list[Post | Boost]] = defaultdict(list)
        self._quotes: dict[int, list[Post]] = defaultdict(list)
        self._tagged: dict[str, list[Post]] = defaultdict(list)
        self._fill()

    def _fill(self) -> None:
        for post in self.world.posts:
            self._of_account[post.author].append(post)
            if post.reply_to is not None:
                self._replies[post.reply_to].append(post)
            if post.quote_of is not None:
                self._quotes[post.quote_of].append(post)
            for tag in tags_of(post.text):
                self._tagged[fold_hashtag(tag)].append(post)
        for boost in self.world.boosts:
            self._boosts[boost.post].append(boost)
            self._of_account[boost.actor].append(boost)
        for like in self.world.favourites:
            self._likes[like.post].append(like)
        for items in (*self._of_account.values(), *self._tagged.values(), *self._boosts.values()):
            items.sort(key=lambda item: -item.local_id)  # type: ignore[attr-defined]

    def tagged(self, tag: str, now: datetime) -> list[Post]:
        """Posts under a hashtag; spelling does not matter, look-alikes are others."""
        return [post for post in self._tagged.get(fold_hashtag(tag), ()) if shown(post, now)]

    def timeline(self, account: int, now: datetime) -> list[Post | Boost]:
        """What an account published and reposted."""
        return [item for item in self._of_account.get(account, ()) if self._item_shown(item, now)]

    def boosts(self, post: int, now: datetime) -> list[Boost]:
        """Reposts of a post that stand at that moment."""
        return [boost for boost in self._boosts.get(post, ()) if shown(boost, now)]

    def likes(self, post: int, now: datetime) -> list[Favourite]:
        """Favourites of a post at that moment, newest first."""
        return sorted((x for x in self._likes.get(post, ()) if x.time <= now), key=lambda x: x.time, reverse=True)

    def replies(self, post: int, now: datetime) -> list[Post]:
        """Direct replies, oldest first."""
        return [reply for reply in self._replies.get(post, ()) if shown(reply, now)]

    def quotes(self, post: int, now: datetime) -> list[Post]:
        """The posts that quote a post."""
        return [quote for quote in self._quotes.get(post, ()) if shown(quote, now)]

    def boosts_by(self, account: int, now: datetime) -> list[Boost]:
        """What an account reposted, whether or not it still stands."""
        items = self._of_account.get(account, ())
        return [item for item in items if isinstance(item, Boost) and shown(item, now)]

    def counts(self, post: int, now: datetime) -> Counts:
        """Counters of a status."""
        return Counts(len(self.replies(post, now)), len(self.boosts(post, now)), len(self.likes(post, now)))

    def status(self, local_id: int, now: datetime) -> Post | Boost | None:
        """A status or a repost by the id it has on this server; None when it is not (or no longer) there."""
        item = self.by_id.get(local_id) or self._boost_by_id.get(local_id)
        return item if item is not None and self._item_shown(item, now) else None

    def ancestors(self, post: Post, now: datetime, most: int = 40) -> list[Post]:
        """The posts above, root first."""
        chain: list[Post] = []
        while post.reply_to is not None and len(chain) < most:
            post = self.world.posts[post.reply_to]
            if not shown(post, now):
                break
            chain.append(post)
        return chain[::-1]

    def descendants(self, post: Post, now: datetime, most: int = 60, depth: int = 20) -> list[Post]:
        """The posts below, in reading order, cut as servers cut them for anonymous readers."""
        found: list[Post] = []
        stack = [(reply, 1) for reply in reversed(self.replies(post.number, now))]
        while stack and len(found) < most:
            reply, level = stack.pop()
            found.append(reply)
            if level < depth:
                stack += [(below, level + 1) for below in reversed(self.replies(reply.number, now))]
        return found

    def account(self, local_id: int) -> int | None:
        """An account's number by the id it has on this server."""
        number, rest = divmod(local_id - _ACCOUNT_BASE, _ACCOUNT_STEP)
        return number if rest == 0 and 0 <= number < len(self.world.people) else None

    def _item_shown(self, item: Post | Boost, now: datetime) -> bool:
        if isinstance(item, Boost):
            return shown(item, now) and shown(self.world.posts[item.post], now)
        return shown(item, now)


def account_id(number: int) -> str:
    """An account's id on this server."""
    return str(_ACCOUNT_BASE + number * _ACCOUNT_STEP)


def shown(item: Post | Boost, now: datetime) -> bool:
    """Whether it has arrived and was not deleted (or undone)."""
    gone = item.undone if isinstance(item, Boost) else item.deleted
    return arrival(item) <= now and (gone is None or gone > now)


def arrival(item: Post | Boost) -> datetime:
    """When the server got to know it."""
    return item.arrived or datetime.fromtimestamp((item.local_id >> 16) / 1000, UTC)


def page(items: Iterable[object], ids: list[int], query: dict[str, str], most: int = 40) -> list[object]:
    """A page by `max_id`, `since_id` and `min_id` as Mastodon cuts them; `min_id` takes the oldest."""
    limit = min(int(query.get("limit", 20)), most)
    chosen = [
        item
        for item, local_id in zip(items, ids, strict=True)
        if local_id < int(query.get("max_id", 1 << 100))
        and local_id > int(query.get("since_id", 0))
        and local_id > int(query.get("min_id", 0))
    ]
    return chosen[-limit:] if "min_id" in query else chosen[:limit]
