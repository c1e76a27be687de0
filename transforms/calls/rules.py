"""The decision rules that need no weighing: where they apply, they decide, in the order of precedence of the rules.

Numbers are those of the decision rules in docs/classifier.md. Everything else is weighed by the model.
"""

from __future__ import annotations

from transforms.calls.features import ReadPost
from transforms.calls.posts import LabelName

_VACANCY = frozenset({"workplace_seeks", "employer_voice", "offer_form", "trade_wanted"})
_ASKS = frozenset({"seek_own", "open_state", "experience"})
_SOUGHT = frozenset({"tag_p", "tag_t"})  # a position or a trade is named
_FEW_WORDS = 4


def certain(reading: ReadPost) -> LabelName | None:
    """The label that a rule settles by itself, or None."""
    signs, count = reading.signs, len(reading.words.tokens)
    if "media" in signs and reading.words.seeker_tag and count <= _FEW_WORDS and "reply" not in signs:
        return "call"  # 18: nothing else but a CV picture and the seeker's mark
    if not any(token.isalnum() for token in reading.words.tokens):
        return "other"  # 18: hashtags alone decide nothing
    if "bump" in signs and "reply" in signs and count <= _FEW_WORDS:
        return "relay"  # 19: a bare "up" is a relay, even by a seeker
    if "not_looking_offer" in signs:
        return "offer"  # 12: "I am not looking, I offer"
    if "bio_bot_bio" in signs and "reply" in signs and signs & {"url", "to_all"}:
        return "offer"  # 9: a general link thrown at a seeker by an agency's automaton
    if "rt_of" in signs:
        return _manual_repost(signs)
    return None


def by_precedence(reading: ReadPost, weighed: LabelName) -> LabelName:
    """The label `weighed`, or that of a rule that takes precedence over it.

    Such a rule goes by signs that the labelled posts bear out.
    """
    signs = reading.signs
    if weighed == "thanks_outcome" and "seek_own" in signs and signs & _SOUGHT and "outcome" not in signs:
        return "call"  # 1: a live ask wins over the thanks that end it
    if weighed == "call" and "hf" in reading.words.tokens and not signs & _ASKS:
        return "offer"  # 3: "H/F" is an employer's
    return weighed


def _manual_repost(signs: frozenset[str]) -> LabelName:
    if "self_repeat" in signs and "outcome" not in signs:
        return "call"  # 6: one's own call again
    if signs & _VACANCY and "seek_own" not in signs and "open_state" not in signs and "need_told" not in signs:
        return "offer"  # 7: passing an offer on
    return "relay"  # 5
