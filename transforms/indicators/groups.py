"""Communities of the weeks of a study, under names that last: what the picture of footbridges is drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import numpy as np

from passerelle.weeks import week_bounds, week_range
from transforms.graphs.communities import CommunityNames, find_communities, name_communities
from transforms.help.study import Study
from transforms.indicators.contacts import Contacts, index_contacts
from transforms.moments import micros

EARLIER_WEEKS = 8
"""How far back names are followed: work is bounded by this, not by the age of the lake."""


def lasting_communities(study: Study, week: str, weeks_before: int = EARLIER_WEEKS) -> Mapping[str, int]:
    """Account -> lasting name (1, 2, 3...) of its community in the prior graph at the start of `week`.

    Leiden communities of each week's prior graph (persons only), matched from week to week by
    :func:`~transforms.graphs.communities.name_communities`, beginning `weeks_before` weeks earlier or with the
    first episode. Accounts without contacts in the window are left out.
    """
    seen = study.episodes["iso_week"].to_pylist()
    span = list(week_range(f"{min([*seen, week])}/{week}"))[-weeks_before - 1 :]
    contacts = index_contacts(study.ties)
    known = CommunityNames({})
    named: dict[str, int] = {}
    for one in span:
        current = _communities(study, contacts, one)
        names, known = name_communities(current, known)
        named = {account: names[number] for account, number in current.items()}
    return named


def _communities(study: Study, contacts: Contacts, week: str) -> dict[str, int]:
    begin = week_bounds(week, study.zone)[0]
    window = timedelta(days=study.analysis.window_days)
    graph, people = contacts.graph(micros(begin - window), micros(begin))
    accounts = contacts.number.index.to_numpy()[np.argsort(contacts.number.to_numpy())]
    member = find_communities(graph).member
    return {str(accounts[person]): int(number) for person, number in zip(people, member, strict=True) if number >= 0}
