"""Of an analysis, what either edition tells: exact counts go in, told cells and indicators come out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from flows.analyse import Analysed
from flows.earlier import Earlier, bases, earlier_of, newest_of
from passerelle.campaign import Campaign
from passerelle.lake import Lake
from passerelle.weeks import iso_week, week_after, week_range
from transforms.indicators.design import weekly_design_effects
from transforms.report import EXACT, HelpNetwork, Told, Truth, gather_truth, public_indicators, tell, told_groups
from transforms.report.exact_indicators import exact_indicators
from transforms.report.groups import no_groups
from transforms.report.issue import block_before, bridges_of, newest_final
from transforms.report.lines import population_of
from transforms.report.public_indicators import Circumstance, Circumstances

SIGNIFICANT = 0.05
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Telling:
    """An edition's told cells, what is known of them beside (design effects, words on chance), its groups, and every
    number that follows (schema `PUBLIC_INDICATORS`).
    """

    told: Told
    circumstances: Circumstances
    groups: HelpNetwork
    indicators: pa.Table


def issue_weeks(analysed: Analysed) -> tuple[str, str | None]:
    """The ISO week that this is the issue of, the last to end before as-of; the newest final one."""
    study = analysed.study
    return issue_of_moment(study.as_of, study.zone), newest_final(study)


def issue_of_moment(moment: datetime, zone: str) -> str:
    """The ISO week that an issue made at that moment is of: the last that had ended."""
    return week_after(iso_week(moment, zone), -1)


def truth_of(analysed: Analysed, campaign: Campaign, told: Sequence[str] = (), *, is_whole: bool = True) -> Truth:
    """The exact counts of an issue, from the first week with anything in it or `told` before: what was told stays told.

    Of an issue that is not whole no week is final but those told before.
    """
    issue, final = issue_weeks(analysed)
    begun = min([*analysed.frames.weeks[:1], *told], default=None)
    weeks = list(week_range(f"{begun}/{final}")) if begun and final and final >= begun else []
    weeks = [week for week in weeks if is_whole or week in told]
    open_ = [issue] if issue not in weeks else []
    return gather_truth(analysed.frames, campaign.name, weeks, open_, campaign.languages)


def tell_public(lake: Lake, analysed: Analysed, truth: Truth, issue: str) -> tuple[Telling, Earlier]:
    """What everybody is told, and the earlier issue that it is copied from."""
    newest = newest_of(lake, issue)
    kept = earlier_of(newest).tables["cells"] if newest else None
    for base in bases(lake, issue):
        earlier = earlier_of(base)
        told = tell(truth, earlier.cells)
        if kept is None or told.table().equals(kept):
            break
    known = known_beside(analysed, told, earlier.circumstances)
    groups = _groups(analysed, told, earlier.groups)
    return Telling(told, known, groups, public_indicators(told, known)), earlier


def tell_exactly(analysed: Analysed, truth: Truth, public: Telling) -> Telling:
    """What those are told who may see exact figures; the words on chance are the `public` ones."""
    told = tell(truth, grain=EXACT)
    shown = exact_indicators(public_indicators(told, public.circumstances), analysed.indicators)
    return Telling(told, public.circumstances, _groups(analysed, told, None), shown)


def known_beside(analysed: Analysed, told: Told, before: Circumstances) -> dict[Key, Circumstance]:
    """As told before, but of what is told for the first time or anew."""
    copied = {key: one for key, one in before.items() if (key[0], population_of(*key[1:])) not in told.anew}
    weeks = sorted({*told.final} - {week for week, *_ in before} | {week for week, _ in told.anew})
    return _computed(analysed, weeks) | copied


def _computed(analysed: Analysed, weeks: Sequence[str]) -> dict[Key, Circumstance]:
    chance = {key: word for key, word in _chance(analysed.indicators).items() if key[0] in weeks}
    by_week = weekly_design_effects(analysed.frames, weeks).items()
    effects = {(week, *key): effect for week, found in by_week for key, effect in found.items()}
    return {key: Circumstance(effects.get(key), chance.get(key)) for key in effects.keys() | chance.keys()}


def _chance(indicators: pa.Table) -> Mapping[Key, str]:
    rows = indicators.select(["iso_week", "indicator", "stratum", "z", "p"]).to_pylist()
    return {
        (row["iso_week"], row["indicator"], row["stratum"]): _word(row["z"], row["p"])
        for row in rows
        if row["z"] is not None and row["p"] is not None
    }


def _word(z: float, p: float) -> str:
    return "same" if p >= SIGNIFICANT else "above" if z > 0 else "below"


def _groups(analysed: Analysed, told: Told, before: HelpNetwork | None) -> HelpNetwork:
    """Of the last whole block of weeks; told again as they were while it is the last."""
    if not told.final:
        return no_groups("")
    weeks = block_before(told.final[-1])
    if before is not None and before.weeks == weeks:
        return before
    if weeks.partition("/")[0] < told.final[0]:
        return no_groups(weeks)
    return told_groups(bridges_of(analysed.frames, weeks), weeks, told.grain)
