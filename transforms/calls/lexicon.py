"""What a campaign seeks, as word lists, and the shared cue phrases; both ship as TOML beside this file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

from passerelle.errors import UsageError
from transforms.calls.text import fold

TAGS = {
    "sought": "p", "givers": "g", "people": "k", "trades": "t", "elsewhere": "o", "partners": "a", "buyers": "b",
    "volunteers": "v", "kin": "r", "place": "l", "number": "n", "workplace": "w", "hire_word": "h", "outcome_word": "u",
    "campaign_word": "c", "news_word": "m", "training_word": "d", "sale_word": "s", "goods_word": "e",
    "support_word": "f", "interview_word": "i", "jest_word": "j", "household_word": "y", "complaint_word": "x",
}  # fmt: skip
LEXICONS = ("job_search", "sales_prospecting", "reputation", "founding")
_UNIT = re.compile(r'"([^"]+)"|(\S+)')


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Words of one campaign: `words` exact, `stems` by their beginning, `units` of several words; values are tags."""

    name: str
    words: Mapping[str, str]
    stems: tuple[tuple[str, str], ...]
    units: Mapping[tuple[str, ...], str]
    cues: Mapping[str, tuple[str, ...]]
    campaign_tags: re.Pattern[str]
    seeker_tags: re.Pattern[str]

    def for_hashtags(self, hashtags: Collection[str]) -> Lexicon:
        """The same words for a campaign whose own hashtags (folded, without #) are `hashtags`."""
        return _for_hashtags(self, frozenset(hashtags))


@lru_cache(maxsize=32)
def _for_hashtags(lexicon: Lexicon, hashtags: frozenset[str]) -> Lexicon:
    named = "|".join(re.escape(fold(tag)) for tag in sorted(hashtags))
    both = re.compile(f"{named}|{lexicon.campaign_tags.pattern}")
    return replace(lexicon, campaign_tags=both)


@lru_cache(maxsize=8)
def load_lexicon(name: str = "job_search") -> Lexicon:
    """The lexicon that ships under `name` (one of LEXICONS). Raises UsageError for another name."""
    if name not in LEXICONS:
        known = ", ".join(LEXICONS)
        raise UsageError(
            en=f"no lexicon '{name}'; write one of: {known}",
            fr=f"pas de lexique « {name} » ; écrire l'un de : {known}",
        )
    return build_lexicon(name, _toml(f"lexicons/{name}.toml"), _toml("cues/words.toml"), cue_phrases())


@lru_cache(maxsize=1)
def cue_phrases() -> dict[str, tuple[str, ...]]:
    """The shared cues of both languages: cue name -> phrases."""
    found: dict[str, tuple[str, ...]] = {}
    for language in ("fr", "en"):
        for cue, text in _toml(f"cues/{language}.toml").items():
            found[cue] = found.get(cue, ()) + _phrases(text)
    return found


def build_lexicon(
    name: str, own: Mapping[str, object], shared: Mapping[str, object], cues: Mapping[str, tuple[str, ...]]
) -> Lexicon:
    """A Lexicon from loaded TOML: `own` lists and cues of the campaign, `shared` lists, `cues` of every campaign."""
    exact: dict[str, str] = {}
    stems: dict[str, str] = {}
    units: dict[tuple[str, ...], str] = {}
    for group, tag in TAGS.items():
        for unit in _units(f"{own.get(group, '')} {shared.get(group, '')}"):
            _file(unit, tag, exact, stems, units)
    own_cues = own.get("cues", {})
    assert isinstance(own_cues, dict)
    extra = {cue: cues.get(cue, ()) + _phrases(text) for cue, text in own_cues.items()}
    return Lexicon(
        name, exact, tuple(stems.items()), units, {**cues, **extra},
        _starts(own.get("campaign_tags")), _starts(own.get("seeker_tags")),
    )  # fmt: skip


def _file(unit: str, tag: str, exact: dict[str, str], stems: dict[str, str], units: dict[tuple[str, ...], str]) -> None:
    parts = tuple(unit.split())
    if len(parts) > 1:
        units[parts] = units.get(parts, "") + tag
    elif unit.endswith("*"):
        stems[unit[:-1]] = stems.get(unit[:-1], "") + tag
    else:
        exact[unit] = exact.get(unit, "") + tag


def _units(text: str) -> list[str]:
    return [fold(quoted or plain) for quoted, plain in _UNIT.findall(text)]


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _starts(names: object) -> re.Pattern[str]:
    """A pattern of hashtags; `*` stands for any ending. No name at all matches nothing."""
    listed: Iterable[str] = names if isinstance(names, list) else ()
    parts = [re.escape(fold(name)).replace(r"\*", r"\w*") for name in listed]
    return re.compile("|".join(parts) or r"(?!)")


def _toml(path: str) -> dict[str, str]:
    return tomllib.loads(files("transforms.calls").joinpath(path).read_text("utf-8"))
