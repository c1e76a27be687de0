"""How evenly something is spread: concentration on few accounts, diversity over groups."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import gammaln, xlogy

from transforms.graphs.jit import Floats

TOP = 5
RAREFIED_TO = 20
"""Size of the sample to which richness is rarefied: the least number of mobilisers that is published."""


def gini(counts: Floats) -> Floats:
    """Gini coefficient times n / (n - 1), along the last axis, over the positive entries; NaN under two of them.

    The correction makes it 1 when one account does everything, whatever the number of accounts (Deltas 2003).
    """
    ordered = np.sort(counts, axis=-1)
    length = ordered.shape[-1]
    positive = np.count_nonzero(ordered > 0, axis=-1)
    # Zeros come first, so the rank among the positive entries is the place less the number of zeros.
    rank = np.arange(1, length + 1) - (length - positive)[..., None]
    weighted = np.sum((2 * rank - positive[..., None] - 1) * ordered, axis=-1)
    total = (positive - 1) * ordered.sum(axis=-1)
    corrected: Floats = np.divide(weighted, total, out=np.full(np.shape(weighted), np.nan), where=total > 0)
    return corrected


def top_share(counts: Floats, top: int = TOP) -> Floats:
    """Share of the total held by the `top` largest, along the last axis; NaN for a total of 0."""
    ordered = np.sort(counts, axis=-1)
    held, total = ordered[..., -top:].sum(axis=-1), ordered.sum(axis=-1)
    share: Floats = np.divide(held, total, out=np.full(np.shape(held), np.nan), where=total > 0)
    return share


def effective_number(counts: Floats) -> Floats:
    """exp(Shannon entropy) along the last axis: how many equal groups would be as diverse (Hill 1973); NaN if empty."""
    total = counts.sum(axis=-1, keepdims=True)
    share = np.divide(counts, total, out=np.zeros(counts.shape), where=total > 0)
    # in order of size: sums of the same floats in another order differ in the last bits
    terms = xlogy(share, share)
    return np.where(total[..., 0] > 0, np.exp(-np.sort(terms, axis=-1).sum(axis=-1)), np.nan)


def rarefied_richness(counts: Floats, size: int = RAREFIED_TO) -> float | None:
    """Expected number of groups among `size` cases drawn without replacement (Hurlbert 1971); None if fewer."""
    total = float(counts.sum())
    if total < size:
        return None
    rest = total - counts[counts > 0]
    missing = np.zeros(len(rest))
    enough = rest >= size
    missing[enough] = np.exp(_log_choose(rest[enough], size) - _log_choose(np.array(total), size))
    return math.fsum(1 - missing)


def _log_choose(total: Floats, size: int) -> Floats:
    chosen: Floats = gammaln(total + 1) - gammaln(size + 1) - gammaln(total - size + 1)
    return chosen
