"""Everyday talk outside the hashtag: it makes the history by which ties are known before any call."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from tests.sandbox.friendship import Friends, background, by_day
from tests.sandbox.stage import Stage

_FRESH = timedelta(days=12)


def schedule_chatter(stage: Stage, pairs: list[Friends]) -> None:
    """All contacts between friends, and now and then a word to nobody in particular."""
    rng, parameters = stage.rng, stage.parameters
    for time, who, whom in background(rng, parameters, pairs):
        stage.at(time, partial(_turn_to, stage, who, whom))
    weeks = parameters.prior_weeks + parameters.num_weeks
    first = parameters.start - timedelta(weeks=parameters.prior_weeks)
    for person in stage.people:
        if person.role == "person":
            for _ in range(int(rng.poisson(0.22 * weeks))):
                stage.at(by_day(rng, first, weeks * 7), partial(_say, stage, person.number))


def _say(stage: Stage, who: int, time: datetime) -> None:
    person = stage.people[who]
    post = stage.publish(who, time, stage.stock.sentence("plain", person.language, person.trade))
    stage.chat[who].append(post.number)


def _turn_to(stage: Stage, who: int, whom: int, time: datetime) -> None:
    fresh = [n for n in stage.chat[whom][-4:] if time - stage.world.posts[n].time <= _FRESH]
    draw = stage.rng.random()
    target = fresh[int(stage.rng.integers(len(fresh)))] if fresh else None
    if target is not None and draw < 0.45 and stage.boost(who, target, time):
        return
    if target is None or draw > 0.88:
        _write(stage, who, time, "chat_mention", whom=whom)
    elif draw > 0.85:
        _write(stage, who, time, "chat_quote", quote_of=target)
    else:
        _write(stage, who, time, "chat_reply", reply_to=target)


def _write(
    stage: Stage,
    who: int,
    time: datetime,
    kind: str,
    *,
    whom: int | None = None,
    quote_of: int | None = None,
    reply_to: int | None = None,
) -> None:
    person = stage.people[who]
    text = stage.stock.sentence(kind, person.language, person.trade, who=whom)
    post = stage.publish(who, time, text, reply_to=reply_to, quote_of=quote_of)
    stage.chat[who].append(post.number)
