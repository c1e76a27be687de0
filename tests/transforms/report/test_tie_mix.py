"""The picture of ties: a week of too few is a hatched bar, never a gap."""

from __future__ import annotations

import re

from lxml import html

from passerelle.weeks import week_after
from tests.transforms.report.conftest import WEEK, Build, final_weeks, shown, told_data, truth_of, week_counts
from transforms.report import ReleaseData, tell


def test_a_week_of_too_few_still_has_its_bar(build: Build, whole: ReleaseData) -> None:
    weeks = final_weeks() | {week_after(WEEK, -3): week_counts(7, size=11)}
    few = build(**told_data(tell(truth_of(weeks))))
    assert count_of_bars(few) == count_of_bars(whole) > 1
    root = html.fromstring(shown(few, "fr").html)
    (legend,) = root.xpath("//figure[@id='tie_mix']//ul[@class='legend']")
    assert " ".join(legend.text_content().split()).endswith("trop peu pour un chiffre")
    assert root.xpath("//figure[@id='tie_mix']//*[@fill='url(#p-too_few)']")
    assert not html.fromstring(shown(whole, "fr").html).xpath("//figure[@id='tie_mix']//*[@fill='url(#p-too_few)']")


def count_of_bars(data: ReleaseData) -> int:
    found = re.search(r"share of mobilisers by class of tie, over (\d+) weeks", shown(data, "en").html)
    assert found is not None
    return int(found[1])
