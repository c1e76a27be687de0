"""The tie of every actor of a week to every episode of it: the matrix in which null draws look ties up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from transforms.graphs.asof import Spans
from transforms.graphs.jit import Floats, Longs
from transforms.help.mobilisation import covered_from
from transforms.help.study import Study
from transforms.moments import clock
from transforms.ties.prior import Strength


@dataclass(frozen=True, slots=True, eq=False)
class PairClasses:
    """The tie of every actor to every episode's beneficiary in one week; shapes (actors, episodes).

    `actors`: persons who mobilised in the week, in order of first act; `episodes`: ids, by t_call. `tie_class`: index
    into `passerelle.allowed.TIE_CLASSES` (int8); `num_days` D, `num_mutual` M (int64), `overlap` (NaN = null), `range`
    (inf = none). `is_mobiliser`: observed; `is_forbidden`: the actor is the beneficiary or an author of a call.
    """

    actors: list[str]
    episodes: list[str]
    tie_class: NDArray[np.int8]
    num_days: Longs
    num_mutual: Longs
    overlap: Floats
    range: Floats
    is_mobiliser: NDArray[np.bool_]
    is_forbidden: NDArray[np.bool_]


def pair_classes(study: Study, week: str) -> PairClasses:
    """Ties of all persons who mobilised in `week` with the beneficiaries of all its episodes, each at its t_call."""
    episodes = study.episodes.filter(pc.equal(study.episodes["iso_week"], week))
    ours = pc.and_(pc.equal(study.mobilisations["iso_week"], week), pc.equal(study.mobilisations["role"], "person"))
    did = study.mobilisations.filter(ours)
    actors = list(
        dict.fromkeys(did.sort_by([("time", "ascending"), ("account_id", "ascending")])["account_id"].to_pylist())
    )
    shape = len(actors), len(episodes)
    actor, episode = (side.ravel() for side in np.indices(shape))
    strength, spans = _pair_ties(
        study, pa.array(actors, pa.string()).take(pa.array(actor)), episodes.take(pa.array(episode))
    )
    ids = episodes["episode_id"].to_pylist()
    row, column = {one: i for i, one in enumerate(actors)}, {one: i for i, one in enumerate(ids)}
    is_mobiliser, is_forbidden = np.zeros(shape, np.bool_), np.zeros(shape, np.bool_)
    for account, episode_id in zip(did["account_id"].to_pylist(), did["episode_id"].to_pylist(), strict=True):
        is_mobiliser[row[account], column[episode_id]] = True
    for j, one in enumerate(episodes.to_pylist()):
        barred = [row[account] for account in {one["beneficiary_id"], *one["author_ids"]} if account in row]
        is_forbidden[barred, j] = True
    return PairClasses(
        actors=actors,
        episodes=ids,
        tie_class=strength.tie_class.reshape(shape),
        num_days=strength.num_days.reshape(shape),
        num_mutual=spans.mutual.reshape(shape),
        overlap=spans.overlap.reshape(shape),
        range=spans.range.reshape(shape),
        is_mobiliser=is_mobiliser,
        is_forbidden=is_forbidden,
    )


def _pair_ties(study: Study, accounts: pa.Array, episodes: pa.Table) -> tuple[Strength, Spans]:
    at, beneficiaries = clock(episodes["t_call"]), episodes["beneficiary_id"]
    pair = study.ties.numbers(accounts), study.ties.numbers(beneficiaries)
    since = covered_from(study.coverage, accounts, beneficiaries, at)
    return study.ties.strength(*pair, at, since), study.ties.spans(*pair, at)
