"""From what a profile says to flags. The profile's words are read here and kept nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from passerelle.identity import fold_hashtag
from passerelle.records import Evidence

_TAGS = re.compile(r"<[^<>]*>")
_CLAUSES = re.compile(r"[.,;:!?|•·\n/()]+|\s[–—-]\s")
_BOT = re.compile(
    r"[#＃]bot\b|\b(?:je suis|ceci est|i am|i'm|this is) (?:un |a |an )?(?:\w+ )?(?:ro)?bot\b"
    r"|\bcompte automati(?:que|se)\b|\bautomated (?:account|bot)\b|\bbot account\b|\bposts? automatiques?\b"
)
_RUNS = re.compile(
    r"\b(?:compte officiel|official account|officiel(?:le)?\b|l.equipe|equipe|team|co-?fond|fond(?:ateur|atrice|e\b)"
    r"|founde[rd]|cree par|creat(?:eur|rice|or)|organis|organiz|anim(?:ateur|atrice|e\b|ons\b)|coordin"
    r"|porte-parole|spokes|administr|admin\b|modera|benevole|volunteer|a l.origine d|initiat(?:eur|rice|ive)"
    r"|pilot|behind|runs? )"
)


@dataclass(frozen=True, slots=True)
class ProfileReader:
    """Reads profiles for one campaign. `names` are its hashtags and short name, folded."""

    names: frozenset[str]

    def declared_bot(self, evidence: Evidence) -> bool:
        """Whether the account says that it is automated, by its flag or in words."""
        return evidence.bot or bool(evidence.note and _BOT.search(_fold(evidence.note)))

    def organiser(self, evidence: Evidence) -> bool:
        """Whether one clause of the profile claims to run the campaign (labels, rule 14): a role and its name.

        A clause that merely supports or uses the hashtag holds no role; the founder of something else does not hold the
        name.
        """
        if not evidence.note:
            return False
        return any(_RUNS.search(clause) and self._names(clause) for clause in _CLAUSES.split(_fold(evidence.note)))

    def _names(self, clause: str) -> bool:
        words = set(re.findall(r"\w+", clause))
        return not words.isdisjoint(self.names)


def profile_reader(hashtags: Iterable[str], name: str) -> ProfileReader:
    """The reader for a campaign with these `hashtags` and this short `name`."""
    return ProfileReader(frozenset(fold_hashtag(word) for word in (*hashtags, name)))


def _fold(note: str) -> str:
    return fold_hashtag(" " + _TAGS.sub(" ", note).replace("’", "'"))
