"""What else goes on under the hashtag: the team's own posts, offers, robots, news, noise and look-alikes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from tests.sandbox.friendship import by_day
from tests.sandbox.stage import Stage

_WEEKLY = {"offer": 1.4, "news": 1.2, "organiser": 0.9, "other": 1.0}
_LABELS = {"news": "news_opinion", "bot_offer": "offer", "launch": "organiser", "anniversary": "organiser"}


class Sidelines:
    """Posts under the hashtag (or beside it) that are no calls, and the little that follows them."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._crowd = [p.number for p in stage.people if p.role == "person" and p.active]
        by_user = {p.user: p.number for p in stage.people}
        self._team = [p.number for p in stage.people if p.role == "organiser"]
        self._robot, self._automaton = by_user["robot_annonces"], by_user["annonces_minute"]

    def schedule(self) -> None:
        """The whole period: weekly noise, robots by the clock, the opening and the anniversary."""
        start, rng = self._stage.parameters.start, self._stage.rng
        for week in range(self._stage.parameters.num_weeks):
            monday = start + timedelta(weeks=week)
            for kind, rate in _WEEKLY.items():
                for _ in range(int(rng.poisson(rate))):
                    self._stage.at(by_day(rng, monday, 7), partial(self._publish, kind))
            self._stage.at(monday + timedelta(days=1, hours=7), partial(self._by_robot, self._robot))
            for day in (0, 3):
                self._stage.at(monday + timedelta(days=day, hours=7), partial(self._by_robot, self._automaton))
            self._stage.at(by_day(rng, monday, 7), self._lookalike)
        self._crowded("launch", start + timedelta(hours=34), 0.97, hours=18.0)
        self._crowded("anniversary", self._stage.parameters.end - timedelta(days=7, hours=6), 0.95, hours=30.0)

    def _crowded(self, kind: str, time: datetime, share: float, hours: float) -> None:
        """A post by the team that most people repost within a few days (and so show their timelines)."""
        self._stage.at(time, partial(self._proclaim, kind, share, hours))

    def _proclaim(self, kind: str, share: float, hours: float, time: datetime) -> None:
        post = self._by(self._team[0], kind, time)
        for number in self._crowd:
            if self._stage.rng.random() < share:
                later = min(float(self._stage.rng.exponential(hours)) + 0.2, 130.0)
                self._stage.at(time + timedelta(hours=later), self._boosting(number, post))

    def _publish(self, kind: str, time: datetime) -> None:
        rng = self._stage.rng
        source = self._team if kind == "organiser" else self._crowd
        post = self._by(source[int(rng.integers(len(source)))], kind, time)
        if kind in ("offer", "news"):
            for _ in range(int(rng.poisson(0.7))):
                number = self._crowd[int(rng.integers(len(self._crowd)))]
                self._stage.at(time + timedelta(hours=float(rng.exponential(9.0))), self._boosting(number, post))
        if kind == "other" and rng.random() < 0.12:
            self._stage.world.posts[post].deleted = time + timedelta(hours=float(rng.uniform(5, 100)))

    def _by(self, author: int, kind: str, time: datetime) -> int:
        person = self._stage.people[author]
        text = self._stage.stock.sentence(kind, person.language, person.trade)
        post = self._stage.publish(author, time, self._stage.stock.tagged(text), label=_LABELS.get(kind, kind))
        return post.number

    def _by_robot(self, author: int, time: datetime) -> None:
        self._by(author, "bot_offer", time)

    def _lookalike(self, time: datetime) -> None:
        author = self._crowd[int(self._stage.rng.integers(len(self._crowd)))]
        person = self._stage.people[author]
        text = self._stage.stock.sentence("other", person.language, person.trade)
        self._stage.publish(author, time, self._stage.stock.lookalike(text))

    def _boosting(self, number: int, post: int) -> Callable[[datetime], None]:
        return lambda time: void(self._stage.boost(number, post, time))


def void(_: object) -> None:
    """An event returns nothing."""
