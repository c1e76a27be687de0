"""Draws of labels, what they do to a small campaign, and how the table gets into the page."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from benchmarks.label_errors import HEADLINE, Base, again, drawn_labels, effect, lines, values
from benchmarks.sections import rewrite
from passerelle.campaign import Analysis
from passerelle.tables import ENGAGEMENTS
from tests.reference.campaigns import World, call, days, post, repost
from transforms.calls import LABELS
from transforms.indicators import cut_study, weekly_indicators

NUM = 16
SURE = np.diag(np.full(len(LABELS), 10**9))


@pytest.fixture(scope="module")
def base() -> Base:
    """Sixteen calls of one week, each relayed by three; those who relay even ones have a weak tie."""
    calls = [post(f"call{i:02d}", f"seeker{i}", days(196 + i / 4), tag=True) for i in range(NUM)]
    shares, history = [], []
    for i, one in enumerate(calls):
        for j in range(3):
            shares.append(repost(f"r{i}-{j}", f"m{i}-{j}", one["created_at"] + timedelta(hours=1 + j), one))
            if i % 2 == 0:
                history.append(post(f"h{i}-{j}", f"m{i}-{j}", days(190), mentions=[one["author_id"]]))
    few = Analysis(bootstrap_draws=100, null_draws=99)
    labels = [call(one) for one in calls]
    study = World(posts=[*calls, *shares, *history], labels=labels, as_of=days(230), analysis=few).study()
    rows = [row for row in weekly_indicators(cut_study(study), "test").to_pylist() if row["status"] == "final"]
    told = {
        (row["iso_week"], row["indicator"], row["stratum"]): (row["value"], row["low"], row["high"]) for row in rows
    }
    return Base(study, ENGAGEMENTS.schema.empty_table(), told)


def test_a_classifier_that_never_errs_changes_nothing(base: Base) -> None:
    labels = drawn_labels(base.study.labels, SURE, seed=1)
    assert sorted(labels["post_id"].to_pylist()) == sorted(base.study.labels["post_id"].to_pylist())
    assert set(labels["label"].to_pylist()) == {"call"}
    found = effect(base, [values(again(base, labels))] * 3, HEADLINE, "all")
    assert found is not None
    assert (found.value, found.shift, found.spread, found.inside) == (0.5, 0, 0, 1)


def test_errors_lose_calls_and_spread_the_share(base: Base) -> None:
    confusion = SURE.copy()
    call_, other = LABELS.index("call"), LABELS.index("other")
    confusion[call_, call_] = confusion[other, call_] = 50
    draws = [values(again(base, drawn_labels(base.study.labels, confusion, seed))) for seed in range(30)]
    episodes, share = (effect(base, draws, name, "all") for name in ("episodes", HEADLINE))
    assert episodes is not None
    assert share is not None
    assert episodes.value == NUM
    assert -11 < episodes.shift < -5, "about half of the posts called calls are none"
    assert 0.1 < share.spread < 0.5
    assert abs(share.shift) < 0.1
    (row,) = (line for line in lines(base, draws) if line.startswith(f"| {HEADLINE} |"))
    assert "| 1 | 0.500 |" in row


def test_a_post_drawn_to_be_a_call_is_its_authors(base: Base) -> None:
    known = base.study.labels
    row = {**known.to_pylist()[0], "label": "relay", "beneficiary": None, "beneficiary_id": None}
    relay = pa.Table.from_pylist([row], schema=known.schema)
    swapped = np.zeros_like(SURE)
    swapped[LABELS.index("call"), LABELS.index("relay")] = 10**9
    (drawn,) = drawn_labels(relay, swapped, seed=1).to_pylist()
    assert (drawn["label"], drawn["beneficiary"]) == ("call", "self")


def test_a_table_is_put_between_its_marks_and_nowhere_else(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- a b: begin -->\nold\n<!-- a b: end -->\nafter\n", "utf-8")
    rewrite(page, "a b", "new\n")
    rewrite(page, "a b", "newer\n")
    assert page.read_text("utf-8") == "before\n<!-- a b: begin -->\nnewer\n<!-- a b: end -->\nafter\n"
    with pytest.raises(ValueError, match="no place for 'c'"):
        rewrite(page, "c", "text")
