"""One self-contained page: the template, its style sheet, and a policy under which nothing in it can run."""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from urllib.parse import quote

import pyarrow as pa
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from passerelle.wording import printed
from transforms.report import boxes, bridges, cards, first_response, headline, revised, tie_mix, yields
from transforms.report.edition import Edition
from transforms.report.figures import Figure
from transforms.report.language import Language, language
from transforms.report.outcomes import outcome_sentences
from transforms.report.svg import PATTERNS
from transforms.report.unanswered import unanswered

UNPRINTABLE = ("Cc", "Cf", "Cs", "Co")
LICENCES = {"CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/"}


@dataclass(frozen=True)
class ReleasePage:
    """The page of an edition in one language: each part is made once, when it is first asked for."""

    edition: Edition
    words: Language

    @cached_property
    def title(self) -> str:
        """The finding in one line."""
        return headline.title(self.edition.data, self.edition.series, self.words)

    @cached_property
    def points(self) -> list[str]:
        """At most three sentences, as they stand in the report."""
        return headline.points(self.edition.data, self.edition.series, self.words)

    @cached_property
    def figures(self) -> list[Figure]:
        """The pictures, each with its numbers."""
        data, series, words = self.edition.data, self.edition.series, self.words
        return [
            tie_mix.figure(data, series, words),
            yields.figure(data, series, words),
            first_response.figure(data, words),
            bridges.figure(data, words),
        ]

    @cached_property
    def tables(self) -> dict[str, pa.Table]:
        """The data beside the page, by the names that its links give: ``../data/<name>.csv``, ``.parquet``."""
        drawn = {"cards": cards.table(self.edition.data, self.edition.series)}
        for figure in self.figures:
            drawn |= {figure.name: figure.data, **figure.beside}
        return drawn

    @cached_property
    def html(self) -> str:
        """The whole page: same edition, same bytes."""
        data, series, words = self.edition.data, self.edition.series, self.words
        shown = {
            "title": self.title,
            "lede": headline.lede(data, series, words),
            "caution": headline.caution(data, words),
            "points": self.points,
            "cards": cards.cards(data, series, words),
            "card_sheet": cards.sheet(data, series, words),
            "quality": boxes.quality(data, words),
            "provisional": boxes.provisional(data, series, words),
            "revisions": revised.revisions(data, words),
            "unlisted": revised.unlisted(data, words),
            "figures": self.figures,
            "unanswered": unanswered(data.told, words),
            "outcomes": outcome_sentences(data.week, series, data.told, words),
            "contact_link": contact_link(data.campaign.contact),
            "licence_link": LICENCES.get(data.campaign.licence),
            "rounding": rounding_note(data.is_public, words),
        }
        return printable(environment().get_template("page.html.j2").render(**page_context(words), **shown, data=data))


def compose(edition: Edition, code: str) -> ReleasePage:
    """The page of `edition` in the language `code` (``fr`` or ``en``). Raises UsageError for another."""
    return ReleasePage(edition, language(code))


def rounding_note(is_public: bool, words: Language) -> str:
    """How exact the numbers of an edition are."""
    return words.say("figures.rounded_note" if is_public else "figures.exact_note")


def page_context(words: Language) -> dict[str, object]:
    """What every page's template gets: words, style sheet, policy."""
    style = files(__package__).joinpath("templates", "style.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    return {
        "words": words,
        "say": words.say,
        "style": Markup(style),
        "policy": policy,
        "patterns": PATTERNS,
        "capital": headline.capital,
    }


def contact_link(contact: str) -> str | None:
    """Where a click on the contact may lead: a message or an https page; else nowhere."""
    if any(unicodedata.category(letter)[0] in "CZ" for letter in contact):
        return None
    if contact.startswith("https://"):
        return contact
    name, at, host = contact.partition("@")
    return f"mailto:{quote(name)}@{quote(host)}" if name and at and "." in host and ":" not in contact else None


def printable(text: str) -> str:
    """`text` without signs that turn, hide or break what stands around them (bidi, zero width, control, surrogates)."""
    return "".join(sign for sign in text if sign == "\n" or unicodedata.category(sign) not in UNPRINTABLE)


@cache
def environment() -> Environment:
    """The templates: autoescaped, and an undefined name is an error."""
    made = Environment(
        loader=PackageLoader("transforms.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["typeset"] = lambda text, code: Markup(printed(str(text), code))
    return made
