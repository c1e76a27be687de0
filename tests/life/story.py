"""A whole life: the world, its server, the household, and after each week all comparisons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.life.clock import VirtualClock
from tests.life.compare_coverage import compare_coverage, compare_losses
from tests.life.compare_deletions import compare_deletions
from tests.life.compare_engagements import compare_engagements
from tests.life.compare_issues import Issue, compare_issues, compare_week, issue
from tests.life.compare_posts import compare_posts
from tests.life.compare_requests import Requests
from tests.life.driver import Driver
from tests.life.household import KEY, Household
from tests.life.lake_rows import dataset_hash, differences, rows
from tests.life.looks import Look, Looks
from tests.life.plan import GENEROUS, Plan
from tests.life.shown import is_shown, is_tagged
from tests.life.truth import Truth
from tests.sandbox.bluesky_routes import SkyRoutes
from tests.sandbox.routes import Routes
from tests.sandbox.server import Sandbox
from tests.sandbox.wordpress_routes import Blog, BlogRoutes
from tests.sandbox.world import World

_SPEECHES = {"mastodon": Routes, "bluesky": SkyRoutes, "wordpress": BlogRoutes}


@dataclass(slots=True)
class Story:
    """What a life came to: figures for the record, and every line of what was wrong."""

    wrong: list[str] = field(default_factory=list)
    figures: Counter[str] = field(default_factory=Counter)
    requests: list[int] = field(default_factory=list)
    replayed: tuple[str, str] = ("", "")


def tell(
    worlds: Mapping[str, World],
    plan: Plan,
    folder: Path,
    more: dict[str, str],
    campaign: str = "",
    *,
    platform: str = "mastodon",
    is_forked: bool = False,
) -> Story:
    """Live the plan in `folder` with a server for each of `worlds`, by its domain: all are views of the same one.

    `more` are environment variables of each step, `campaign` is added to the campaign file; steps may be forked.
    What is asked for, and how often, is looked at on Mastodon alone, whose requests say it.
    """
    story, issues = Story(), list[Issue]()
    clock = VirtualClock(folder / "clock", plan.start)
    with ExitStack() as open_servers:
        servers = [
            open_servers.enter_context(
                Sandbox(world, plan.start, limit=GENEROUS, home=home, clock=clock, speaks=_SPEECHES[platform])
            )
            for home, world in worlds.items()
        ]
        views = _views(servers, list(worlds.values()))
        household = Household(folder, clock, more, is_forked)
        household.found(list(views), next(iter(worlds.values())), platform, campaign)
        driver = Driver(household, servers)
        for steps in plan.weeks():
            for step in steps:
                driver.live(step)
            issues.append(issue(household.lake(), clock.now()))
            story.wrong += compare_week(issues[-1])
            compare(story, views, driver.looks, household.lake(), by_requests=platform == "mastodon")
            if len(issues) > 1:
                story.wrong += compare_issues(issues[-2], issues[-1], household.lake())
    story.wrong += driver.wrong
    story.figures["kills"] = driver.num_kills
    story.requests = [sum(map(len, look.requests)) for look in driver.looks]
    _replay(story, household)
    return story


def _views(servers: Sequence[Sandbox], worlds: Sequence[World]) -> dict[str, Truth]:
    """What is true, as each server sees it, by its host."""
    for server, world in zip(servers, worlds, strict=True):
        if isinstance(world, Blog):
            world.served_at = server.address
    truths = [Truth(world, KEY) for world in worlds]
    for truth in truths:
        truth.views = truths
    return {server.address: truth for server, truth in zip(servers, truths, strict=True)}


def compare(
    story: Story, views: dict[str, Truth], all_looks: list[Look], lake: Path, *, by_requests: bool = True
) -> None:
    """Everything that the lake holds after a week."""
    names = ("posts", "post_versions", "deletions", "engagements", "coverage", "polls", "runs", "quarantine")
    tables = {name: rows(lake, name) for name in names}
    kept = {row["post_id"] for row in tables["posts"]}
    for turn, truth in enumerate(views.values()):
        looks = Looks(truth, all_looks)
        story.wrong += compare_posts(truth, looks, tables["posts"], tables["post_versions"])
        story.wrong += compare_deletions(truth, looks, tables["deletions"], tables["posts"])
        story.wrong += compare_engagements(truth, looks, tables["engagements"], tables["posts"])
        story.wrong += Requests(truth, looks, turn).compare() if by_requests else []
        missed = [post for post in truth.world.posts if is_tagged(post) and truth.post_id(post) not in kept]
        late = [post for post in missed if post.arrived and is_shown(post, all_looks[-1].end)]
        story.figures["late beyond the overlap"] = sum(truth.is_willing(truth.author(post)) for post in late)
        met = sum(looks.met(truth.world.posts[n]) is not None for n in truth.campaign)
        story.figures[f"due posts on server {turn}"] = met
    story.wrong += compare_coverage(views, tables["coverage"], tables["polls"], kept)
    story.wrong += compare_losses(all_looks, tables["coverage"], tables["runs"])
    story.wrong += [f"quarantine: {row}" for row in tables["quarantine"]]
    for name, found in tables.items():
        story.figures[f"{name} compared"] += len(found)
        story.figures[name] = len(found)


def _replay(story: Story, household: Household) -> None:
    """The vault again, into another lake with the same key: the same tables, but those that an analysis makes."""
    done = household.run("replay", str(household.lake() / "vault"), lake="replayed")
    if done.code != 0:
        story.wrong.append(f"replay: exit {done.code}\n{done.err[-1500:]}")
    household.run("report", lake="replayed")
    lakes = household.lake(), household.lake("replayed")
    story.wrong += [f"replay: {line}" for line in differences(*lakes)]
    story.replayed = dataset_hash(lakes[0]), dataset_hash(lakes[1])
