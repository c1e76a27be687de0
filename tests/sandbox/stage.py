"""The stage: publishing, reposting and liking, with every contact remembered as it happens."""

from __future__ import annotations

import heapq
import itertools
import re
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime

import numpy as np

from tests.sandbox.memory import Memory
from tests.sandbox.parameters import Parameters
from tests.sandbox.stock import Stock
from tests.sandbox.world import Boost, Contact, Favourite, Person, Post, World

_MENTION = re.compile(r"\{@(\d+)\}")


class Stage:
    """Holds the world while it is played; events are run in order of time."""

    def __init__(self, rng: np.random.Generator, parameters: Parameters, people: list[Person]) -> None:
        self.rng = rng
        self.parameters = parameters
        self.people = people
        self.world = World(people)
        self.stock = Stock(rng)
        self.memory = Memory(parameters)
        self.chat: dict[int, list[int]] = defaultdict(list)
        self._boosted: set[tuple[int, int]] = set()
        self._queue: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._turn = itertools.count()

    def at(self, time: datetime, event: Callable[[datetime], None]) -> None:
        """Have `event(time)` happen in its turn."""
        heapq.heappush(self._queue, (time, next(self._turn), event))

    def play(self, until: datetime) -> None:
        """Run events in order; what would come later than `until` never happens."""
        while self._queue and self._queue[0][0] <= until:
            time, _, event = heapq.heappop(self._queue)
            event(time)

    def publish(
        self,
        author: int,
        time: datetime,
        text: str,
        *,
        reply_to: int | None = None,
        quote_of: int | None = None,
        label: str | None = None,
        media: bool = False,
    ) -> Post:
        """A post and its contacts: with the parent's author, the quoted one, and whoever it names by itself."""
        parent = None if reply_to is None else self.world.posts[reply_to]
        if parent is not None and parent.author != author:
            text = f"{{@{parent.author}}} {text}"
        inherited = () if parent is None else (parent.author, *parent.mentions)
        post = Post(
            number=len(self.world.posts),
            author=author,
            time=time,
            text=text,
            language=self._language(author),
            mentions=tuple(dict.fromkeys(int(n) for n in _MENTION.findall(text) if int(n) != author)),
            inherited=inherited,
            reply_to=reply_to,
            quote_of=quote_of,
            label=label,
            media=media,
        )
        self.world.posts.append(post)
        self._contacts(post)
        return post

    def boost(self, actor: int, post: int, time: datetime) -> bool:
        """`actor` reposts; a second time, or one's own post by mistake, is no act."""
        author = self.world.posts[post].author
        if (actor, post) in self._boosted or actor == author:
            return False
        self._boosted.add((actor, post))
        self.world.boosts.append(Boost(actor, post, time))
        self._contact(Contact(time, actor, author, "repost"))
        return True

    def bump(self, actor: int, post: int, time: datetime) -> None:
        """Undo one's repost and make it again: local practice, one relay all the same."""
        first = next(b for b in self.world.boosts if (b.actor, b.post) == (actor, post) and b.undone is None)
        first.undone = time
        self.world.boosts.append(Boost(actor, post, time))

    def like(self, actor: int, post: int, time: datetime) -> None:
        """A favourite: shown by servers, no tie."""
        self.world.favourites.append(Favourite(actor, post, time))

    def _language(self, author: int) -> str | None:
        return None if self.rng.random() < 0.02 else self.people[author].language

    def _contacts(self, post: Post) -> None:
        posts, done = self.world.posts, {post.author}
        acts: list[tuple[int, str]] = []
        if post.reply_to is not None:
            acts.append((posts[post.reply_to].author, "reply"))
        if post.quote_of is not None:
            acts.append((posts[post.quote_of].author, "quote"))
        acts += [(target, "mention") for target in post.mentions if target not in post.inherited]
        for target, kind in acts:
            if target not in done:
                done.add(target)
                self._contact(Contact(post.time, post.author, target, kind))  # type: ignore[arg-type]

    def _contact(self, contact: Contact) -> None:
        if self.people[contact.source].role == "refused":
            return
        self.world.contacts.append(contact)
        self.memory.remember(contact.source, contact.target, contact.time)
