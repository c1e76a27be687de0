"""Do mobilisers reach across? Range of their ties, and the communities at both ends."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from transforms.graphs.jit import Floats, Longs
from transforms.help.pairs import PairClasses
from transforms.indicators.bins import MUTUAL_BINS, RANGE_BINS
from transforms.indicators.cohort import OBSERVED, Cohort, is_in
from transforms.indicators.communities import Groups
from transforms.indicators.frames import rows_of
from transforms.indicators.measure import IndicatorRow, count, ratio
from transforms.indicators.null_model import ACROSS, BRIDGING, WITHIN, Kinds, NullModel
from transforms.indicators.sampled import Sample, Share, measured
from transforms.indicators.significance import Test
from transforms.proportions import Interval


def spans(cohort: Cohort, null: NullModel) -> Iterator[IndicatorRow]:
    """Mutual neighbours and range of classified mobilisers, mean overlap, and the shares that bridge (rule 21)."""
    rows = cohort.classified
    for name, bins in (("mutual", MUTUAL_BINS), ("range", RANGE_BINS)):
        values = rows["num_mutual" if name == "mutual" else name].to_numpy(np.float64)
        for stratum, (low, high) in bins.items():
            yield count(name, int(np.count_nonzero((values >= low) & (values <= high))), stratum)
    yield from measured(overlap_sample(cohort))
    sample = bridging_sample(cohort)
    yield from measured(sample, _bridging_tests(sample, null))


def overlap_sample(cohort: Cohort) -> Sample:
    """Overlap of the observed ties where it is defined."""
    rows = cohort.classified
    overlap = rows["overlap"].to_numpy(np.float64)
    defined = np.isfinite(overlap)
    above, below = np.where(defined, overlap, 0.0), defined.astype(np.float64)
    share = Share("mean_overlap_of_observed", "all", above, below, kind="mean")
    return Sample([share], cohort.sides(rows))


def bridging_sample(cohort: Cohort) -> Sample:
    """Bridging among the classified, and among the observed ties."""
    rows = cohort.classified
    observed, bridging = is_in(rows, OBSERVED), (rows["range"].to_numpy(np.float64) >= BRIDGING).astype(np.float64)
    shares = [
        Share("bridging_share_of_classified", "all", bridging, np.ones(len(rows))),
        Share("bridging_share_of_observed", "all", bridging * observed, observed),
    ]
    return Sample(shares, cohort.sides(rows))


def _bridging_tests(sample: Sample, null: NullModel) -> dict[str, Test]:
    return {share.indicator: _bridging_test(share, null) for share in sample.shares}


def _bridging_test(share: Share, null: NullModel) -> Test:
    def base(kinds: Kinds) -> Floats:
        return kinds.observed if share.indicator == "bridging_share_of_observed" else kinds.classified

    value = ratio(share.above.sum(), share.below.sum())
    return null.test(value, lambda kinds: base(kinds) * kinds.is_bridging, base)


def sides(cohort: Cohort, pairs: PairClasses, groups: Groups) -> Longs:
    """For each actor x episode of the week's `pairs`: both in one community, in two, or one of them in none."""
    helped = rows_of(cohort.frames.episodes, cohort.week).set_index("episode_id")["beneficiary_id"]
    contacts = cohort.frames.contacts
    one, other = contacts.numbers(pairs.actors), contacts.numbers(helped.loc[pairs.episodes])
    return _side(groups.of[one][:, None], groups.of[other][None, :])


def across(cohort: Cohort, groups: Groups, null: NullModel) -> Iterator[IndicatorRow]:
    """Share of classified mobilisers from another community than the beneficiary's, and the E-I index.

    Those without community on either end are left out of both; `e_i_index` says what share they are. The interval
    is the range over the Leiden seeds, since that is where the doubt is.
    """
    rows, (one, other) = cohort.classified, _ends(cohort)
    side = _side(groups.of[one], groups.of[other])
    inside, outside = int((side == WITHIN).sum()), int((side == ACROSS).sum())
    known = inside + outside
    reached = _side(groups.by_seed[:, one], groups.by_seed[:, other])
    alternatives = (reached == ACROSS).sum(axis=1)
    lowest, highest = alternatives.min(initial=len(rows)), alternatives.max(initial=0)
    share, index = ratio(outside, known), ratio(outside - inside, known)
    spread = Interval(ratio(lowest, known), ratio(highest, known))
    ends = Interval(ratio(2 * lowest - known, known), ratio(2 * highest - known, known))
    yield IndicatorRow("cross_community_share", share, known, "all", spread, _across_test(null, share, 0.0))
    yield IndicatorRow("e_i_index", index, known, "all", ends, _across_test(null, index, 1.0))
    yield IndicatorRow("e_i_index", ratio(len(rows) - known, len(rows)), len(rows), "without_community")


def across_sample(cohort: Cohort, community: Longs) -> Sample:
    """From another community than the beneficiary's, among those where both have one (`community` of every person)."""
    rows, (one, other) = cohort.classified, _ends(cohort)
    side = _side(community[one], community[other])
    share = Share("cross_community_share", "all", (side == ACROSS).astype(np.float64), (side > 0).astype(np.float64))
    return Sample([share], cohort.sides(rows))


def _ends(cohort: Cohort) -> tuple[Longs, Longs]:
    """Numbers of the classified mobilisers and of those they helped."""
    rows, contacts = cohort.classified, cohort.frames.contacts
    helped = cohort.episodes["beneficiary_id"].to_numpy()[rows["episode"].to_numpy(np.int64)]
    return contacts.numbers(rows["account_id"]), contacts.numbers(helped)


def _across_test(null: NullModel, observed: float | None, internal: float) -> Test:
    """External, less `internal` times the internal ones, over both."""
    return null.test(
        observed,
        lambda kinds: kinds.classified * ((kinds.side == ACROSS) - internal * (kinds.side == WITHIN)),
        lambda kinds: kinds.classified * (kinds.side > 0),
    )


def _side(one: Longs, other: Longs) -> Longs:
    known = (one >= 0) & (other >= 0)
    return np.where(known, np.where(one == other, WITHIN, ACROSS), 0)
