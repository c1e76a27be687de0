"""What the classifier's errors do to the weekly indicators, on the embedded campaign.

    python -m benchmarks.label_errors [draws, default 200] [--lake FOLDER] [--write]

Replays the vault of campaigns/demo into a temporary lake (or uses FOLDER, where that was done before), then draws
labels: behind each predicted label, a true one by the confusion on the posts held out (`confusion_resample`), and runs
the study again, everything else equal. A post drawn to be a call is its author's. ``--write`` puts the table
into docs/methods.md.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks.sections import METHODS, rewrite
from flows.analyse import analyse
from flows.clean import clean
from flows.collect import replay
from flows.job import open_job
from passerelle.lake import CAMPAIGNS
from passerelle.tables import LABELS
from transforms.calls import confusion_resample, held_out
from transforms.help.study import Study, build_study
from transforms.indicators.cohort import Cohort
from transforms.indicators.counts import counts
from transforms.indicators.frames import cut_study
from transforms.indicators.mix import mix
from transforms.indicators.null_model import NullModel
from transforms.indicators.response import response
from transforms.indicators.yields import yields

SEED = 20150926
HEADLINE = "weak_tie_share_of_classified"
SHOWN = (
    ("episodes", "all"),
    ("mobilisers", "all"),
    (HEADLINE, "all"),
    *(("tie_mix", name) for name in ("strong", "moderately_weak", "weak", "absent")),
    *(("yield", name) for name in ("strong", "moderately_weak", "weak")),
    ("response_rate", "all"),
    ("median_hours_to_first", "all"),
)
Cell = tuple[str, str, str]


@dataclass(frozen=True)
class Base:
    """The study as published, its engagements, and the published value and interval of every cell of final weeks."""

    study: Study
    engagements: pa.Table
    published: Mapping[Cell, tuple[float, float | None, float | None]]


def load_base(lake: Path) -> Base:
    """Analyse the embedded campaign in `lake`, which is filled from the vault if it is empty."""
    folder = CAMPAIGNS / "demo"
    job = open_job(folder / "campaign.toml", lake)
    if "posts" not in job.lake.versions():
        replay(job, folder / "vault")
        clean(job.lake)
    found = analyse(job.lake, job.campaign, job.pseudonyms)
    rows = [row for row in found.indicators.to_pylist() if row["status"] == "final"]
    told = {
        (row["iso_week"], row["indicator"], row["stratum"]): (row["value"], row["low"], row["high"]) for row in rows
    }
    return Base(found.study, job.lake.read("engagements"), told)


def drawn_labels(labels: pa.Table, confusion: np.ndarray, seed: int) -> pa.Table:
    """`labels` with true labels drawn behind the predicted ones; a call that was none before is its author's own.

    Raises KeyError for a label the classifier does not give. Same `seed`, same draw.
    """
    rows = labels.sort_by("post_id").to_pylist()
    drawn = confusion_resample([row["label"] for row in rows], confusion, np.random.default_rng(seed))
    return pa.Table.from_pylist(
        [_relabelled(row, label) for row, label in zip(rows, drawn, strict=True)], schema=LABELS.schema
    )


def _relabelled(row: dict[str, object], label: str) -> dict[str, object]:
    if label == row["label"]:
        return row
    # whom the study takes for the beneficiary of a call for oneself is its author: no account needs to be named
    return {
        **row,
        "label": label,
        "beneficiary": "self" if label == "call" else None,
        "beneficiary_id": None,
        "outcome": None,
    }


def again(base: Base, labels: pa.Table) -> Study:
    """The study with other labels."""
    old = base.study
    return build_study(
        old.posts,
        base.engagements,
        labels,
        old.accounts,
        old.coverage,
        hashtags=old.hashtags,
        roles=old.roles,
        as_of=old.as_of,
        zone=old.zone,
        analysis=old.analysis.model_copy(update={"bootstrap_draws": 100}),
    )


def values(study: Study) -> dict[Cell, float]:
    """Value of every cell that is defined, of the indicators shown; intervals are not looked at."""
    frames, found = cut_study(study), {}
    for week in frames.weeks:
        cohort = Cohort(frames, week)
        for one in (*counts(cohort), *mix(cohort, NullModel(None)), *yields(cohort), *response(cohort)):
            if one.value is not None and (one.indicator, one.stratum) in SHOWN:
                found[week, one.indicator, one.stratum] = float(one.value)
    return found


@dataclass(frozen=True)
class Effect:
    """Means over the final weeks of one indicator: what is published, and what drawing labels does to it.

    `shift`: mean of the draws less the published value. `spread`: half the range of the middle 95 % of the draws.
    `half_width`: half the published 95 % interval; `inside`: share of the draws in it. None where there is none.
    """

    weeks: int
    value: float
    shift: float
    spread: float
    half_width: float | None
    inside: float | None


def effect(base: Base, draws: Sequence[Mapping[Cell, float]], indicator: str, stratum: str) -> Effect | None:
    """The effect on one indicator over the weeks whose headline is final; None where it is never defined there.

    Draws that leave it undefined are left out.
    """
    final = {week for week, name, _ in base.published if name == HEADLINE}
    cells = [cell for cell in base.published if cell[1:] == (indicator, stratum) and cell[0] in final]
    weeks = [(base.published[cell], np.array([one[cell] for one in draws if cell in one])) for cell in cells]
    weeks = [(told, drawn) for told, drawn in weeks if len(drawn)]
    if not weeks:
        return None
    ends = np.array([np.quantile(drawn, [0.025, 0.975]) for _, drawn in weeks])
    sure = [(low, high, drawn) for (_, low, high), drawn in weeks if low is not None and high is not None]
    return Effect(
        weeks=len(weeks),
        value=float(np.mean([value for (value, _, _), _ in weeks])),
        shift=float(np.mean([drawn.mean() - value for (value, _, _), drawn in weeks])),
        spread=float(np.mean(ends[:, 1] - ends[:, 0]) / 2),
        half_width=float(np.mean([high - low for low, high, _ in sure]) / 2) if sure else None,
        inside=float(np.mean([((low <= d) & (d <= high)).mean() for low, high, d in sure])) if sure else None,
    )


def lines(base: Base, draws: Sequence[Mapping[Cell, float]]) -> Iterator[str]:
    """The table, as Markdown."""
    yield f"{len(draws)} draws of the labels of {base.study.labels.num_rows} posts; means over the final weeks.\n"
    yield "| indicator | weeks | published | shift | spread of the draws (±) | 95 % interval (±) | draws inside it |"
    yield "|---|---|---|---|---|---|---|"
    for indicator, stratum in SHOWN:
        found = effect(base, draws, indicator, stratum)
        if found is not None:
            name = indicator if stratum == "all" else f"{indicator} {stratum}"
            yield f"| {name} | {found.weeks} | {_cells(found, 1 if found.value > 1 else 3)} |"


def _cells(found: Effect, digits: int) -> str:
    half = "–" if found.half_width is None else f"{found.half_width:.{digits}f}"
    inside = "–" if found.inside is None else f"{100 * found.inside:.0f} %"
    numbers = f"{found.value:.{digits}f} | {found.shift:+.{digits}f} | {found.spread:.{digits}f}"
    return f"{numbers} | {half} | {inside}"


def run(lake: Path, draws: int, confusion: np.ndarray) -> str:
    """Draw, study again, and tell."""
    base = load_base(lake)
    labels = (drawn_labels(base.study.labels, confusion, SEED + number) for number in range(draws))
    return "\n".join(lines(base, [values(again(base, one)) for one in labels]))


def main() -> None:
    """Print the table, or write it into the page of the methods."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("draws", type=int, nargs="?", default=200)
    parser.add_argument("--lake", type=Path)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        text = run(asked.lake or Path(folder), asked.draws, held_out().confusion)
    if asked.write:
        rewrite(METHODS, "label errors", text)
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
