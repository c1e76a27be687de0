"""From a post's text to plain folded words: the only form in which rules and model see it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from passerelle.identity import fold_hashtag

_MARKS = {
    "👇": " pointdown ", "⬇": " pointdown ", "⤵": " pointdown ", "🎉": " party ", "🥳": " party ", "🍾": " party ",
    "🥂": " party ", "→": " . ", "…": " . ", "🔹": " . ", "▪": " . ", "•": "·", "’": "'", "ʼ": "'", "‘": "'",
    "€": " eur ", "£": " eur ", "$": " eur ", "＃": "#", "＠": "@", "«": ' " ', "»": ' " ', "“": '"', "”": '"',
}  # fmt: skip
_MARK_TABLE = {ord(mark): word for mark, word in _MARKS.items()}
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_MENTION = re.compile(r"@\w[\w.-]*(?:@[\w.-]+\w)?")
_HASHTAG = re.compile(r"#(\w+)")
_CAMEL = re.compile(r"(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Ý])")
_EDGE = r"(?:#\w+|\s|https?://\S+|[^\w\s#@'\"«».,!?:;()/&+-])"
_TAIL = re.compile(rf"(?:(?<=\s)|(?<=^)|(?<=[^\w#])){_EDGE}*#\w+{_EDGE}*[.!]*$")
_HEAD = re.compile(r"^(?:\s|[^\w\s#@'\"«»(\[])*(?:#\w+[\s:]*)+(?=[^\s])")
_BOTH_SEXES = re.compile(r"\b(?:h\s?/\s?f|f\s?/\s?h|m\s?/\s?[fw](?:\s?/\s?[dx])?|hf|fh)\b(?!/)")
_INCLUSIVE = re.compile(
    r"(?<=\w\w)(?:[·•∙‧]\w{1,6}(?:[·•∙‧]s)?|\((?:e|ne|ère|ere|trice|rice|euse|se|le|te|ve|s|es|nes|rices|ière|iere)\)s?"
    r"|[.](?:e|ne|trice|rice|euse|ère)(?:[.]?s)?(?!\w)|-(?:e|ne|trice|euse)(?:-s|s)?(?![\w-]))"
)
_TOKEN = re.compile(r"[a-z]+|\d+|[.?!,:\"%+\[/-]")


@dataclass(frozen=True, slots=True)
class PostWords:
    """`tokens` of a post's own words; `seeker_tag`: a hashtag of a seeker; `inclusive`: spelt for both sexes."""

    tokens: tuple[str, ...]
    seeker_tag: bool
    inclusive: bool


def fold(text: str) -> str:
    """Lower case without accents or compatibility forms."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c)).lower().replace("œ", "oe").replace("æ", "ae")


def words(text: str, is_campaign: re.Pattern[str], is_seeker: re.Pattern[str]) -> PostWords:
    """Fold and cut `text`. Hashtags before and after the sentence are dropped; inside it they are words."""
    tags = [fold_hashtag(tag) for tag in _HASHTAG.findall(text)]
    plain = _INCLUSIVE.sub("", _sentence(text))
    folded = fold(_links(plain, is_campaign))
    tokens = tuple(_TOKEN.findall(_BOTH_SEXES.sub(" hf ", folded)))
    return PostWords(
        tokens=tokens,
        seeker_tag=any(is_seeker.fullmatch(tag) for tag in tags),
        inclusive=plain != _sentence(text),
    )


def as_written(text: str) -> str:
    """`text` as written, for a reader of whole sentences: no links, names or marks around it."""
    bare = _MENTION.sub("@user", _MAIL.sub("", _LINK.sub("", _sentence(text))))
    return " ".join(_HASHTAG.sub(lambda found: _CAMEL.sub(" ", found[1]), bare).split()) or "."


def _sentence(text: str) -> str:
    return _HEAD.sub("", _TAIL.sub("", text.strip().translate(_MARK_TABLE)).strip())


def _links(text: str, is_campaign: re.Pattern[str]) -> str:
    def tag(found: re.Match[str]) -> str:
        word = found[1]
        return " campaign " if is_campaign.fullmatch(fold_hashtag(word)) else f" {_CAMEL.sub(' ', word)} "

    text = _MENTION.sub(" usr ", _MAIL.sub(" mail ", _LINK.sub(" url ", text)))
    return _HASHTAG.sub(tag, text)
