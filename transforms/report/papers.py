"""The two papers that the GDPR asks for: the notice to people (article 14) and the register entry (article 30)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from passerelle.wording import printed
from transforms.report.language import language
from transforms.report.page import contact_link, environment, page_context, printable

Paper = Literal["notice", "register"]


@dataclass(frozen=True, slots=True)
class Processing:
    """What a campaign does with people's data. `sources` are what each is, in English and French, and its host;
    `key_mark` is the fingerprint of the key of its pseudonyms, empty before the first.
    """

    name: str
    title: str
    controller: str
    contact: str
    purpose: str
    legal_basis: str
    retention_days: int
    history_days: int
    hashtags: tuple[str, ...]
    sources: tuple[tuple[str, str, str], ...]
    licence: str
    key_mark: str
    is_invented: bool = False


def render_paper(
    paper: Paper, facts: Processing, code: str, since: date | None = None, others: tuple[str, ...] = ()
) -> str:
    """The page `paper` of `facts` in the language `code` (``fr`` or ``en``).

    `since` is the day from which the register entry is true; `others` are languages whose page lies beside it, in
    ``../<language>/``. Raises UsageError for another language.
    """
    words = language(code)
    shown = {
        "facts": facts,
        "since": words.day(since) if since else None,
        "contact_link": contact_link(facts.contact),
        "others": others,
        "retention": words.number(facts.retention_days),
        "history": words.number(facts.history_days),
        "asked": [(printed(fr if words.is_french else en, code), host) for en, fr, host in facts.sources],
    }
    return printable(environment().get_template(f"{paper}.{code}.html.j2").render(**page_context(words), **shown))
