"""How much there was: numbers of cases, before anything is divided."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.indicators.cohort import Cohort
from transforms.indicators.measure import IndicatorRow, count


def counts(cohort: Cohort) -> Iterator[IndicatorRow]:
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


def orphans(cohort: Cohort) -> Iterator[IndicatorRow]:
    """Replies of the calendar week whose thread ends at a post that is not in the lake (rule 10)."""
    rows, over = cohort.cut(cohort.frames.orphans), cohort.bounds[1]
    yield count("orphan_replies", len(rows), settled=over)
    yield count("orphan_replies_with_hashtag", int(rows["has_hashtag"].sum()), settled=over)


def late_repeats(cohort: Cohort) -> IndicatorRow:
    """Calls of the calendar week that repeat an episode whose follow-up was over: they belong to none (rule 12)."""
    return count("late_repeat_calls", len(cohort.cut(cohort.frames.late_repeats)), settled=cohort.bounds[1])


def outcomes(cohort: Cohort) -> Iterator[IndicatorRow]:
    """Posts by persons, of the calendar week, that tell a result or give thanks (label rule 11).

    A post of which it is not known which of the two counts in ``all`` only.
    """
    told, over = cohort.cut(cohort.frames.outcomes)["outcome"], cohort.bounds[1]
    yield count("outcome_posts", len(told), settled=over)
    for outcome in ("result", "thanks"):
        yield count("outcome_posts", int((told == outcome).sum()), outcome, settled=over)
