"""New, newer, or the same: what staged looks at posts are to the lake, and which it keeps."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from passerelle.tables import POST_VERSIONS
from tests.reference.campaigns import days, post
from transforms.merging.keys import first_by_key
from transforms.merging.versions import FATES, fates, kept_looks

Look = tuple[str, str, int, str]
"""Post, version, day of capture, run."""
looks_strategy = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from("12"), st.integers(0, 5), st.sampled_from("xy")), max_size=12
)


def table(rows: list[Look], embedded: bool = False) -> pa.Table:
    kept = [
        {key: value for key, value in post(name, "seeker", days(0)).items() if key in POST_VERSIONS.schema.names}
        | {"version_id": version, "captured_at": days(day), "run_id": run, "text": version, "embedded": embedded}
        for name, version, day, run in rows
    ]
    return pa.Table.from_pylist(kept, schema=POST_VERSIONS.schema)


def merged(known: pa.Table, fresh: pa.Table) -> pa.Table:
    """What the lake holds after a merge by key."""
    both = first_by_key(pa.concat_tables([fresh, known]), POST_VERSIONS.key)
    return both.sort_by([(name, "ascending") for name in POST_VERSIONS.key])


def test_a_look_is_news_where_it_says_something_else_than_the_one_before() -> None:
    known = table([("a", "1", 1, "x"), ("a", "2", 2, "x")])
    staged = table([("a", "1", 3, "y"), ("a", "1", 4, "y"), ("b", "1", 3, "y"), ("b", "1", 4, "y"), ("b", "2", 5, "y")])
    assert fates(staged, known).to_list() == ["updated", "duplicate", "accepted", "duplicate", "updated"]


def test_a_post_seen_inside_another_does_not_make_the_next_look_at_it_news() -> None:
    known = pa.concat_tables([table([("a", "1", 1, "x")]), table([("a", "9", 2, "x")], embedded=True)])
    assert fates(table([("a", "1", 3, "y")]), known).to_list() == ["duplicate"]


@settings(deadline=None, max_examples=50)
@given(staged=looks_strategy, known=looks_strategy)
def test_every_row_has_one_fate_and_a_second_time_all_are_repeats(staged: list[Look], known: list[Look]) -> None:
    found = fates(table(staged), table(known)).to_list()
    assert len(found) == len(staged)
    assert set(found) <= set(FATES)
    assert found.count("accepted") == len({look[0] for look in staged} - {look[0] for look in known})
    assert fates(table(staged), table(known + staged)).to_list() == ["duplicate"] * len(staged)


@settings(deadline=None, max_examples=50)
@given(looks=looks_strategy, order=st.randoms(use_true_random=False))
def test_runs_in_any_order_and_again_leave_the_same_looks(looks: list[Look], order: Random) -> None:
    runs = [table([look for look in looks if look[3] == run]) for run in "xy"]
    at_once = merged(POST_VERSIONS.empty(), kept_looks(table(looks), POST_VERSIONS.empty(), {}))
    known = POST_VERSIONS.empty()
    for run in order.sample([*runs, *runs], 4):
        known = merged(known, kept_looks(run, known, {}))
    assert known.to_pylist() == at_once.to_pylist()
    assert kept_looks(table(looks), known, {}).num_rows == 0


def test_of_equal_looks_that_of_the_run_that_began_first_is_kept_whatever_it_is_called() -> None:
    began = {"b": days(1), "a": days(2)}
    for runs in ("ab", "ba"):
        known = POST_VERSIONS.empty()
        for run in runs:
            known = merged(known, kept_looks(table([("p", "1", 3, run)]), known, {}, began))
        assert [row["run_id"] for row in known.to_pylist()] == ["b"]


def test_of_many_looks_of_one_run_that_say_the_same_two_are_kept() -> None:
    seen = table([("a", "1", day, "x") for day in range(9)] + [("a", "2", 4, "x")])
    kept = kept_looks(seen, POST_VERSIONS.empty(), {}).to_pylist()
    assert sorted((row["version_id"], row["captured_at"]) for row in kept) == [
        ("1", days(0)),
        ("1", days(8)),
        ("2", days(4)),
    ]


def test_what_an_import_only_assumes_to_have_seen_now_is_no_look_where_it_is_known() -> None:
    known = table([("a", "1", 1, "x"), ("a", "2", 2, "x"), ("b", "1", 1, "x"), ("b", "2", 2, "x")])
    again = table([("a", "1", 7, "y"), ("a", "2", 8, "y"), ("b", "1", 7, "y")])
    kept = kept_looks(again, known, {"y": days(6)})
    assert [(row["post_id"], row["version_id"]) for row in kept.to_pylist()] == [("b", "1")]
    assert kept_looks(again, known, {"y": days(6) + timedelta(days=9)}).num_rows == 3


def test_an_import_that_repeats_itself_does_not_undo_what_a_server_showed_since() -> None:
    known = pa.concat_tables([table([("a", "1", 1, "x")]), of_server(table([("a", "2", 2, "w")]))])
    assert kept_looks(table([("a", "1", 7, "y")]), known, {"y": days(6)}).num_rows == 0
    assert kept_looks(table([("a", "3", 7, "y")]), known, {"y": days(6)}).num_rows == 1
    assert kept_looks(of_server(table([("a", "1", 7, "y")])), known, {"y": days(6)}).num_rows == 1


def test_a_look_that_says_what_its_own_server_said_before_is_no_news() -> None:
    known = pa.concat_tables([table([("a", "1", 1, "x")]), of_server(table([("a", "2", 2, "w")]))])
    assert fates(table([("a", "1", 3, "y")]), known).to_list() == ["duplicate"]
    assert fates(of_server(table([("a", "1", 3, "y")])), known).to_list() == ["updated"]


def of_server(looks: pa.Table) -> pa.Table:
    """The same looks on another server."""
    place = looks.schema.get_field_index("source")
    return looks.set_column(place, looks.schema.field(place), pa.array(["other.test"] * looks.num_rows))
