"""The lake: writing again changes nothing, readers see whole versions, one writer at a time."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import write_deltalake

from passerelle.delta import among
from passerelle.errors import LockedError, PasserelleError, UsageError
from passerelle.lake import Lake, open_lake
from passerelle.tables import LABELS, POLLS, POSTS, UNKNOWN

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def posts(*rows: tuple[str, str, str]) -> pa.Table:
    """Posts of (id, week, text)."""
    constant = {
        "platform": "test", "created_at": NOON, "first_captured_at": NOON, "captured_at": NOON, "author_id": "a",
        "hashtags": [], "mentions": [], "prefix_mentions": [], "has_media": False, "embedded": False, "source": "s",
    }  # fmt: skip
    content = [{**constant, "post_id": i, "iso_week": week, "text": text} for i, week, text in rows]
    return pa.Table.from_pylist(content, schema=POSTS.schema)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """A lake of three posts in two weeks."""
    lake = Lake(tmp_path / "lake")
    lake.merge("posts", posts(("p1", "2026-W01", "un"), ("p2", "2026-W01", "deux"), ("p3", "2026-W02", "trois")))
    return lake


def words(lake: Lake) -> dict[str, str]:
    rows = lake.read("posts", columns=["post_id", "text"])
    return dict(zip(rows["post_id"].to_pylist(), rows["text"].to_pylist(), strict=True))


def test_merging_again_changes_nothing(lake: Lake) -> None:
    before = lake.dataset_hash(lake.versions())
    lake.merge("posts", posts(("p1", "2026-W01", "un")))
    assert lake.dataset_hash(lake.versions()) == before


def test_merge_replaces_by_key_and_adds(lake: Lake) -> None:
    lake.merge("posts", posts(("p1", "2026-W01", "UN"), ("p4", "2026-W03", "quatre")))
    assert words(lake) == {"p1": "UN", "p2": "deux", "p3": "trois", "p4": "quatre"}


def test_a_key_that_comes_back_in_another_week_still_replaces_its_row(lake: Lake) -> None:
    lake.merge("posts", posts(("p1", "2026-W05", "UN"), ("p4", "2026-W01", "quatre")))
    assert words(lake) == {"p1": "UN", "p2": "deux", "p3": "trois", "p4": "quatre"}
    assert lake.read("posts")["iso_week"].to_pylist() == ["2026-W05", "2026-W01", "2026-W02", "2026-W01"]


def test_overwriting_a_partition_leaves_the_others(lake: Lake) -> None:
    lake.overwrite("posts", posts(("p9", "2026-W01", "neuf")), ["2026-W01"])
    assert words(lake) == {"p3": "trois", "p9": "neuf"}


def test_a_table_from_before_a_column_was_added_is_read_and_overwritten(tmp_path: Path) -> None:
    lake, row = Lake(tmp_path), {"platform": "test", "post_id": "p1", "label": "thanks_outcome", "coder": "calls-1"}
    before = pa.schema([field for field in LABELS.schema if field.name != "outcome"])
    write_deltalake(str(lake.path("labels")), pa.Table.from_pylist([row], schema=before))
    assert lake.read("labels")["outcome"].to_pylist() == [None]
    lake.overwrite("labels", pa.Table.from_pylist([row | {"outcome": "result"}], schema=LABELS.schema))
    assert lake.read("labels")["outcome"].to_pylist() == ["result"]
    assert lake.read("labels", version=0)["outcome"].to_pylist() == [None]


def test_a_table_from_before_its_key_grew_is_read_and_merged_into(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    row = {"platform": "test", "post_id": "p1", "kind": "repost", "polled_at": NOON, "complete": True, "got": 0}
    before = pa.schema([field for field in POLLS.schema if field.name not in ("source", "ended_at")])
    write_deltalake(str(lake.path("polls")), pa.Table.from_pylist([row], schema=before))
    assert lake.read("polls")["source"].to_pylist() == [UNKNOWN]
    assert lake.read("polls", columns=["polled_at"])["polled_at"].to_pylist() == [NOON]
    for _ in range(2):
        lake.merge("polls", pa.Table.from_pylist([row | {"source": "one.test"}], schema=POLLS.schema))
        assert lake.read("polls")["source"].to_pylist() == ["one.test", UNKNOWN]
    assert lake.read("polls", version=0)["source"].to_pylist() == [UNKNOWN]


def test_a_table_that_a_newer_version_wrote_is_read_and_not_written(lake: Lake) -> None:
    later = lake.read("posts").append_column("mood", pa.array(["?"] * 3))
    write_deltalake(str(lake.path("posts")), later, mode="overwrite", schema_mode="overwrite")
    with pytest.raises(PasserelleError, match=r"a newer version wrote mood, .* install that one"):
        lake.merge("posts", posts(("p1", "2026-W01", "UN")))
    assert words(lake) == {"p1": "un", "p2": "deux", "p3": "trois"}


def test_a_doubled_key_is_refused_before_anything_is_written(lake: Lake) -> None:
    with pytest.raises(ValueError, match="twice"):
        lake.merge("posts", posts(("p7", "2026-W01", "a"), ("p7", "2026-W01", "b")))
    assert "p7" not in words(lake)


def test_an_older_version_can_still_be_read(lake: Lake) -> None:
    pinned = lake.versions()["posts"]
    lake.merge("posts", posts(("p1", "2026-W01", "plus tard")))
    assert lake.read("posts", version=pinned)["text"].to_pylist() == ["un", "deux", "trois"]


def test_posts_of_a_span_of_weeks(lake: Lake) -> None:
    assert lake.posts("2026-W02/2026-W04")["post_id"].to_pylist() == ["p3"]


def test_rows_of_some_keys_after_a_merge(lake: Lake) -> None:
    lake.merge("posts", posts(("p3", "2026-W02", "TROIS")))
    assert lake.read("posts", where=among("post_id", ["p3"]))["text"].to_pylist() == ["TROIS"]
    assert lake.read("posts", where=among("post_id", pa.array(["p3", "p9"]))).num_rows == 1


def test_the_hash_is_of_rows_not_of_files(lake: Lake, tmp_path: Path) -> None:
    other = Lake(tmp_path / "other")
    for row in (("p3", "2026-W02", "trois"), ("p2", "2026-W01", "deux"), ("p1", "2026-W01", "un")):
        other.merge("posts", posts(row))
    assert other.dataset_hash(other.versions()) == lake.dataset_hash(lake.versions())
    other.merge("posts", posts(("p1", "2026-W01", "autre")))
    assert other.dataset_hash(other.versions()) != lake.dataset_hash(lake.versions())


def test_where_there_is_no_lake_one_line_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no lake"):
        open_lake(tmp_path / "nowhere")


def test_another_process_is_locked_out_until_we_end(lake: Lake) -> None:
    script = (
        "import sys; from pathlib import Path; from passerelle.lake import Lake\n"
        "with Lake(Path(sys.argv[1])).lock(): print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(lake.root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(LockedError), lake.lock():
        pass
    holder.kill()  # a writer that dies without a word holds nothing
    holder.wait()
    with lake.lock(wait_seconds=5), lake.lock():
        pass


def test_the_name_of_a_source_never_becomes_a_path(lake: Lake) -> None:
    for name in ("../../etc/passwd", "CON", "a" * 300, "x\0y", "مثال.test"):
        assert lake.state_file(name).parent == lake.state
        assert len(lake.state_file(name).name) < 120


@pytest.mark.slow
def test_reading_never_aborts_the_process(lake: Lake) -> None:
    """With delta-rs's own filesystem most processes that read a table died at their end (docs/adr/0002)."""
    script = "import sys; from passerelle.lake import open_lake; print(open_lake(sys.argv[1]).read('posts').num_rows)"
    for _ in range(10):
        done = subprocess.run([sys.executable, "-c", script, str(lake.root)], capture_output=True, text=True)
        assert (done.returncode, done.stdout) == (0, "3\n")
