"""Words from outside can be shown, never run: titles, hashtags, contacts are whatever somebody typed."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html

from passerelle.wording import LANGUAGES
from tests.transforms.report.conftest import shown
from transforms.report import Processing, ReleaseData, render_paper
from transforms.report.page import contact_link

RAN = "document.documentElement.setAttribute('data-ran','1')"
PAYLOADS = (
    f"<script>{RAN}</script>",
    f"</title><script>{RAN}</script>",
    f"</style><script>{RAN}</script>",
    f"<img src=x onerror=\"{RAN}\">",
    f"<svg/onload={RAN}>",
    f"\"><details open ontoggle={RAN}>",
    f"'><a href=\"javascript:{RAN}\" autofocus onfocus={RAN}>x</a>",
    f"<iframe srcdoc=\"<script>parent.{RAN}</script>\">",
    "<style>@import 'https://exemple.invalid/x.css';</style>",
    "<meta http-equiv=refresh content='0;url=https://exemple.invalid/'>",
    "{{ 7 * 7 }}{% raw %}{place}",
    "\u202eesrever\u2066 zero\u200bwidth \x00nul \ud800",
)  # fmt: skip


def poisoned(whole: ReleaseData) -> ReleaseData:
    everything = " ".join(PAYLOADS)
    facts = replace(
        whole.campaign, title=everything, hashtags=PAYLOADS, purpose=everything, contact=everything, licence=everything
    )
    made = replace(whole.provenance, run=everything, commit=everything, rebuild=everything)
    quality = replace(whole.quality, missing_sources=PAYLOADS)
    return replace(whole, campaign=facts, provenance=made, quality=quality)


def poisoned_papers() -> Iterator[str]:
    """The notice and the register entry of a campaign whose every word is a payload."""
    everything = " ".join(PAYLOADS)
    facts = Processing(everything, everything, everything, everything, everything, everything, 30, 98, PAYLOADS,
                       ((everything,) * 3,), everything, everything)  # fmt: skip
    for paper in ("notice", "register"):
        for code in LANGUAGES:
            yield render_paper(paper, facts, code, None, tuple(other for other in LANGUAGES if other != code))


@pytest.fixture(scope="module")
def page(whole: ReleaseData) -> str:
    return shown(poisoned(whole), "fr").html


def test_payloads_are_text(whole: ReleaseData, page: str) -> None:
    root, clean = html.fromstring(page), html.fromstring(shown(whole, "fr").html)
    assert not root.xpath(
        "//script | //img | //iframe | //a[starts-with(@href,'javascript')] | //*[@onload or @onerror]"
    )
    assert len(root.xpath("//style | //meta | //title")) == len(clean.xpath("//style | //meta | //title"))
    assert f"<script>{RAN}</script>" in root.text_content()
    assert "{{ 7 * 7 }}" in root.text_content()


def test_signs_that_turn_or_hide_text_are_dropped(page: str) -> None:
    assert not set("\u202e\u2066\u200b\x00\ud800") & set(page)
    page.encode("utf-8")


@pytest.mark.parametrize("source", list(poisoned_papers()), ids=range(4))
def test_payloads_are_text_in_the_papers_too(source: str) -> None:
    root = html.fromstring(source)
    assert not root.xpath("//script | //img | //iframe | //details | //*[@onload or @onerror or @ontoggle or @onfocus]")
    assert all(link.startswith(("../en/", "../fr/")) for link in root.xpath("//a/@href"))
    assert f"<script>{RAN}</script>" in root.text_content()
    assert "{{ 7 * 7 }}" in root.text_content()
    assert not set("\u202e\u2066\u200b\x00\ud800") & set(source)


@pytest.mark.parametrize(
    ("contact", "link"),
    [
        ("contact@exemple.invalid", "mailto:contact@exemple.invalid"),
        ("https://exemple.invalid/contact", "https://exemple.invalid/contact"),
        ("javascript:alert(1)//@a.b", None),
        ("a?bcc=x@exemple.invalid", "mailto:a%3Fbcc%3Dx@exemple.invalid"),
        ("data:text/html,<script>", None),
        ("poste restante, Tulle", None),
        ("http://exemple.invalid/", None),
    ],
)
def test_only_mail_and_https_become_links(contact: str, link: str | None) -> None:
    assert contact_link(contact) == link


def dump(source: str, folder: Path) -> str:
    """The document as a real browser leaves it."""
    file = folder / "page.html"
    file.write_text(source, "utf-8")
    words = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    words += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    words += [f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=2000", "--dump-dom", file.as_uri()]
    return subprocess.run(words, capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.mark.browser
def test_nothing_runs_in_a_real_browser(page: str, tmp_path: Path) -> None:
    control = f"<!DOCTYPE html><html><body><script>{RAN}</script></body></html>"
    assert 'data-ran="1"' in dump(control, tmp_path)[:200]
    for source in (page, *poisoned_papers()):
        assert 'data-ran="1"' not in dump(source, tmp_path)[:400]
