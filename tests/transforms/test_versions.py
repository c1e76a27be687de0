"""New, newer, or the same: what staged versions of posts are to the lake."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from transforms.versions import compare_versions, fates

Versions = list[tuple[str, str]]
versions = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("12")), max_size=12)


def table(rows: Versions) -> pa.Table:
    names = {"platform": ["x"] * len(rows), "post_id": [p for p, _ in rows], "version_id": [v for _, v in rows]}
    return pa.table({name: pa.array(values, pa.string()) for name, values in names.items()})


def test_exact_repeats_are_duplicates_and_newer_counts_are_updates() -> None:
    staged = table([("a", "1"), ("a", "1"), ("a", "2"), ("b", "1"), ("c", "2"), ("c", "1")])
    known = table([("b", "1"), ("c", "1")])
    expected = ["accepted", "duplicate", "updated", "duplicate", "updated", "duplicate"]
    assert fates(staged, known).to_list() == expected


@given(staged=versions, known=versions)
def test_every_row_has_one_fate_and_a_second_time_all_are_repeats(staged: Versions, known: Versions) -> None:
    counts = compare_versions(table(staged), table(known))
    assert sum(counts.values()) == len(staged)
    assert counts["accepted"] == len({p for p, _ in staged} - {p for p, _ in known})
    assert len({*staged} - {*known}) == counts["accepted"] + counts["updated"]
    assert compare_versions(table(staged), table(known + staged))["duplicate"] == len(staged)
