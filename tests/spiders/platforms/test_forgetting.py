"""Anybody who is in a platform's recording can be taken out of it, and it goes on replaying for everybody else."""

from __future__ import annotations

import gzip
import shutil
from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import pytest

from passerelle.erased import erased_token, names_nobody
from passerelle.identity import Pseudonyms
from passerelle.platforms import PLATFORMS
from passerelle.records import (
    AccountRecord,
    CoverageRecord,
    EngagementRecord,
    MentionRecord,
    PollRecord,
    PostRecord,
    Record,
)
from passerelle.vault import Vault, keep_erased
from spiders.collecting.masking import is_distinct, is_telling
from spiders.forgetting import forgetting, learn_vault, write_without
from tests.spiders.crawling import Crawled
from tests.spiders.platforms import replaying

KEY = Pseudonyms(bytes.fromhex("ab" * 32))


def people_in(done: Crawled) -> list[str]:
    return sorted({record.author for record in done.records if isinstance(record, PostRecord)})


def forget(done: Crawled, identity: str, folder: Path, tag: str) -> set[str]:
    """The vault of `done` without somebody, in its place; the words by which it named them."""

    def token_of(found: str, names: Collection[str]) -> str | None:
        return erased_token(KEY.key, KEY.account(identity)) if KEY.account(found) == KEY.account(identity) else None

    vault, draft = Vault(done.lake / "vault"), folder / "draft"
    people = forgetting(token_of, {}, [tag.casefold()])
    people.know(identity)
    learn_vault(vault, people)
    write_without(vault, draft, people)
    keep_erased(draft, {people.traces[identity].token: [info.run_id for info in vault.runs()]})
    shutil.rmtree(done.lake / "vault")
    draft.rename(done.lake / "vault")
    traces = people.traces[identity]
    telling = {name for name in traces.names if is_distinct(name)} | {name for name in traces.shown if is_telling(name)}
    return telling | traces.strong | traces.urls


@pytest.mark.parametrize("platform", PLATFORMS)
def test_whoever_is_forgotten_is_gone_from_a_recording_that_still_replays(platform: str, tmp_path: Path) -> None:
    recording = replaying.read(platform)
    done = replaying.collect(recording, tmp_path)
    original = tmp_path / "original"
    shutil.copytree(done.lake / "vault", original)
    people = people_in(done)
    assert len(people) > 1
    for number, identity in enumerate(people):
        shutil.rmtree(done.lake / "vault")
        shutil.copytree(original, done.lake / "vault")
        theirs = {one.text for one in done.records if isinstance(one, PostRecord) and one.author == identity}
        words = forget(done, identity, tmp_path, recording.told["hashtag"])
        kept = b"".join(gzip.decompress(path.read_bytes()) for path in (done.lake / "vault").glob("*.gz")).decode()
        assert [word for word in words if word in kept] == [], identity
        assert [text for text in theirs if len(text) > 40 and text in kept] == [], identity
        after = replaying.replay(recording, tmp_path, f"without-{number}")
        assert after.code == done.code, (identity, after.err)
        gone = gone_with(done.records, identity)
        before, now = (told(one.records, gone, platform) for one in (done, after))
        lost, new = sorted((before - now).elements()), sorted((now - before).elements())
        assert not lost + new, "\n".join([identity, "lost:", *lost, "new:", *new])


def gone_with(records: list[Record], identity: str) -> set[str]:
    """What somebody is called, and their posts."""
    return {identity} | {one.post for one in records if isinstance(one, PostRecord) and one.author == identity}


def told(records: list[Record], gone: set[str], platform: str) -> Counter[str]:
    """What is said of everybody else."""
    return Counter(
        repr(_less(one, gone)) for one in records if not _is_about(one, gone) and not _is_by_order(one, platform)
    )


def _is_by_order(record: Record, platform: str) -> bool:
    """Whether it depends on the order of names: whom a server that refuses histories was asked about first."""
    return platform == "threads" and isinstance(record, CoverageRecord) and record.scope == "history"


def _is_about(record: Record, gone: set[str]) -> bool:
    match record:
        case PostRecord():
            names = [record.author, record.post, record.repost_of or "", record.repost_of_author or ""]
        case AccountRecord():
            names = [record.account]
        case EngagementRecord():
            names = [record.account, record.post]
        case CoverageRecord():
            names = [record.subject]
        case PollRecord():
            names = [record.post]
        case _:
            names = [getattr(record, "post", "")]
    by_id = [name.partition(":")[2] for name in gone if ":did:" in name]
    return any(name in gone or names_nobody(name) or any(did in name for did in by_id) for name in names)


def _less(record: Record, gone: set[str]) -> Record:
    """A post without what it says of those who are gone, and without words: they may be in them."""
    if not isinstance(record, PostRecord):
        return record
    names = ("reply_to", "reply_to_author", "root", "quote_of", "quote_of_author")
    values = {name: getattr(record, name) for name in names}
    hidden = {name: None for name, value in values.items() if value and (value in gone or names_nobody(value))}
    return replace(record, text="", mentions=_others(record.mentions, gone), **hidden)


def _others(mentions: tuple[MentionRecord, ...], gone: set[str]) -> tuple[MentionRecord, ...]:
    return tuple(one for one in mentions if one.account not in gone and not names_nobody(one.account))
