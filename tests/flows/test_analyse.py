"""Analyse: names in campaign and labels files find their accounts, and wrong ones are said."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from flows.analyse import analyse
from flows.clean import clean
from flows.committing import commit_deletions
from flows.intake import import_files
from flows.job import Job, open_job
from passerelle.errors import UsageError
from passerelle.tables import DELETIONS
from tests.flows.campaigns import START, job, posts_file

TWEETS = "campaign.toml"


def tweet(number: int, day: int, author: int, text: str, **more: object) -> dict[str, object]:
    """A tweet of API v1.1 on a day of March 2026."""
    moment = datetime(2026, 3, day, 10, number % 60, tzinfo=UTC)
    return {
        "id_str": str(number), "id": number, "created_at": moment.strftime("%a %b %d %H:%M:%S +0000 %Y"),
        "full_text": text, "lang": "fr", "user": {"id_str": str(author), "screen_name": f"name{author}"},
        "entities": {"hashtags": [{"text": "i4emploi"}] if "#i4emploi" in text else [], "user_mentions": []}, **more,
    }  # fmt: skip


def mentioning(*accounts: int) -> dict[str, object]:
    return {"user_mentions": [{"id_str": str(a), "screen_name": f"name{a}", "indices": [0, 5]} for a in accounts]}


def tweets_job(folder: Path, rows: list[dict[str, object]], labels: str = "", extra: str = "") -> Job:
    work = job(folder, extra)
    path = folder / "tweets.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    if labels:
        (folder / "labels.csv").write_text("post_id,label,beneficiary\n" + labels, "utf-8")
        text = work.campaign_file.read_text().replace("coverage_start", 'labels = "labels.csv"\ncoverage_start')
        work.campaign_file.write_text(text)
        work = open_job(work.campaign_file, folder / "data")
    import_files(work, [path], clock=START)
    clean(work.lake)
    return work


def history() -> list[dict[str, object]]:
    """Account 5 names account 77, who never wrote, on two days; 1 calls for 77; 5 relays."""
    tag = {"hashtags": [{"text": "i4emploi"}]}
    return [
        tweet(1, 2, 5, "@name77 bonjour", entities=mentioning(77) | {"hashtags": []}),
        tweet(2, 3, 5, "@name77 bonjour encore", entities=mentioning(77) | {"hashtags": []}),
        tweet(3, 9, 1, "Ma voisine @name77 cherche un poste #i4emploi", entities=mentioning(77) | tag),
        tweet(4, 10, 5, "je relaie", in_reply_to_status_id_str="3", in_reply_to_user_id_str="1"),
    ]


@pytest.mark.parametrize("name", ["77", "@name77", "NAME77", "twitter:77"])
def test_a_beneficiary_who_never_wrote_is_found_by_any_name(tmp_path: Path, name: str) -> None:
    work = tweets_job(tmp_path, history(), f"3,call,{name}\n")
    study = analyse(work.lake, work.campaign, work.pseudonyms).study
    assert study.episodes["beneficiary_id"].to_pylist() == [work.pseudonyms.account("twitter:77")]
    (helper,) = study.mobilisations.to_pylist()
    assert (helper["tie_class"], helper["num_days"]) == ("moderately_weak", 2)


@pytest.mark.parametrize("name", ["@name77", "77", "twitter:77"])
def test_an_organiser_who_never_wrote_is_taken_out(tmp_path: Path, name: str) -> None:
    work = tweets_job(tmp_path, history(), "3,call,\n")
    text = work.campaign_file.read_text().replace('organisers = ["@equipe"]', f'organisers = ["{name}"]')
    work.campaign_file.write_text(text)
    work = open_job(work.campaign_file, tmp_path / "data")
    roles = analyse(work.lake, work.campaign, work.pseudonyms).study.roles
    assert roles[work.pseudonyms.account("twitter:77")] == "organiser"


def test_an_unknown_label_is_named_with_its_line_even_for_a_post_that_is_not_here(tmp_path: Path) -> None:
    work = tweets_job(tmp_path, history(), "3,call,\n999,perhaps,\n")
    with pytest.raises(UsageError, match=r"labels\.csv, line 3: unknown label 'perhaps'"):
        analyse(work.lake, work.campaign, work.pseudonyms)


def test_a_human_outcome_keeps_what_the_classifier_saw_in_it_or_nothing(tmp_path: Path) -> None:
    """Both see an outcome (a result, then thanks alone); only people do; only the classifier does."""
    texts = (
        "J'ai signé mon CDI ce matin, merci à tous ! #i4emploi",
        "Merci à toutes et tous pour vos RT #i4emploi",
        "Je cherche un CDI de comptable à Nantes #i4emploi",
        "C'est fait, j'ai trouvé un poste de soudeur ! #i4emploi",
    )
    rows = [tweet(number, number + 1, number, text) for number, text in enumerate(texts, 1)]
    lines = "".join(f"{n},{label},\n" for n, label in enumerate(["thanks_outcome"] * 3 + ["other"], 1))
    work = tweets_job(tmp_path, rows, lines)
    labels = analyse(work.lake, work.campaign, work.pseudonyms).study.labels.to_pylist()
    times = {row["post_id"]: row["created_at"] for row in work.lake.read("posts").to_pylist()}
    told = [row["outcome"] for row in sorted(labels, key=lambda row: times[row["post_id"]])]
    assert told == ["result", "thanks", None, None]
    assert work.lake.read("labels")["coder"].to_pylist() == ["human"] * 4


def test_labels_of_other_files_are_not_silently_ignored(tmp_path: Path) -> None:
    work = tweets_job(tmp_path, history(), "998,call,\n999,call,\n")
    with pytest.raises(UsageError, match="none of its 2 posts is in the lake"):
        analyse(work.lake, work.campaign, work.pseudonyms)


def test_the_same_id_on_two_platforms_is_two_accounts(tmp_path: Path) -> None:
    """A beneficiary is looked for on the platform of the call first."""
    work = tweets_job(tmp_path, history(), "3,call,5\n")
    forum = tmp_path / "forum.csv"
    posts_file(forum, rows=10)
    forum.write_text(forum.read_text().replace(",h1,", ",5,"))
    import_files(work, [forum], clock=START)
    clean(work.lake)
    study = analyse(work.lake, work.campaign, work.pseudonyms).study
    assert work.pseudonyms.account("twitter:5") in study.episodes["beneficiary_id"].to_pylist()


def test_future_dates_of_an_archive_without_capture_time_are_kept(tmp_path: Path) -> None:
    work = tweets_job(tmp_path, [row | {"created_at": "Mon Mar 09 10:00:00 +0000 2099"} for row in history()])
    assert work.lake.read("posts").num_rows == 4
    assert work.lake.read("quarantine").num_rows == 0


def test_all_rows_failing_is_no_crash(tmp_path: Path) -> None:
    work = job(tmp_path)
    path = posts_file(tmp_path / "a.csv", rows=4)
    path.write_text(path.read_text().replace("2026-03-", "2098-03-"))
    import_files(work, [path], clock=START)
    counts = clean(work.lake).counters
    assert [c["quarantined"] for c in counts.values()] == [4]


def test_a_mapped_file_that_mentions_by_handle_and_signs_by_id_has_one_person(tmp_path: Path) -> None:
    head = 'author_handle = "name"\nauthor = "who"'
    work = job(tmp_path)
    work.campaign_file.write_text(work.campaign_file.read_text().replace('author = "who"', head))
    work = open_job(work.campaign_file, tmp_path / "data")
    lines = ["id,who,name,when,text,tags,names,parent,parent_author,shared,shared_author,replies,seen"]
    lines += [
        f"1,11,anne,{START},bonjour @basile,,basile,,,,,,",
        f"2,22,basile,{START + timedelta(days=1)},bonjour @anne,,anne,,,,,,",
        f"3,11,anne,{START + timedelta(days=7)},Je cherche un poste #i4emploi,i4emploi,,,,,,,",
        f"4,22,basile,{START + timedelta(days=8)},je relaie,,,3,11,,,,",
    ]
    (tmp_path / "posts.csv").write_text("\n".join(lines) + "\n", "utf-8")
    import_files(work, [tmp_path / "posts.csv"], clock=START)
    clean(work.lake)
    (helper,) = analyse(work.lake, work.campaign, work.pseudonyms).study.mobilisations.to_pylist()
    assert helper["account_id"] == work.pseudonyms.account("forum:22")
    assert (helper["tie_class"], helper["num_days"]) == ("moderately_weak", 2)


def test_a_deleted_post_has_no_label_neither_by_machine_nor_by_hand(tmp_path: Path) -> None:
    work = tweets_job(tmp_path, history(), labels="3,call,77\n4,relay,\n")
    posts = {name: work.pseudonyms.post(f"twitter:{name}") for name in ("3", "4")}
    gone = {"platform": "twitter", "post_id": posts["3"], "source": "tweets.jsonl", "by_own": True}
    gone |= {"deleted_at": START + timedelta(days=20)}
    analyse(work.lake, work.campaign, work.pseudonyms)
    assert set(work.lake.read("labels")["post_id"].to_pylist()) >= set(posts.values())
    commit_deletions(work.lake, pa.Table.from_pylist([gone], schema=DELETIONS.schema))
    for _ in range(2):
        assert posts["3"] not in work.lake.read("labels")["post_id"].to_pylist()
        assert posts["4"] in work.lake.read("labels")["post_id"].to_pylist()
        analyse(work.lake, work.campaign, work.pseudonyms)
    assert work.lake.read("episodes").num_rows == 0
