"""From analysis to release: what was cut, counted or drawn once is handed on."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from flows.analyse import analyse
from flows.clean import clean
from flows.intake import import_files
from flows.publish import publish
from tests.flows.campaigns import START, job, posts_file

OURS = str(Path(__file__).parents[2] / "transforms")


def calls(work: Callable[[], object]) -> Counter[str]:
    """How often functions of `transforms` were called during `work`, by their names."""
    count: Counter[str] = Counter()

    def look(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(OURS):
            count[frame.f_code.co_qualname] += 1

    sys.setprofile(look)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def test_a_week_is_cut_counted_and_drawn_once(tmp_path: Path) -> None:
    work = job(tmp_path)
    import_files(work, [posts_file(tmp_path / "a.csv", rows=120)], clock=START)
    clean(work.lake)
    done = calls(lambda: publish(work.lake, work.campaign, analyse(work.lake, work.campaign, work.pseudonyms)))
    once = ("cut_study", "index_contacts", "index_ties", "gather_truth", "weekly_design_effects")
    assert {name: done[name] for name in once} == dict.fromkeys(once, 1)
    an_edition = ("tell", "public_indicators", "sensitivity_tables")
    assert {name: done[name] for name in an_edition} == dict.fromkeys(an_edition, 2)
    assert done["ReleasePage.html"] == done["ReleasePage.figures"] == 4, "once an edition and language"
    weeks = set(work.lake.read("weekly_indicators")["iso_week"].to_pylist())
    assert len(weeks) > 3
    assert done["find_communities"] <= len(weeks)
