"""How much there was: numbers of cases, before anything is divided."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.indicators.cohort import Cohort
from transforms.indicators.measure import Measure, count


def counts(cohort: Cohort) -> Iterator[Measure]:
    """Calls and episodes of the cohort, and the (actor, episode) pairs that mobilised, organisers and bots apart."""
    episodes, roles = cohort.episodes, cohort.mobilisations["role"]
    yield count("calls", sum(len(calls) for calls in episodes["call_ids"]))
    yield count("episodes", len(episodes))
    yield count("mature_episodes", int(episodes["is_mature"].sum()))
    yield count("mobilisers", len(cohort.mobilisers))
    yield count("distinct_mobilisers", len(cohort.actors))
    yield count("classified", len(cohort.classified))
    yield count("referrals", int(cohort.mobilisers["num_referrals"].sum()))
    yield count("organiser_mobilisers", int((roles == "organiser").sum()))
    yield count("bot_mobilisers", int((roles == "bot").sum()))


def orphans(cohort: Cohort) -> Iterator[Measure]:
    """Replies of the calendar week whose thread ends at a post that is not in the lake (rule 10)."""
    rows = cohort.cut(cohort.frames.orphans)
    yield count("orphan_replies", len(rows))
    yield count("orphan_replies_with_hashtag", int(rows["has_hashtag"].sum()))


def outcomes(cohort: Cohort) -> Iterator[Measure]:
    """Posts by persons, of the calendar week, that tell a result or give thanks (label rule 11).

    A post of which it is not known which of the two counts in ``all`` only.
    """
    told = cohort.cut(cohort.frames.outcomes)["outcome"]
    yield count("outcome_posts", len(told))
    for outcome in ("result", "thanks"):
        yield count("outcome_posts", int((told == outcome).sum()), outcome)
