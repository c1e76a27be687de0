"""What people hold of platforms without a public search: the whole command on a file of each, by a shipped mapping."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from flows.cli import run
from flows.job import Job, open_job
from passerelle.records import MalformedRecord, PostRecord, Record
from spiders.archives import read_archives
from spiders.archives.shipped import shipped_mappings
from tests.flows.campaigns import CAMPAIGN
from tests.spiders.archives.held import facebook, instagram, linkedin, others
from tests.spiders.archives.shapes import CLOCK

ACCOUNT = "https://www.linkedin.com/in/Lea-Inv/?x=1"

BUILDERS: dict[str, Callable[[Path], Path]] = {
    name: make
    for module in (facebook, instagram, linkedin, others)
    for name, make in vars(module).items()
    if callable(make) and getattr(make, "__module__", "") == module.__name__
}


class Held(NamedTuple):
    """What a file comes to: posts, authors, answers, those of them to a post of the file, reposts, quotes, the rest."""

    posts: int
    authors: int
    answers: int = 0
    inside: int = 0
    reposts: int = 0
    quotes: int = 0
    refused: int = 0
    quarantined: int = 0


ONES_OWN = {"facebook_posts", "facebook_comments", "instagram_posts", "instagram_comments", "linkedin_shares",
            "linkedin_comments", "scoopit_feed"}  # fmt: skip
EXPECTED = {
    "facebook_posts": Held(5, 1),
    "facebook_comments": Held(5, 1, answers=5),
    "facebook_graph": Held(25, 4, answers=3, inside=3, reposts=1, quarantined=2),
    "crowdtangle_pages": Held(6, 3),
    "crowdtangle_groups": Held(6, 6),
    "meta_content_library": Held(6, 4, reposts=1, quotes=1),
    "facebook_comment_table": Held(6, 4, answers=6, inside=1),
    "instagram_posts": Held(5, 1),
    "instagram_comments": Held(10, 1, answers=10),
    "instagram_graph": Held(6, 3, answers=3, inside=3),
    "instagram_post_table": Held(6, 2),
    "instagram_comment_table": Held(12, 4, answers=12, inside=6),
    "instagram_4cat": Held(6, 4, answers=4, inside=4),
    "linkedin_shares": Held(6, 1, refused=2),
    "linkedin_comments": Held(7, 1, answers=7, quarantined=1),
    "linkedin_4cat": Held(6, 2),
    "googleplus": Held(6, 3, answers=2, inside=2, reposts=1, quotes=1, refused=3),
    "viadeo_table": Held(8, 6, answers=2, inside=2, quarantined=1),
    "scoopit_feed": Held(5, 1),
    "scoopit_topic": Held(6, 2),
}


def test_every_shipped_mapping_has_its_file() -> None:
    assert set(EXPECTED) == set(BUILDERS) == set(shipped_mappings())


def of_records(records: list[Record]) -> Held:
    """What the records come to, each post once."""
    all_posts = {record.post: record for record in records if isinstance(record, PostRecord)}
    posts = [post for post in all_posts.values() if post.visibility == "public"]
    answers = [post.reply_to for post in posts if post.reply_to]
    return Held(
        len(posts),
        len({post.author for post in posts}),
        len(answers),
        sum(answer in all_posts for answer in answers),
        sum(post.repost_of is not None for post in posts),
        sum(post.quote_of is not None for post in posts),
        len(all_posts) - len(posts),
        sum(isinstance(record, MalformedRecord) for record in records),
    )


@pytest.mark.parametrize("name", EXPECTED)
def test_a_held_file_becomes_posts_authors_and_relations(tmp_path: Path, name: str) -> None:
    mapping, account = shipped_mappings()[name], ACCOUNT if name in ONES_OWN else None
    records = list(read_archives([BUILDERS[name](tmp_path)], clock=CLOCK, mapping=mapping, account=account))
    assert of_records(records) == EXPECTED[name]
    words = "".join(record.text for record in records if isinstance(record, PostRecord))
    assert ("Ã" in words, "secret" in words) == (False, False)


def imported(folder: Path, name: str, file: Path) -> Job:
    """The lake after the command."""
    (folder / "campaign.toml").write_text(CAMPAIGN)
    account = ["--account", ACCOUNT] if name in ONES_OWN else []
    words = [
        "import",
        str(file),
        "-c",
        str(folder / "campaign.toml"),
        "--lake",
        str(folder / "data"),
        "--mapping",
        name,
    ]
    assert run([*words, *account]) == 0
    return open_job(folder / "campaign.toml", folder / "data")


def of_tables(job: Job) -> Held:
    """What the tables hold."""
    posts, (row,) = job.lake.read("posts").to_pylist(), job.lake.read("runs").to_pylist()
    known = {post["post_id"] for post in posts}
    answers = [post["reply_to_id"] for post in posts if post["reply_to_id"]]
    return Held(
        len(posts),
        len({post["author_id"] for post in posts}),
        len(answers),
        sum(answer in known for answer in answers),
        sum(post["repost_of_id"] is not None for post in posts),
        sum(post["quote_of_id"] is not None for post in posts),
        row["refused"],
        row["quarantined"],
    )


WHOLE = ("facebook_graph", "instagram_comments", "linkedin_shares", "googleplus", "viadeo_table", "scoopit_feed")


@pytest.mark.parametrize("name", WHOLE)
def test_the_whole_command_takes_it_in_once(tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = BUILDERS[name](tmp_path)
    job = imported(tmp_path, name, file)
    assert of_tables(job) == EXPECTED[name]
    before = tables(job)
    capsys.readouterr()
    assert tables(imported(tmp_path, name, file)) == before
    assert "known" in capsys.readouterr().out


def tables(job: Job) -> dict[str, Any]:
    """Every row of the lake."""
    return {name: job.lake.read(name).to_pylist() for name in job.lake.versions()}
