"""Addresses without a scheme, and e-mail as people disguise it, in running text; what only looks like them stays."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import tldextract

_LABEL = r"[^\W_](?:[\w\-]{0,61}[^\W_])?"
_DOMAIN = re.compile(
    rf"(?<![\w@./\-#＃])(?:[a-zA-Z]{{2,10}}://)?(?P<name>(?:{_LABEL}\.){{1,6}}(?:xn--[\w\-]{{2,59}}|[^\W\d_]{{2,24}}))"
    r"(?![\w@\-])(?P<rest>(?::\d{1,5}(?!\d))?(?:[/?#][^\s<>\"']*)?)"
)
_MAYBE_DOMAIN = re.compile(r"\w\.[^\W\d_]{2}")
# names that are words too: endings of French written for both genders, sentences joined without a blank, files
_WORDS = frozenset(
    "es se ne ve je il la et au sa so my is as am do si ni va vu by no us in to ma py sh md zip mov".split()  # noqa: SIM905
)
_USUAL = frozenset(("com", "org", "net", "fr", "eu", "info"))
_TOOLS = frozenset(("asp.net", "vb.net", "ado.net", "ml.net"))

_AT = r"(?:\s?[\[({<]\s?(?:at|arobase?|arrobase|chez|à|a|@)\s?[\])}>]\s?|\s?%40\s?|[ _\-]aro?base[ _\-]|\s@\s|@\s)"
_PLAIN_AT = r"(?:[ _](?:at|chez)[ _])"
_DOT = r"(?:\s?[\[({<]\s?(?:dot|point|pt|\.)\s?[\])}>]\s?|[ _\-](?:dot|point)[ _\-]|\s?\.\s?)"
_SPELT_DOT = r"(?:\s?[\[({<]\s?(?:dot|point|pt|\.)\s?[\])}>]\s?|[ _\-](?:dot|point)[ _\-])"
_USER = rf"(?<![\w.+\-@])[\w+\-]{{1,64}}(?:(?:\.|{_SPELT_DOT})[\w+\-]{{1,40}}){{0,3}}"
_HOST = r"[a-z0-9][\w\-]{0,62}"
_MAYBE_DISGUISED = re.compile(
    r"@\s|\w@[\w\-]+[\s\[({<]|%40|[\[({<]\s?(?:at|ar+obase?|chez|à|a|@)\s?[\])}>]|ar+obase"
    r"|[ _](?:at|chez)[ _][^\n]{1,80}?(?:dot|point)",
    re.IGNORECASE,
)
_SIGNS = ("@", "%40", "arob", "arrob", "dot", "point", "[", "(", "{", "<")


@cache
def top_level() -> frozenset[str]:
    """Every top-level domain of the library's snapshot of the public suffix list; nothing is asked of the network."""
    known = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None).tlds
    return frozenset(suffix.rpartition(".")[2] for suffix in known)


def hide_domains(words: str, hide: Callable[[str], str]) -> str:
    """`words` with every address that has no scheme replaced by what `hide` makes of it."""
    if not _MAYBE_DOMAIN.search(words):
        return words
    return _DOMAIN.sub(lambda match: _hidden_domain(match, hide), words)


def hide_disguised(words: str) -> str:
    """`words` with ``[email]`` for addresses such as ``jean [at] exemple [point] fr`` or ``jean @ exemple . fr``."""
    plain = words.lower()
    if not (any(sign in plain for sign in _SIGNS) and _MAYBE_DISGUISED.search(words)):
        return words
    return _disguised().sub(_hidden_address, words)


@cache
def _disguised() -> re.Pattern[str]:
    ends = "|".join(sorted(top_level(), key=len, reverse=True))
    between = rf"{_HOST}(?:{_DOT}{_HOST}){{0,3}}?"
    spelt = rf"{between}{_SPELT_DOT}"
    ways = rf"{_AT}{between}{_DOT}|{_PLAIN_AT}{spelt}|@{spelt}"
    return re.compile(rf"{_USER}(?:{ways})(?:{ends})(?![\w@])", re.IGNORECASE)


def _hidden_address(match: re.Match[str]) -> str:
    found = match[0]
    is_place = " @ " in found and found[0].isupper()  # a post at a firm: "Developer @ firm.com"
    return found if is_place else "[email]"


def _hidden_domain(match: re.Match[str], hide: Callable[[str], str]) -> str:
    found, rest = match["name"], match["rest"]
    labels = found.split(".")
    for number in range(len(labels), 1, -1):
        if number < len(labels) and not labels[number][0].isupper():
            break  # what goes on is no sentence
        name = ".".join(labels[:number])
        follows = rest if number == len(labels) else ""
        if _is_domain(labels[:number], follows, has_scheme="://" in match[0][: -len(found)]):
            whole = match[0][: match[0].index(found)] + name + follows
            return hide(whole) + match[0][len(whole) :]
    return match[0]


def _is_domain(labels: list[str], rest: str, *, has_scheme: bool) -> bool:
    """Whether these labels are a server's name, and not two sentences, an abbreviation or a file."""
    last = labels[-1]
    if last.casefold() not in top_level() and not last.startswith("xn--"):
        return False
    if has_scheme or len(rest) > 1 or labels[0].casefold() == "www":
        return True
    if ".".join(labels).casefold() in _TOOLS:
        return False
    if not last.islower() and last.casefold() not in _USUAL:
        return False
    is_telling = any(re.search(r"[\d\-]", label) for label in labels[:-1])
    is_long = len(labels) > 2 and all(len(label) > 1 for label in labels)
    return last.casefold() not in _WORDS or is_telling or is_long
