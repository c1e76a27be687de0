"""Every table of the lake: Arrow schema, key, partition, and the words of the data dictionary.

A column without words in both languages cannot be declared, so the dictionary cannot lag. All times are UTC
microseconds; identifiers are keyed pseudonyms (see `passerelle/identity.py`).
"""

from __future__ import annotations

from passerelle.tables.accounts import ACCOUNTS, HANDLES
from passerelle.tables.columns import TIME, UNKNOWN, Column, Table
from passerelle.tables.engagements import ENGAGEMENTS, POLLS
from passerelle.tables.help import EPISODES, MOBILISATIONS
from passerelle.tables.interactions import INTERACTIONS
from passerelle.tables.labels import LABELS
from passerelle.tables.posts import DELETIONS, POST_NAMES, POST_VERSIONS, POSTS
from passerelle.tables.runs import COVERAGE, QUARANTINE, RUNS
from passerelle.tables.weekly import WEEKLY_COVERAGE, WEEKLY_INDICATORS, WEEKLY_UNSEEN

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        POSTS,
        POST_VERSIONS,
        POST_NAMES,
        ACCOUNTS,
        HANDLES,
        ENGAGEMENTS,
        POLLS,
        DELETIONS,
        INTERACTIONS,
        LABELS,
        EPISODES,
        MOBILISATIONS,
        WEEKLY_INDICATORS,
        WEEKLY_COVERAGE,
        WEEKLY_UNSEEN,
        COVERAGE,
        QUARANTINE,
        RUNS,
    )
}

__all__ = [
    "ACCOUNTS",
    "COVERAGE",
    "DELETIONS",
    "ENGAGEMENTS",
    "EPISODES",
    "HANDLES",
    "INTERACTIONS",
    "LABELS",
    "MOBILISATIONS",
    "POLLS",
    "POSTS",
    "POST_NAMES",
    "POST_VERSIONS",
    "QUARANTINE",
    "RUNS",
    "TABLES",
    "TIME",
    "UNKNOWN",
    "WEEKLY_COVERAGE",
    "WEEKLY_INDICATORS",
    "WEEKLY_UNSEEN",
    "Column",
    "Table",
]
