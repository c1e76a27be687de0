"""Who calls for help, and when: a dozen episodes a week, some on behalf of others, some repeated."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from tests.sandbox.episode import Episode, Responses
from tests.sandbox.friendship import by_day
from tests.sandbox.stage import Stage
from tests.sandbox.world import Post

_GAP = timedelta(days=17)


class Calls:
    """Opens each week's episodes among the seekers who did not call lately."""

    def __init__(self, stage: Stage) -> None:
        self.episodes: list[Episode] = []
        self._stage = stage
        self._responses = Responses(stage)
        self._busy_until: dict[int, datetime] = {}
        self._hub = next(p.number for p in stage.people if p.role == "organiser")
        self._robot = next(p.number for p in stage.people if p.role == "bot")
        self._refused = [p.number for p in stage.people if p.role == "refused"]

    def schedule(self) -> None:
        """Every week's calls; some are regretted and deleted next day, before anybody reacts."""
        parameters = self._stage.parameters
        for week in range(parameters.num_weeks):
            monday = parameters.start + timedelta(weeks=week)
            for _ in range(int(self._stage.rng.integers(*parameters.episodes_a_week, endpoint=True))):
                self._stage.at(by_day(self._stage.rng, monday, 6), self._call)
            if week % 5 == 2:
                self._stage.at(by_day(self._stage.rng, monday, 3), self._regret)

    def _call(self, time: datetime) -> None:
        author = self._free(time)
        if author is None:
            return
        other = self._stage.rng.random() < self._stage.parameters.share_on_behalf
        handle = self._friend(author, time) if other and self._stage.rng.random() < 0.35 else None
        beneficiary = author if handle is None else handle
        for busy in {author, beneficiary}:
            self._busy_until[busy] = time + _GAP
        kind = "call" if not other else "call_other" if handle is None else "call_handle"
        post = self._publish(author, time, kind, beneficiary)
        post.beneficiary_word = "other" if other else "self"
        episode = self._responses.open(beneficiary, author, post)
        self.episodes.append(episode)
        self._surroundings(episode, post)
        self._later(episode, time, repeated=not other)

    def _publish(self, author: int, time: datetime, kind: str, beneficiary: int) -> Post:
        person = self._stage.people[author]
        text = self._stage.stock.sentence(kind, person.language, person.trade, who=beneficiary)
        post = self._stage.publish(
            author, time, self._stage.stock.tagged(text), label="call", media=bool(self._stage.rng.random() < 0.3)
        )
        post.beneficiary = beneficiary
        return post

    def _later(self, episode: Episode, time: datetime, *, repeated: bool) -> None:
        """The same call again within 14 days, an edit, or the news that a job was found."""
        stage, end = self._stage, self._stage.parameters.end
        if repeated and stage.rng.random() < stage.parameters.share_repeated:
            stage.at(time + timedelta(days=float(stage.rng.uniform(3, 13))), partial(self._again, episode))
        if stage.rng.random() < 0.05:
            person, post = stage.people[episode.author], episode.calls[0]
            more = stage.stock.sentence("edit", person.language, person.trade)
            post.edits.append((time + timedelta(hours=float(stage.rng.uniform(1, 90))), post.text + " " + more))
        found = episode.responders and stage.rng.random() < stage.parameters.share_found / 3
        if found and time + timedelta(days=14) < end:
            stage.at(time + timedelta(days=float(stage.rng.uniform(8, 14))), partial(self._found, episode))

    def _again(self, episode: Episode, time: datetime) -> None:
        post = self._publish(episode.author, time, "call_again", episode.beneficiary)
        post.beneficiary_word = "self"
        self._responses.repeat(episode, post)

    def _found(self, episode: Episode, time: datetime) -> None:
        stage, person = self._stage, self._stage.people[episode.beneficiary]
        text = stage.stock.sentence("thanks", person.language, person.trade, who=min(episode.responders))
        stage.publish(person.number, time, stage.stock.tagged(text), label="thanks_outcome")
        self._busy_until[person.number] = time + timedelta(days=60)

    def _regret(self, time: datetime) -> None:
        author = self._free(time)
        if author is None:
            return
        self._busy_until[author] = time + _GAP
        post = self._publish(author, time, "call", author)
        post.beneficiary_word = "self"
        post.deleted = time + timedelta(hours=30)

    def _surroundings(self, episode: Episode, post: Post) -> None:
        """The hub and the relaying robot repost about half of all calls; those who refuse collection, a few."""
        rng, later = self._stage.rng, timedelta(hours=float(self._stage.rng.uniform(0.5, 9)))
        for number, share in ((self._hub, 0.45), (self._hub + 1, 0.12), (self._robot, 0.4)):
            if rng.random() < share:
                self._stage.at(post.time + later, partial(self._repost, number, post.number))
        if rng.random() < 0.1:
            number = self._refused[int(rng.integers(len(self._refused)))]
            self._stage.at(post.time + later * 2, partial(self._repost, number, post.number))

    def _repost(self, number: int, post: int, time: datetime) -> None:
        self._stage.boost(number, post, time)

    def _free(self, time: datetime) -> int | None:
        """Somebody who did not call lately; None (and then no call) when all did."""
        seekers = [p.number for p in self._stage.people if p.seeker]
        free = [n for n in seekers if self._busy_until.get(n, time) <= time]
        return free[int(self._stage.rng.integers(len(free)))] if free else None

    def _friend(self, author: int, time: datetime) -> int | None:
        """A seeker tied to the author, who is not calling just now."""
        ties = self._stage.memory.alters(author, time)
        known = [
            n for n in ties if self._stage.people[n].seeker and self._busy_until.get(n, time) <= time and n != author
        ]
        return known[int(self._stage.rng.integers(len(known)))] if known else None
