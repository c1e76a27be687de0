"""What the tie mix would be under other definitions, and with less history than was collected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from passerelle.allowed import TIE_CLASSES
from transforms.graphs.jit import Longs
from transforms.help.mobilisation import covered_from
from transforms.help.study import Study
from transforms.moments import DAY, clock
from transforms.ties.prior import PriorTies

WINDOWS = (28, 56, 84, 168)
STRONG_DAYS = (3, 4, 6)
SHARES_KEPT = (0.75, 0.5, 0.25)
"""Of the contacts; all of them give the mix itself."""
_ABSENT = [TIE_CLASSES.index("dormant"), TIE_CLASSES.index("new")]
_WEAKER = [TIE_CLASSES.index("moderately_weak"), TIE_CLASSES.index("weak")]
_UNKNOWN = TIE_CLASSES.index("unknown")


class TiedPairs:
    """Mobilisers (persons; of `weeks`, or all) and their beneficiaries, to ask for their ties again and again.

    One entry a pair: `left`, `right` (numbers in `ties`), `at` (the call), `since` (since when its history is known).
    """

    def __init__(self, study: Study, weeks: Iterable[str] | None = None) -> None:
        ours = pc.equal(study.mobilisations["role"], "person")
        if weeks is not None:
            ours = pc.and_(
                ours, pc.is_in(study.mobilisations["iso_week"], value_set=pa.array(list(weeks), pa.string()))
            )
        rows = study.mobilisations.filter(ours)
        place = pc.index_in(
            rows["episode_id"].combine_chunks(), value_set=study.episodes["episode_id"].combine_chunks()
        )
        episodes = study.episodes.take(place)
        self.ties, self.seed = study.ties, study.analysis.seed
        self.at = clock(episodes["t_call"])
        self.left = study.ties.numbers(rows["account_id"])
        self.right = study.ties.numbers(episodes["beneficiary_id"])
        self.since = covered_from(study.coverage, rows["account_id"], episodes["beneficiary_id"], self.at)

    def __len__(self) -> int:
        return len(self.at)

    def classes(self, ties: PriorTies) -> Longs:
        """How many pairs are in each of `TIE_CLASSES`."""
        found = ties.strength(self.left, self.right, self.at, self.since).tie_class
        return np.bincount(found, minlength=len(TIE_CLASSES)).astype(np.int64)


def sensitivity_grid(
    pairs: TiedPairs, windows: Sequence[int] = WINDOWS, strong_days: Sequence[int] = STRONG_DAYS
) -> pa.Table:
    """Tie mix of the mobilisers of `pairs` under every window (days) and threshold of *strong*.

    Columns: window_days, strong_days, one count a class, weak_tie_share_of_classified,
    weak_tie_share_of_observed (null where nothing is classified or observed). Coverage is asked anew for each window.
    """
    rows = []
    for window in windows:
        for days in strong_days:
            counts = pairs.classes(replace(pairs.ties, window=window * DAY, strong_days=days))
            named = dict(zip(TIE_CLASSES, counts.tolist(), strict=True))
            rows.append({"window_days": window, "strong_days": days, **named, **_weak_shares(counts)})
    names = ["window_days", "strong_days", *TIE_CLASSES]
    shares = ["weak_tie_share_of_classified", "weak_tie_share_of_observed"]
    schema = pa.schema([(name, pa.int64()) for name in names] + [(name, pa.float64()) for name in shares])
    return pa.Table.from_pylist(rows, schema=schema)


def thinned_counts(pairs: TiedPairs, share: float, draws: int = 200) -> dict[str, float]:
    """How many pairs of each class there are if only that share of the contacts had been seen: the mean over draws.

    Each contact is kept with that probability, independently, `draws` times from the study's seed. The more the mix
    still bends at 1, the more *absent* is inflated by what was never collected.
    """
    ties = pairs.ties.only(pairs.left, pairs.right)
    order, dice = _by_content(ties, pairs), np.random.default_rng([pairs.seed, round(1000 * share)])
    found = np.array([pairs.classes(_thin(ties, order, share, dice)) for _ in range(draws)], dtype=np.float64)
    return dict(zip(TIE_CLASSES, found.mean(axis=0).tolist(), strict=True))


def _by_content(ties: PriorTies, pairs: TiedPairs) -> Longs:
    """The contacts before the calls that each pair is asked about, pair by pair, in an order of times and directions.

    Pairs with the same contacts and the same calls are exchangeable: pseudonyms do not matter, nor what came later.
    """
    asked = defaultdict[int, list[tuple[int, int, bool]]](list)
    questions = zip(pairs.at.tolist(), pairs.since.tolist(), (pairs.left < pairs.right).tolist(), strict=True)
    for place, question in zip(ties.places(pairs.left, pairs.right).tolist(), questions, strict=True):
        asked[place].append(question)
    asked.pop(-1, None)
    found = sorted(_told(ties, place, calls) for place, calls in asked.items())
    return np.array([row for _, contacts in found for _, _, row in contacts], dtype=np.int64)


Told = tuple[list[tuple[int, int, bool]], list[tuple[int, bool, int]]]


def _told(ties: PriorTies, place: int, calls: list[tuple[int, int, bool]]) -> Told:
    """The calls of a pair, and its contacts before the last of them (time, direction, row), seen from either end."""
    rows = range(ties.first[place], ties.first[place + 1])
    before = [row for row in rows if ties.when[row] < max(at for at, _, _ in calls)]
    ends = []
    for turned in (False, True):
        contacts = sorted((int(ties.when[row]), bool(ties.upward[row]) != turned, row) for row in before)
        ends.append((sorted((at, since, low != turned) for at, since, low in calls), contacts))
    return min(ends, key=lambda end: (end[0], [contact[:2] for contact in end[1]]))


def _thin(ties: PriorTies, order: Longs, share: float, dice: np.random.Generator) -> PriorTies:
    """Contacts (rows in the `order` of draws) kept by chance; those that nobody asks about are left out."""
    keep = np.zeros(len(ties.when), np.bool_)
    keep[order] = dice.random(len(order)) < share
    before = np.concatenate([[0], np.cumsum(keep)]).astype(np.int64)
    return replace(ties, first=before[ties.first], when=ties.when[keep], upward=ties.upward[keep])


def _weak_shares(counts: NDArray[np.int64]) -> dict[str, float | None]:
    weak = int(counts[_WEAKER].sum())
    classified = int(counts.sum() - counts[_UNKNOWN])
    observed = classified - int(counts[_ABSENT].sum())
    return {
        "weak_tie_share_of_classified": weak / classified if classified else None,
        "weak_tie_share_of_observed": weak / observed if observed else None,
    }
