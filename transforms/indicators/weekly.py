"""The table of weekly indicators: every indicator of every week, each with its uncertainty and status."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

from passerelle.tables import WEEKLY_INDICATORS
from passerelle.weeks import week_range
from transforms.graphs.jit import Floats
from transforms.help.pairs import PairClasses, pair_classes
from transforms.indicators.bridging import across, sides, spans
from transforms.indicators.brokers import brokers
from transforms.indicators.cascades import cascades
from transforms.indicators.catalogue import checked
from transforms.indicators.cohort import Cohort
from transforms.indicators.communities import Groups
from transforms.indicators.concentration import concentration, from_periphery, in_periphery
from transforms.indicators.conversion import conversion
from transforms.indicators.counts import counts, late_repeats, orphans, outcomes
from transforms.indicators.frames import Frames
from transforms.indicators.measure import IndicatorRow
from transforms.indicators.mix import mix
from transforms.indicators.novelty import novelty, relays
from transforms.indicators.null_model import null_model
from transforms.indicators.reach import followers, spread
from transforms.indicators.response import response, widened
from transforms.indicators.retention import retention
from transforms.indicators.yields import by_dose, yields


def weekly_indicators(
    frames: Frames,
    campaign: str,
    weeks: Sequence[str] | None = None,
    earliest: Frames | None = None,
    until: str | None = None,
) -> pa.Table:
    """All indicators of `weeks` (by default, from the first week with anything of the campaign to the last).

    `until`: a week up to which these go at least, since a week in which nothing happened is a week too.

    `earliest`: frames of the same study built with ``bound="earliest"``; the intervals of the times to the first
    response are then widened to hold both ends of interval-censored reposts.

    Returns the table `weekly_indicators`: one row a week, indicator and stratum. With several platforms in the study,
    each is a stratum of its own too: ``import`` for ``all``, ``import:weak`` for ``weak``.

    `status`: *undefined* without a value; *suppressed* under 10 episodes or 20 mobilisers, counts excepted (the value
    stays for restricted use, but no edition may show it); *provisional* while something that happens can still change
    the row; else *final*. A row can change until the week is over and each of its episodes has had its follow-up,
    unless it says otherwise (`settled`). Weeks do not depend on one another, nor does anything on the order of rows, on
    pseudonyms, or on what came after.
    """
    asked = _through(frames.weeks, until) if weeks is None else weeks
    rows = [row for week in asked for row in _week(frames, earliest, campaign, week)]
    table = pa.Table.from_pylist(rows, schema=WEEKLY_INDICATORS.schema)
    return table.sort_by([(name, "ascending") for name in WEEKLY_INDICATORS.key])


def _through(weeks: Sequence[str], until: str | None) -> Sequence[str]:
    return list(week_range(f"{weeks[0]}/{until}")) if weeks and until and until > weeks[-1] else weeks


@dataclass(frozen=True, slots=True, eq=False)
class Before:
    """What a week needs of the graph before it, computed once for all of its platforms."""

    pairs: PairClasses
    groups: Groups
    outside: Floats


def _week(frames: Frames, early: Frames | None, campaign: str, week: str) -> Iterator[dict[str, object]]:
    outside = in_periphery(frames.contacts, *frames.history(week))
    before = Before(pair_classes(frames.study, week), frames.groups(week), outside)
    platforms = sorted(frames.study.posts["platform"].unique().to_pylist())
    for platform in (None, *(platforms if len(platforms) > 1 else ())):
        cohort = Cohort(frames, week, platform)
        twins = {} if early is None else {one.indicator: one for one in response(Cohort(early, week, platform))}
        for measure in measures(cohort, before):
            yield _row(cohort, campaign, widened(measure, twins.get(measure.indicator)))


def measures(cohort: Cohort, before: Before) -> Iterator[IndicatorRow]:
    """Every indicator of a cohort, with the strata that it has of its own."""
    groups = before.groups
    null = null_model(cohort, before.pairs, sides(cohort, before.pairs, groups))
    yield from counts(cohort)
    yield from mix(cohort, null)
    yield from yields(cohort)
    yield from by_dose(cohort)
    yield from spans(cohort, null)
    yield from across(cohort, groups, null)
    yield from response(cohort)
    yield from novelty(cohort)
    yield from relays(cohort)
    yield conversion(cohort)
    yield from brokers(cohort)
    yield from concentration(cohort)
    yield from_periphery(cohort, before.outside)
    yield from orphans(cohort)
    yield late_repeats(cohort)
    yield from outcomes(cohort)
    yield from cascades(cohort)
    yield followers(cohort)
    yield from spread(cohort, groups)
    yield from retention(cohort)


def _row(cohort: Cohort, campaign: str, measure: IndicatorRow) -> dict[str, object]:
    return {
        "campaign": campaign,
        "iso_week": cohort.week,
        "indicator": checked(measure.indicator, measure.stratum).name,
        "stratum": _stratum(cohort.platform, measure.stratum),
        "value": measure.value,
        "low": measure.interval.low,
        "high": measure.interval.high,
        "z": measure.test.z,
        "p": measure.test.p,
        "n": measure.n,
        "status": _status(cohort, measure),
    }


def _stratum(platform: str | None, stratum: str) -> str:
    if platform is None:
        return stratum
    return platform if stratum == "all" else f"{platform}:{stratum}"


def _status(cohort: Cohort, measure: IndicatorRow) -> str:
    if measure.value is None:
        return "undefined"
    if cohort.is_small and not measure.is_count:
        return "suppressed"
    settled = cohort.settled if measure.settled is None else measure.settled
    return "final" if settled <= cohort.as_of else "provisional"
