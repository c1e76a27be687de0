"""What a followed post lost to an outage is asked for in the next run, not at the post's next age."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from spiders.collecting.crawl import Crawl
from spiders.collecting.state import CrawlState
from tests.spiders.crawling import BOB, CLEO, CLOCK, Canned, Page, Say, canned_crawl, status
from tests.spiders.platforms.mastodon.phases import TAG, context, everything, posts, reblogs, reply

LOOK = "/api/v1/statuses/1"
CLOSED = 8 * 24 + 2  # hours after the clock at which the follow-up of the post ends


def at(hours: float, answers: dict[str, Any], before: Crawl | None = None) -> tuple[list[Any], Canned, Crawl]:
    """One run; the state goes through what is written of it."""
    state = before and CrawlState.from_json(before.state.to_json())
    crawl, api = canned_crawl(answers, clock=CLOCK + timedelta(hours=hours), state=state, history_days=0)
    return everything(crawl), api, crawl


def talked(**counts: int) -> dict[str, Any]:
    return {TAG: [], LOOK: status(1, **counts), reblogs(1): [BOB], context(1): below(reply(2, 1))}


def below(*replies: Any) -> dict[str, Any]:
    return {"ancestors": [], "descendants": list(replies)}


@pytest.mark.parametrize("trouble", ["unreachable", "rate_limit", "malformed"])
@pytest.mark.parametrize("hours", [25, CLOSED])
def test_a_thread_that_an_outage_cost_is_read_in_the_next_run(trouble: str, hours: float) -> None:
    _, _, first = at(0, {TAG: Page([status(1)])})
    _, _, cut = at(hours, {**talked(replies_count=1), context(1): Say(trouble)}, first)
    records, api, made_up = at(hours + 1, talked(replies_count=1), cut)
    assert api.asked == [TAG, LOOK, context(1)]
    assert posts(records) == ["1", "2"]
    _, api, _ = at(hours + 2, talked(replies_count=1), made_up)
    assert api.asked == [TAG], "made up for, once"


@pytest.mark.parametrize("hours", [25, CLOSED])
def test_a_poll_that_an_outage_cost_is_made_in_the_next_run(hours: float) -> None:
    _, _, first = at(0, {TAG: Page([status(1)])})
    _, _, cut = at(hours, {**talked(reblogs_count=1), reblogs(1): Say("unreachable")}, first)
    _, api, _ = at(hours + 1, talked(reblogs_count=1), cut)
    assert api.asked == [TAG, LOOK, reblogs(1)]


@pytest.mark.parametrize("hours", [25, CLOSED])
def test_a_look_that_an_outage_cost_is_owed_whether_it_was_asked_for_or_the_server_given_up(hours: float) -> None:
    _, _, first = at(0, {TAG: Page([status(1), status(3, CLEO)])})
    lost = {TAG: [], LOOK: Say("unreachable"), "/api/v1/statuses/3": Say("unreachable")}
    _, _, cut = at(hours, lost, first)
    _, api, _ = at(hours + 1, {TAG: [], LOOK: status(1), "/api/v1/statuses/3": status(3, CLEO)}, cut)
    assert {LOOK, "/api/v1/statuses/3"} <= set(api.asked)


def test_the_first_thread_of_a_new_post_is_owed_before_its_first_age() -> None:
    _, _, cut = at(0, {TAG: Page([status(1, replies_count=1)]), context(1): Say("unreachable")})
    records, _, _ = at(1, talked(replies_count=1), cut)
    assert posts(records) == ["1", "2"]


def test_a_refusal_is_no_outage_and_a_last_look_is_not_owed_for_ever() -> None:
    _, _, first = at(0, {TAG: Page([status(1)])})
    _, _, refused = at(25, {**talked(replies_count=1), context(1): Say("refused")}, first)
    assert at(26, talked(replies_count=1), refused)[1].asked == [TAG]
    _, _, cut = at(CLOSED, {TAG: [], LOOK: Say("unreachable")}, first)
    _, api, cut = at(CLOSED + 24 * 15, {TAG: [], LOOK: Say("unreachable")}, cut)
    assert LOOK in api.asked
    assert at(CLOSED + 24 * 16, talked(), cut)[1].asked == [TAG]
