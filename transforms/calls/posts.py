"""What goes into the classifier and what comes out."""

from __future__ import annotations

from dataclasses import dataclass

from passerelle.allowed import LABELS, Beneficiary, LabelName, Outcome

__all__ = ["LABELS", "Label", "LabelName", "PostText"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PostText:
    """One post as the classifier sees it; what is not known stays at its default.

    `organiser_author` and `agency_author` stand for a profile text that was not kept: the account runs the
    campaign, or is a recruiter's automaton. A profile may tell who speaks; it never creates an ask.
    """

    id: str
    text: str
    lang: str | None = None
    hashtags: tuple[str, ...] = ()
    author_bio: str | None = None
    is_reply: bool = False
    is_quote: bool = False
    has_media: bool = False
    organiser_author: bool = False
    agency_author: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What a post does. `score`: probability of `label` (0..1).

    `beneficiary` is set for calls only. `outcome` is set for thanks_outcome only: a result told, or thanks alone.
    `beneficiary_mention`: the handle or pseudonym, without @, that a call for somebody else names first.
    """

    id: str
    label: LabelName
    score: float
    beneficiary: Beneficiary | None = None
    outcome: Outcome | None = None
    beneficiary_mention: str | None = None
