"""Communities of the weeks of a study, under names that last: what the picture of footbridges is drawn from."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from passerelle.weeks import week_range
from transforms.graphs.communities import CommunityNames, name_communities
from transforms.indicators.frames import Frames

EARLIER_WEEKS = 8
"""How far back names are followed: work is bounded by this, not by the age of the lake."""


def lasting_communities(frames: Frames, week: str, weeks_before: int = EARLIER_WEEKS) -> Mapping[str, int]:
    """Account -> lasting name (1, 2, 3...) of its community in the prior graph at the start of `week`.

    Leiden communities of each week's prior graph (persons only), matched from week to week by
    :func:`~transforms.graphs.communities.name_communities`, beginning `weeks_before` weeks earlier or with the
    first episode. Accounts without contacts in the window are left out.
    """
    seen = frames.study.episodes["iso_week"].to_pylist()
    span = list(week_range(f"{min([*seen, week])}/{week}"))[-weeks_before - 1 :]
    known = CommunityNames({})
    named: dict[str, int] = {}
    for one in span:
        current = _communities(frames, one)
        names, known = name_communities(current, known)
        named = {account: names[number] for account, number in current.items()}
    return named


def _communities(frames: Frames, week: str) -> dict[str, int]:
    accounts, member = frames.contacts.number.index, frames.community(week)[:-1]
    placed = np.flatnonzero(member >= 0)
    return dict(zip(accounts[placed].tolist(), member[placed].tolist(), strict=True))
