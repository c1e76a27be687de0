"""One self-contained page: the template, its style sheet, and a policy under which nothing in it can run."""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from dataclasses import replace
from functools import cache
from importlib.resources import files
from urllib.parse import quote

import pyarrow as pa
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from transforms.report import boxes, bridges, cards, first_response, headline, revised, tie_mix, yields
from transforms.report.cells import public_indicators
from transforms.report.data import REVISIONS, ReleaseData
from transforms.report.disclosure import K
from transforms.report.figures import Figure
from transforms.report.language import Language, language
from transforms.report.outcomes import outcome_sentences
from transforms.report.series import Series
from transforms.report.so_far import so_far
from transforms.report.svg import PATTERNS
from transforms.report.unanswered import unanswered

UNPRINTABLE = ("Cc", "Cf", "Cs", "Co")
LICENCES = {"CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/"}


def render(data: ReleaseData, code: str) -> str:
    """The public page in the language `code` (``fr`` or ``en``): same data, same bytes.

    Everything shown has passed :func:`public_indicators`, or is a sum that :func:`so_far` lets pass. Raises UsageError
    for another language.
    """
    since, data, words = so_far(data.indicators, data.week), _public(data), language(code)
    series = Series(data.indicators)
    page = environment().get_template("page.html.j2")
    shown = {
        "title": headline.title(data, series, words),
        "lede": headline.lede(data, series, words),
        "caution": headline.caution(data, words),
        "points": headline.points(data, series, words),
        "cards": cards.cards(data, series, words),
        "card_sheet": cards.sheet(data, series, words),
        "quality": boxes.quality(data, words),
        "provisional": boxes.provisional(data, series, words),
        "revisions": revised.revisions(data, words),
        "unlisted": revised.unlisted(data, words),
        "figures": _figures(data, series, words),
        "unanswered": unanswered(data.calls, words),
        "outcomes": outcome_sentences(data.week, series, since, words),
        "contact_link": contact_link(data.campaign.contact),
        "licence_link": LICENCES.get(data.campaign.licence),
    }
    return printable(page.render(**page_context(words), **shown, data=data))


def key_points(data: ReleaseData, code: str) -> list[str]:
    """At most three sentences, as they stand in the report."""
    data = _public(data)
    return headline.points(data, Series(data.indicators), language(code))


def headline_text(data: ReleaseData, code: str) -> str:
    """The title of the report: for an index, a feed or the subject of a message."""
    data = _public(data)
    return headline.title(data, Series(data.indicators), language(code))


def figure_tables(data: ReleaseData) -> dict[str, pa.Table]:
    """The data beside the page, by the names that its links give: ``../data/<name>.csv``, ``.parquet``."""
    data = _public(data)
    series = Series(data.indicators)
    tables = {figure.name: figure.data for figure in _figures(data, series, language("en"))}
    return {"cards": cards.table(data, series)} | tables


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
        "k": K,
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


def _figures(data: ReleaseData, series: Series, words: Language) -> list[Figure]:
    return [
        tie_mix.figure(data, series, words),
        yields.figure(data, series, words),
        first_response.figure(data, series, words),
        bridges.figure(data, words),
    ]


def _public(data: ReleaseData) -> ReleaseData:
    """With what the public edition may show."""
    public = public_indicators(data.indicators)
    return replace(data, indicators=public, revisions=_publishable(data.revisions, Series(public)))


def _publishable(revisions: pa.Table, public: Series) -> pa.Table:
    """Revisions without the values, on either side, of figures that may not be told now."""
    rows = revisions.select(REVISIONS.names).to_pylist()
    for row in rows:
        if public.at(row["iso_week"], row["indicator"], row["stratum"]).status == "suppressed":
            row.update(published=None, now=None, now_status="suppressed")
    return pa.Table.from_pylist(rows, schema=REVISIONS)


def printable(text: str) -> str:
    """`text` without signs that turn, hide or break what stands around them (bidi, zero width, control, surrogates)."""
    return "".join(sign for sign in text if sign == "\n" or unicodedata.category(sign) not in UNPRINTABLE)


@cache
def environment() -> Environment:
    """The templates: autoescaped, and an undefined name is an error."""
    return Environment(
        loader=PackageLoader("transforms.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
