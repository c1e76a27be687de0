"""Which of many sums can be told without giving away a small number of people.

Every published figure is a known sum of a few head counts. Figures are taken in order of importance, and each is told
only if no small head count can then be worked out, that is, if none is a linear combination of the figures told.
Secondary suppression and withheld totals follow from this one rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

K = 5
Key = tuple[str, str]
Vector = np.ndarray[tuple[int], np.dtype[np.float64]]
Sum = frozenset[str]


@dataclass(frozen=True, slots=True)
class PublishableRow:
    """One publishable row (indicator, stratum) and the sums of head counts that it gives away."""

    key: Key
    gives: tuple[Sum, ...]


def is_small(count: float | None, k: int = K) -> bool:
    """Whether a count is between 1 and k − 1. Zero is not small: there is nobody to recognise."""
    return count is not None and 0 < round(count) < k


def withheld(
    figures: Sequence[PublishableRow], heads: Mapping[str, int], same: Iterable[tuple[Sum, Sum]], k: int = K
) -> Iterator[Key]:
    """Keys of `figures` (most important first) that must not be told. `same`: sums that anybody knows to be equal."""
    names = sorted(heads)
    small = {one for figure in figures for one in figure.gives if is_small(sum(heads[name] for name in one), k)}
    small |= {frozenset([name]) for name in names if is_small(heads[name], k)}
    if not small:
        return
    secrets = [_vector(one, names) for one in sorted(small, key=sorted)]
    told = [_vector(one, names) - _vector(other, names) for one, other in same]
    for figure in figures:
        tried = [*told, *(_vector(one, names) for one in figure.gives)]
        if _gives_away(tried, secrets):
            yield figure.key
        else:
            told = tried


def _vector(heads: Sum, names: Sequence[str]) -> Vector:
    return np.array([float(name in heads) for name in names])


def _gives_away(told: Sequence[Vector], secrets: Iterable[Vector]) -> bool:
    matrix = np.array(told)
    rank = np.linalg.matrix_rank(matrix)
    return any(np.linalg.matrix_rank(np.vstack([matrix, secret])) == rank for secret in secrets)
