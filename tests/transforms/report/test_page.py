"""The page as a browser, a screen reader and a printer's devil would check it."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from lxml import html

from tests.transforms.report.conftest import revision, shown
from transforms.report import ReleaseData
from transforms.report.data import REVISIONS

Build = Callable[..., ReleaseData]
LANGUAGES = ("fr", "en")


@pytest.fixture(scope="module", params=LANGUAGES)
def page(request: pytest.FixtureRequest, whole: ReleaseData) -> tuple[str, Any, str]:
    source = shown(whole, request.param).html
    return source, html.fromstring(source), request.param


def text_of(node: Any) -> str:
    return " ".join(node.text_content().split())


def test_the_title_is_the_finding_with_its_number_and_its_doubt(whole: ReleaseData, page: tuple[str, Any, str]) -> None:
    _, root, code = page
    (heading,) = root.findall(".//h1")
    assert heading.text_content() == shown(whole, code).title
    assert re.search(r"\d+\s?%.*\(\d+%?\s(à|to)\s\d+\s?%\)", heading.text_content())
    assert heading.text_content().endswith({"fr": "évolution non concluante", "en": "change inconclusive"}[code])
    assert root.get("lang") == code


def test_key_points_are_at_most_three_and_stand_in_the_page(whole: ReleaseData, page: tuple[str, Any, str]) -> None:
    _, root, code = page
    items = [item.text_content() for item in root.xpath("//ul[@class='points']/li")]
    assert items == shown(whole, code).points
    assert 1 <= len(items) <= 3


def test_nothing_in_it_can_run_or_call_out(page: tuple[str, Any, str]) -> None:
    source, root, _ = page
    assert not root.xpath("//script | //iframe | //object | //embed | //img | //form | //*[@style]")
    assert not [name for node in root.iter() for name in node.attrib if name.lower().startswith("on")]
    assert [node.get("href") for node in root.xpath("//link")] == ["data:,"]
    assert not re.search(r"url\((?!#)|@import", source)
    links = {node.get("href") for node in root.xpath("//a")}
    assert all(
        re.match(r"#|sensitivity\.html$|notice\.html$|\.\./data/|mailto:|https://creativecommons\.org/", link)
        for link in links
    )
    assert len(source.encode()) < 2_000_000


def test_the_policy_admits_its_own_style_sheet_and_nothing_else(page: tuple[str, Any, str]) -> None:
    source, root, _ = page
    (policy,) = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    (style,) = re.findall(r"<style>(.*?)</style>", source, re.DOTALL)
    digest_ = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digest_}'" in policy
    assert "unsafe" not in policy


def test_every_picture_has_words_a_table_and_its_data(whole: ReleaseData, page: tuple[str, Any, str]) -> None:
    _, root, _ = page
    figures = root.xpath("//figure")
    assert [figure.get("id") for figure in figures] == ["tie_mix", "yield", "first_response", "bridges"]
    for figure in figures:
        (picture,) = figure.xpath(".//div[@class='picture']/svg")
        assert picture.get("role") == "img"
        assert len(picture.get("aria-label")) > 80
        assert text_of(figure.find("h3")).endswith("?")
        assert figure.xpath(".//details//table/caption")
        assert figure.xpath(".//table//tbody/tr/th[@scope='row']")
    names = {re.sub(r".*/|\.\w+$", "", link) for link in root.xpath("//a[@download]/@href")}
    assert names == {*shown(whole, "en").tables, "cells", "weekly_indicators"}


def test_cards_say_value_interval_change_median_and_draw_a_line(page: tuple[str, Any, str]) -> None:
    _, root, _ = page
    cards = root.xpath("//article[@class='card']")
    assert len(cards) == 4
    for card in cards:
        assert re.search(r"\d", text_of(card.xpath("p[@class='value']")[0]))
        assert [bool(re.search(r"\d", text_of(cell))) for cell in card.xpath(".//dd")] == [True, False, True, True]
        assert card.xpath(".//div[@class='spark']/svg[@role='img']/@aria-label")


def test_ids_are_unique_and_every_reference_leads_somewhere(page: tuple[str, Any, str]) -> None:
    source, root, _ = page
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)", source)) <= set(ids)
    assert set(root.xpath("//@aria-labelledby")) <= set(ids)


def test_every_class_of_the_drawings_is_in_the_style_sheet(page: tuple[str, Any, str]) -> None:
    source, root, _ = page
    (style,) = re.findall(r"<style>(.*?)</style>", source, re.DOTALL)
    drawn = {name for names in root.xpath("//svg//@class") for name in names.split()}
    assert {name for name in drawn if f".{name} " not in style} == set()
    assert not re.findall(r"#0a0b[0-9a-f]{2}", source)


def test_the_provisional_week_stands_apart_and_tells_two_numbers_only(page: tuple[str, Any, str]) -> None:
    _, root, code = page
    (box,) = root.xpath("//section[@class='provisional']")
    words = {
        "fr": ("provisoire", "25 appels, 20 épisodes", "seul leur nombre est donné"),
        "en": ("provisional", "25 calls, 20 episodes", "only their number is given"),
    }[code]
    assert all(word in text_of(box) for word in words)
    heads = text_of(root.xpath("//div[@class='finding']")[0])
    assert "47" not in heads
    assert "2026-W47" not in text_of(root.xpath("//figure[@id='tie_mix']")[0])


def test_revisions_show_what_was_published_and_what_is_told_now(page: tuple[str, Any, str]) -> None:
    _, root, code = page
    rows = [[text_of(cell) for cell in row] for row in root.xpath("//section[@aria-labelledby='changed']//tbody/tr")]
    assert [row[0] for row in rows] == ["2026-W45"] * 3
    assert "41" in rows[0][2]
    assert "43" in rows[0][3]
    assert {"fr": "12 h au plus", "en": "within 12 h"}[code] in rows[1][3].replace("\u202f", " ")
    assert {"fr": "145 (provisoire)", "en": "145 (provisional)"}[code] == rows[2][2]
    assert rows[2][3] == "150"


@pytest.mark.parametrize("code", ["fr", "en"])
def test_a_final_figure_that_has_no_name_on_the_page_is_still_told_to_have_changed(
    whole: ReleaseData, code: str
) -> None:
    rows = [revision("orphan_replies", 20, 31), revision("cascade_depth", 2, 3, iso_week="2026-W44")]
    provisional = revision("cascade_size", 2, 3, published_status="provisional", iso_week="2026-W46")
    moved = replace(whole, revisions=pa.Table.from_pylist([*rows, provisional], schema=REVISIONS))
    root = html.fromstring(shown(moved, code).html)
    told = text_of(root.xpath("//section[@aria-labelledby='changed']")[0])
    assert "2026-W44, 2026-W45" in told
    assert "2026-W46" not in told
    assert {"fr": "2 autres chiffres définitifs", "en": "2 other final figures"}[code] in told
    assert {"fr": "Aucun chiffre", "en": "No published"}[code] not in told


@pytest.mark.parametrize("code", ["fr", "en"])
def test_a_figure_that_is_held_says_so(whole: ReleaseData, code: str) -> None:
    held = revision("mobilisers", 145, 145, now_status="held")
    moved = replace(whole, revisions=pa.Table.from_pylist([held], schema=REVISIONS))
    told = text_of(html.fromstring(shown(moved, code).html).xpath("//section[@aria-labelledby='changed']")[0])
    assert {"fr": "145 (maintenu)", "en": "145 (held)"}[code] in told


def test_the_footer_says_how_to_make_it_again(whole: ReleaseData, page: tuple[str, Any, str]) -> None:
    _, root, code = page
    made = text_of(root.find(".//footer"))
    facts = whole.provenance
    for fact in (facts.run, facts.commit, facts.lock_sha256, facts.manifest_sha256, facts.rebuild):
        assert fact in made
    assert {"fr": "30 novembre 2026", "en": "30 November 2026"}[code] in made


def test_french_pages_have_no_breaking_space_before_their_marks(whole: ReleaseData) -> None:
    root = html.fromstring(shown(whole, "fr").html)
    for node in root.xpath("//body//text()[not(ancestor::code)]"):
        assert not re.search(r"\w [;:!?%»]|« ", node), node


def test_the_same_data_give_the_same_bytes_in_another_process(whole: ReleaseData) -> None:
    here = Path(__file__).with_name("conftest.py")
    script = (
        "import hashlib, runpy\n"
        f"made = runpy.run_path({str(here)!r})\n"
        "page = made['shown'](made['release'](), 'fr')\n"
        "print(hashlib.sha256(page.html.encode()).hexdigest())\n"
    )
    environment = os.environ | {"PYTHONHASHSEED": "77"}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment)
    assert shown(whole, "en").html  # what was drawn before must not matter
    assert done.stdout.strip() == hashlib.sha256(shown(whole, "fr").html.encode()).hexdigest()
