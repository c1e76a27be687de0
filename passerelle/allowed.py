"""What a column may hold where that is a short list: written here once, for types, tables, dictionary and writes."""

from __future__ import annotations

from typing import Final, Literal, get_args

EngagementKind = Literal["repost", "favourite"]
PollKind = Literal["repost", "favourite", "reply"]
Act = Literal["reply", "quote", "repost", "mention"]
LabelName = Literal["call", "relay", "answer", "offer", "thanks_outcome", "organiser", "news_opinion", "other"]
Beneficiary = Literal["self", "other"]
Outcome = Literal["result", "thanks"]
Role = Literal["person", "organiser", "bot"]
TieClass = Literal["strong", "moderately_weak", "weak", "dormant", "new", "unknown"]
FigureStatus = Literal["final", "provisional", "suppressed", "undefined"]
Scope = Literal["timeline", "thread", "history", "engagement"]
Unknowable = Literal["one_list", "little_overlap", "one_index"]
"""Why it is not known how many posts nobody saw: one server was asked, the servers have little in common, or they show
the same index (or nothing that another could know)."""
RunStatus = Literal["complete", "partial", "failed"]

LABELS: Final[tuple[LabelName, ...]] = get_args(LabelName)
TIE_CLASSES: Final[tuple[TieClass, ...]] = get_args(TieClass)
"""Codes of `tie_class` in arrays are positions in this tuple."""


def first_stray(values: list[object], allowed: tuple[str, ...]) -> object | None:
    """The first of `values` that is neither null nor allowed."""
    return next((value for value in values if value is not None and value not in allowed), None)
