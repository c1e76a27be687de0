"""Accounts of one person, as the campaign file says: their contacts count together, and nobody else's do."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.analyse import analyse
from flows.clean import clean
from flows.job import Job
from passerelle.errors import UsageError
from passerelle.records import AccountRecord, PostRecord
from pipelines.landing import Landing
from tests.flows.campaigns import START, job
from tests.flows.test_analyse import mentioning, tweet, tweets_job

WITH_TAG = {"hashtags": [{"text": "i4emploi"}]}
ROWS = [
    tweet(1, 2, 6, "@name1 bonjour", entities=mentioning(1) | {"hashtags": []}),
    tweet(2, 3, 6, "@name1 bonjour encore", entities=mentioning(1) | {"hashtags": []}),
    tweet(3, 9, 1, "Je cherche un poste #i4emploi", entities=WITH_TAG),
    tweet(4, 10, 5, "je relaie", in_reply_to_status_id_str="3", in_reply_to_user_id_str="1"),
    tweet(5, 11, 6, "moi aussi", in_reply_to_status_id_str="3", in_reply_to_user_id_str="1"),
    tweet(6, 11, 5, "@name6 à moi-même", entities=mentioning(6) | {"hashtags": []}),
]


def ties(work: Job) -> list[tuple[str, int]]:
    study = analyse(work.lake, work.campaign, work.pseudonyms).study
    return sorted((row["tie_class"], row["num_days"]) for row in study.mobilisations.to_pylist())


def said(*lists: str) -> str:
    return f"same_person = [{', '.join(lists)}]\n"


def test_contacts_of_either_account_are_the_persons_and_they_help_once(tmp_path: Path) -> None:
    apart, one = (tmp_path / name for name in ("apart", "one"))
    apart.mkdir()
    one.mkdir()
    assert sorted(days for _, days in ties(tweets_job(apart, ROWS))) == [0, 2]
    work = tweets_job(one, ROWS, extra=said('["@name5", "twitter:@name6", "@never.seen"]'))
    assert [days for _, days in ties(work)] == [2]
    study = analyse(work.lake, work.campaign, work.pseudonyms).study
    assert len(set(study.posts["author_id"].to_pylist())) == 2
    assert study.interactions.num_rows == 4, "nobody acts towards themselves"
    assert len(study.accounts) == len(set(study.accounts["account_id"].to_pylist())) == 2
    assert work.lake.read("accounts").num_rows == 3, "the lake keeps what was seen"


def test_who_is_named_first_does_not_matter_and_a_role_of_one_account_is_the_persons(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first = tweets_job(tmp_path / "a", ROWS, extra=said('["@name5", "@name6"]'))
    other = tweets_job(tmp_path / "b", ROWS, extra=said('["@name6", "@name5"]'))
    assert ties(first) == ties(other)
    (tmp_path / "c").mkdir()
    robot = 'bots = ["@name6"]\n' + said('["@name5", "@name6"]')
    work = tweets_job(tmp_path / "c", ROWS, extra=robot)
    study = analyse(work.lake, work.campaign, work.pseudonyms).study
    assert study.mobilisations["role"].to_pylist() == ["bot"]


@pytest.mark.parametrize(
    ("lists", "english"),
    [
        (('["@name5", "@name6"]', '["@name1", "@name6"]'), "stands in another list too"),
        (('["5", "6"]', '["5", "1"]'), "stands in another list too"),
    ],
)
def test_an_account_of_two_people_is_refused(tmp_path: Path, lists: tuple[str, ...], english: str) -> None:
    work = tweets_job(tmp_path, ROWS, extra=said(*lists))
    with pytest.raises(UsageError, match=english):
        analyse(work.lake, work.campaign, work.pseudonyms)


def test_a_list_of_handles_that_is_none_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="same_person"):
        job(tmp_path, 'same_person = ["@name5"]\n')


OLD, NEW, CALLER = "acct:anne@ancien.test", "acct:anne@nouveau.test", "acct:bea@ville.test"


def written(number: int, author: str, day: float, **more: Any) -> PostRecord:
    at = START + timedelta(days=day)
    return PostRecord(
        platform="mastodon", post=f"https://ville.test/{number}", author=author, created_at=at, captured_at=at,
        source="ville.test", text_format="plain", **more,
    )  # fmt: skip


def seen(account: str, day: float, moved_to: str | None = None) -> AccountRecord:
    handle = account.removeprefix("acct:")
    return AccountRecord(
        platform="mastodon", account=account, handle=f"@{handle}", captured_at=START + timedelta(days=day),
        source="ville.test", moved_to=moved_to,
    )  # fmt: skip


def moved(folder: Path, moved_to: str | None) -> Job:
    """Anne wrote to Béa with the old account, and relays her call with the new one."""
    work = job(folder)
    call = written(2, CALLER, 9, text="Je cherche un poste #i4emploi", hashtags=("i4emploi",))
    records = [
        written(1, OLD, 2, text="bonjour", reply_to="https://ville.test/0", reply_to_author=CALLER),
        seen(OLD, 2),
        call,
        written(3, NEW, 10, text="je relaie", reply_to=call.post, reply_to_author=CALLER),
        seen(NEW, 10),
        seen(OLD, 10, moved_to),
    ]
    with Landing(work.lake, "r1", "ville.test", work.campaign, work.pseudonyms, START) as landing:
        landing.add_many(records)
        landing.finish({"number": 1, "cursors": {}})
    assert not clean(work.lake).set_aside
    return work


def test_who_moved_to_another_account_is_one_person(tmp_path: Path) -> None:
    for name in ("stayed", "moved"):
        (tmp_path / name).mkdir()
    assert [kind for kind, _ in ties(moved(tmp_path / "stayed", None))] == ["new"]
    work = moved(tmp_path / "moved", NEW)
    assert [kind for kind, _ in ties(work)] == ["weak"]
    accounts = {row["account_id"]: row["moved_to_id"] for row in work.lake.read("accounts").to_pylist()}
    hide = work.pseudonyms.account
    assert accounts == {hide(OLD): hide(NEW), hide(NEW): None}
