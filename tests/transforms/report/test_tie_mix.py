"""The picture of ties: a week that may not be shown is a masked bar, never a gap."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from tests.transforms.report.conftest import Build, shown
from transforms.report.data import ReleaseData


def test_a_week_with_every_share_masked_still_has_its_bar(build: Build, whole: ReleaseData) -> None:
    table = whole.indicators
    weeks = sorted(set(table["iso_week"].to_pylist()))
    hidden = pc.and_(pc.equal(table["iso_week"], weeks[-4]), pc.equal(table["indicator"], "tie_mix"))
    values = pc.if_else(hidden, pa.scalar(None, pa.float64()), table["value"])
    statuses = pc.if_else(hidden, "suppressed", table["status"])
    for name, column in (("value", values), ("status", statuses)):
        table = table.set_column(table.schema.get_field_index(name), name, column)
    assert count_of_bars(build(indicators=table)) == count_of_bars(whole) > 1


def count_of_bars(data: ReleaseData) -> int:
    found = re.search(r"share of mobilisers by class of tie, over (\d+) weeks", shown(data, "en").html)
    assert found is not None
    return int(found[1])
