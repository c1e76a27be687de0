"""Calls for help and what follows them: the only place where responses are planted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from tests.sandbox.parameters import PARIS
from tests.sandbox.stage import Stage
from tests.sandbox.world import Post

_ZONE = ZoneInfo(PARIS)


@dataclass(slots=True)
class Episode:
    """One beneficiary's call, the people tied to them at that moment, and who was drawn to respond."""

    beneficiary: int
    author: int
    calls: list[Post]
    ties: dict[int, str]
    seen: bool
    responders: list[int] = field(default_factory=list)
    relays: list[int] = field(default_factory=list)
    num_acts: int = 0

    @property
    def opened(self) -> datetime:
        """t_call."""
        return self.calls[0].time


class Responses:
    """Draws who responds to a call, and plays what they do."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._crowd = [p.number for p in stage.people if p.role == "person" and p.active]
        self._ordinary = set(self._crowd)

    def open(self, beneficiary: int, author: int, call: Post) -> Episode:
        """Freeze the ties at the call, then draw every exposed person's response by class."""
        stage = self._stage
        ties = {
            other: kind
            for other, kind in stage.memory.alters(beneficiary, call.time).items()
            if other in self._ordinary and other not in (beneficiary, author)
        }
        seen = bool(stage.rng.random() < stage.parameters.share_seen)
        episode = Episode(beneficiary, author, [call], ties, seen)
        if seen:
            self._draw(episode)
        return episode

    def repeat(self, episode: Episode, call: Post) -> None:
        """The same call again: whoever reacts now comes too late to count as a mobiliser."""
        episode.calls.append(call)
        late = self._strangers(episode, int(self._stage.rng.poisson(1.0)))
        for number in late:
            after = max(call.time, episode.opened + timedelta(hours=169)) + self._delay() / 3
            self._stage.at(after, partial(self._repost, number, call.number))

    def _draw(self, episode: Episode) -> None:
        stage, chance = self._stage, self._stage.parameters.response
        exposed = [(n, chance[kind]) for n, kind in sorted(episode.ties.items())]
        strangers = self._strangers(episode, int(stage.rng.poisson(stage.parameters.strangers_exposed)))
        exposed += [(n, chance["absent"]) for n in strangers]
        for number, probability in exposed:
            if stage.rng.random() < probability:
                episode.responders.append(number)
                stage.at(_awake(episode.opened + self._delay()), partial(self._act, episode, number))

    def _strangers(self, episode: Episode, how_many: int) -> list[int]:
        known = {*episode.ties, episode.beneficiary, episode.author}
        candidates = [n for n in self._crowd if n not in known]
        chosen = self._stage.rng.permutation(len(candidates))[:how_many]
        return [candidates[int(k)] for k in chosen]

    def _delay(self) -> timedelta:
        parameters = self._stage.parameters
        while True:
            hours = parameters.median_delay_hours * float(self._stage.rng.lognormal(0.0, parameters.delay_spread))
            if 0.05 < hours < 158:
                return timedelta(milliseconds=int(hours * 3_600_000))

    def _act(self, episode: Episode, number: int, time: datetime) -> None:
        share = self._stage.parameters.share_of_acts
        act = str(self._stage.rng.choice(list(share), p=list(share.values())))
        target = self._target(episode, number)
        episode.num_acts += 1
        if act == "repost":
            self._stage.boost(number, target, time)
            self._perhaps_more(episode, number, target, time)
        elif act == "reply":
            self._reply(episode, number, target, time)
        elif act == "quote":
            text = self._text("quote", number)
            tagged = self._stage.rng.random() < 0.5
            post = self._stage.publish(
                number, time, self._stage.stock.tagged(text) if tagged else text, quote_of=target, label="relay"
            )
            episode.relays.append(post.number)
        else:
            text = self._text("mention", number, who=episode.beneficiary)
            self._stage.publish(number, time, self._stage.stock.tagged(text), label="answer")

    def _target(self, episode: Episode, number: int) -> int:
        """Usually the newest call; sometimes somebody's relay of it, which is a response all the same."""
        others = [n for n in episode.relays if self._stage.world.posts[n].author != number]
        if others and self._stage.rng.random() < 0.2:
            return others[int(self._stage.rng.integers(len(others)))]
        return episode.calls[-1].number

    def _reply(self, episode: Episode, number: int, target: int, time: datetime) -> None:
        kind = str(self._stage.rng.choice(["answer", "relay", "referral"], p=[0.6, 0.28, 0.12]))
        third = self._third(episode, number) if kind == "referral" else None
        kind = "relay" if kind == "referral" and third is None else kind
        text = self._text(kind, number, third=third)
        label = "relay" if kind == "referral" else kind
        text = self._stage.stock.tagged(text) if self._stage.rng.random() < 0.2 else text
        post = self._stage.publish(number, time, text, reply_to=target, label=label)
        if label == "relay":
            episode.relays.append(post.number)
        if self._stage.rng.random() < 0.45:
            self._stage.at(_awake(time + self._delay() / 4), partial(self._thank, episode.author, post.number))

    def _third(self, episode: Episode, number: int) -> int | None:
        taken = {number, episode.beneficiary, episode.author}
        friends = [n for n in self._stage.memory.met(number) if n in self._ordinary and n not in taken]
        return friends[int(self._stage.rng.integers(len(friends)))] if friends else None

    def _thank(self, author: int, reply: int, time: datetime) -> None:
        self._stage.publish(author, time, self._text("thanks_reply", author), reply_to=reply, label="other")

    def _perhaps_more(self, episode: Episode, number: int, target: int, time: datetime) -> None:
        """One in eight also writes; one in fifty bumps the repost (never the first responder)."""
        draw, left = self._stage.rng.random(), episode.opened + timedelta(hours=166) - time
        if draw < 0.12 and left > timedelta(hours=2):
            self._stage.at(time + left * 0.3, partial(self._reply, episode, number, target))
        elif draw > 0.98 and left > timedelta(hours=40) and episode.num_acts > 1:
            self._stage.at(time + timedelta(hours=30), partial(self._stage.bump, number, target))

    def _repost(self, number: int, post: int, time: datetime) -> None:
        self._stage.boost(number, post, time)

    def _text(self, kind: str, number: int, *, who: int | None = None, third: int | None = None) -> str:
        person = self._stage.people[number]
        return self._stage.stock.sentence(kind, person.language, person.trade, who=who, third=third)


def _awake(time: datetime) -> datetime:
    """Hours of the night are moved to the morning; at most seven hours later."""
    return time + timedelta(hours=7) if time.astimezone(_ZONE).hour < 6 else time
