"""The plain, slow, obvious way from a world to interactions, episodes and acts, written from the numbered rules.

Dictionaries and recursion over single posts; shares nothing with transforms/ but the input.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from tests.reference.campaigns import World
from tests.reference.core_posts import PlainPosts

RANK = {"reply": 0, "quote": 1, "repost": 2, "mention": 3}


class Repost(NamedTuple):
    """A repost event of one actor and original."""

    time: datetime
    not_before: datetime
    platform: str


class Act(NamedTuple):
    """Something done for an episode."""

    time: datetime
    rank: int
    kind: str
    not_before: datetime
    post_id: str
    num_referrals: int


class Reference(PlainPosts):
    """A world read by the rules. `bound`: which end of an interval-censored time counts."""

    def __init__(self, world: World, bound: str = "latest") -> None:
        super().__init__(world)
        self.bound = bound
        self.reposts = self._reposts()
        self.interactions = {(r["post_id"], r["source_id"], r["target_id"]): r for r in self._interactions()}
        self.calls = self._calls()
        self.late_repeats: list[str] = []
        self.episodes = self._episodes()

    # --- interactions --------------------------------------------------------------------------------------

    def _reposts(self) -> dict[tuple[str, str], list[Repost]]:
        exact: dict[tuple[str, str], list[Repost]] = defaultdict(list)
        for row in self.posts.values():
            original = self.original(row["post_id"])
            if row["repost_of_id"] is None or original is None:
                continue
            key = row["author_id"], original
            exact[key].append(Repost(row["created_at"], row["created_at"], row["platform"]))
        bounded = self._looks(exact)
        for key, look in bounded.items():
            if not exact[key] or look.time < min(exact[key]).time:
                exact[key].append(look)
        return {key: sorted(events, key=lambda event: event.time) for key, events in exact.items()}

    def _looks(self, exact: dict[tuple[str, str], list[Repost]]) -> dict[tuple[str, str], Repost]:
        bounded: dict[tuple[str, str], list[Repost]] = defaultdict(list)
        for row in self.world.engagements:
            when = row["at"] or row["first_seen"]
            if row["kind"] != "repost" or row["post_id"] not in self.posts or when > self.world.as_of:
                continue
            original = self.original(row["post_id"])
            if original is None:
                continue
            key = row["account_id"], original
            if row["at"] is None:
                written = [self.posts[original]["created_at"]] if original in self.posts else []
                known = written + ([row["not_before"]] if row["not_before"] else [])
                bounded[key].append(Repost(when, min(when, max(known, default=when)), row["platform"]))
            elif when not in [event.time for event in exact[key]]:
                exact[key].append(Repost(when, when, row["platform"]))
        return {key: min(looks) for key, looks in bounded.items()}

    def _interactions(self) -> Iterator[dict[str, Any]]:
        for (actor, original), events in self.reposts.items():
            for owner in self.owners(original) - {actor}:
                yield self._repost_row(actor, original, owner, events)
        for post_id, row in self.posts.items():
            if row["repost_of_id"] is None:
                for target, (kind, acted_on) in self.addressed(post_id).items():
                    yield {
                        "platform": row["platform"],
                        "post_id": post_id,
                        "source_id": row["author_id"],
                        "target_id": target,
                        "kind": kind,
                        "time": row["created_at"],
                        "not_before": row["created_at"],
                        "acted_on_id": acted_on,
                        "root_id": self.climb(post_id)[0],
                        "is_campaign": self.is_campaign(post_id),
                        "num_repeats": 0,
                    }

    def _repost_row(self, actor: str, original: str, owner: str, events: list[Repost]) -> dict[str, Any]:
        return {
            "platform": events[0].platform,
            "post_id": original,
            "source_id": actor,
            "target_id": owner,
            "kind": "repost",
            "time": self.when(events[0]),
            "not_before": events[0].not_before,
            "acted_on_id": original,
            "root_id": self.climb(original)[0] if original in self.posts else None,
            "is_campaign": self.campaign_original(original),
            "num_repeats": len(events) - 1,
        }

    def campaign_original(self, post_id: str) -> bool:
        """Whether what is reposted is a campaign post; of one never seen, its reposts have the hashtags."""
        if post_id in self.posts:
            return self.is_campaign(post_id)
        reposts = [one for one, row in self.posts.items() if row["repost_of_id"] is not None]
        return any(self.is_campaign(one) for one in reposts if self.original(one) == post_id)

    def owners(self, post_id: str) -> set[str]:
        """Author of a post, where seen or stated by a repost of it."""
        if post_id in self.posts:
            return {self.posts[post_id]["author_id"]}
        return {r["repost_of_author_id"] for r in self.posts.values() if r["repost_of_id"] == post_id} - {None}

    def when(self, event: Repost) -> datetime:
        return event.not_before if self.bound == "earliest" else event.time

    def addressed(self, post_id: str) -> dict[str, tuple[str, str | None]]:
        """Whom a written post addresses, and how: account -> (kind, post acted upon)."""
        row, parent, quoted = self.posts[post_id], self.parent(post_id), self.quoted(post_id)
        mentions = set(row["mentions"])
        found: dict[str, tuple[str, str | None]] = {}
        if row["reply_to_id"] is None and row["reply_to_author_id"] is not None:
            mentions.add(row["reply_to_author_id"])
        if parent is not None:
            author = self.posts[parent]["author_id"] if parent in self.posts else row["reply_to_author_id"]
            mentions -= set(self.posts[parent]["mentions"] if parent in self.posts else row["prefix_mentions"])
            mentions -= {author}
            found[author] = "reply", parent
        if quoted is not None:
            found.setdefault(self.posts[quoted]["author_id"], ("quote", quoted))
        mentions -= {row["author_id"]}
        if len(mentions) <= 4:
            for account in mentions:
                found.setdefault(account, ("mention", None))
        return {account: how for account, how in found.items() if account not in (None, row["author_id"])}

    # --- calls, episodes, acts -----------------------------------------------------------------------------

    def _calls(self) -> dict[str, dict[str, Any]]:
        found = {}
        for label in self.world.labels:
            row = self.posts.get(label["post_id"])
            if row is None or label["label"] != "call" or row["repost_of_id"] is not None:
                continue
            if not self.carries(row["post_id"]):
                continue
            who = label["beneficiary_id"] if label["beneficiary"] == "other" else None
            stands_in = label["beneficiary"] == "other" and who is None
            found[row["post_id"]] = {"row": row, "who": who or row["author_id"], "stands_in": stands_in}
        return found

    def _episodes(self) -> list[dict[str, Any]]:
        episodes: list[dict[str, Any]] = []
        for call in sorted(self.calls.values(), key=lambda call: (call["row"]["created_at"], call["row"]["post_id"])):
            at = call["row"]["created_at"]
            theirs = [one for one in episodes if one["beneficiary_id"] == call["who"]]
            if not theirs or at - theirs[-1]["t_call"] >= timedelta(days=self.world.analysis.episode_days):
                first = {"episode_id": call["row"]["post_id"], "t_call": at, "beneficiary_id": call["who"]}
                theirs.append(first | {"beneficiary_is_author": call["stands_in"], "call_ids": [], "author_ids": []})
                episodes.append(theirs[-1])
            if at - theirs[-1]["t_call"] >= timedelta(hours=self.world.analysis.follow_up_hours):
                self.late_repeats.append(call["row"]["post_id"])
                continue
            theirs[-1]["call_ids"].append(call["row"]["post_id"])
            if call["row"]["author_id"] not in theirs[-1]["author_ids"]:
                theirs[-1]["author_ids"].append(call["row"]["author_id"])
        return episodes

    def nearest_calls(self, post_id: str) -> set[str]:
        """Climb from the post acted upon; the first call on each way stops it, be it in no episode (rules 12, 16)."""
        found: set[str] = set()
        passed: set[str] = set()
        todo = [post_id]
        while todo:
            one = todo.pop()
            if one in self.calls:
                found.add(one)
            elif one not in passed:
                passed.add(one)
                todo += self.stands_under(one)
        return found

    def acts(self, episode: dict[str, Any]) -> dict[str, list[Act]]:
        """Account -> acts in the follow-up of an episode, in order."""
        begin = episode["t_call"]
        end = begin + timedelta(hours=self.world.analysis.follow_up_hours)
        barred = {episode["beneficiary_id"], *episode["author_ids"]}
        found: dict[str, dict[Any, Act]] = defaultdict(dict)
        for account, key, act in self._all_acts(episode, barred):
            if begin <= act.time < end and account not in barred:
                found[account][key] = min(act, found[account].get(key, act))
        return {who: sorted(acts.values(), key=lambda act: (act.time, act.rank)) for who, acts in found.items()}

    def _all_acts(self, episode: dict[str, Any], barred: set[str]) -> Iterator[tuple[str, Any, Act]]:
        calls = set(episode["call_ids"])
        for (actor, original), events in self.reposts.items():
            if original in self.posts and actor != self.posts[original]["author_id"]:  # noqa: SIM102
                if self.nearest_calls(original) & calls:
                    for number, event in enumerate(events):
                        act = Act(self.when(event), 2, "repost", event.not_before, original, 0)
                        yield actor, (original, number), act
        for post_id, row in self.posts.items():
            if row["repost_of_id"] is None and post_id not in self.calls:
                kinds = {kind for kind, target in self.acted_upon(post_id) if self.nearest_calls(target) & calls}
                named = {who for who, (kind, _) in self.addressed(post_id).items() if kind == "mention"}
                if self.carries(post_id) and episode["beneficiary_id"] in named:
                    kinds.add("mention")
                for kind in kinds:
                    at = row["created_at"]
                    yield row["author_id"], post_id, Act(at, RANK[kind], kind, at, post_id, len(named - barred))

    def acted_upon(self, post_id: str) -> Iterator[tuple[str, str]]:
        """(kind, seen post acted upon or standing for it), acts upon one's own posts left out."""
        row, parent, quoted = self.posts[post_id], self.parent(post_id), self.quoted(post_id)
        if parent is not None:
            author = self.posts[parent]["author_id"] if parent in self.posts else row["reply_to_author_id"]
            under = self.step_by_reply(post_id)
            if under is not None and author != row["author_id"]:
                yield "reply", under
        if quoted is not None and self.posts[quoted]["author_id"] != row["author_id"]:
            yield "quote", quoted
