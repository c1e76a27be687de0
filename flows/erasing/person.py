"""Who is meant by a name, and all the names under which the lake knows them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

import pyarrow as pa
import pyarrow.compute as pc

from flows.account_finder import AccountFinder
from flows.erasing.gathered import staged_tables
from flows.job import Job
from passerelle.errors import UsageError
from passerelle.platforms import PLATFORMS

PEOPLE_COLUMNS = ("account_id", "author_id", "reply_to_author_id", "repost_of_author_id", "quote_of_author_id")
_PSEUDONYM = re.compile(r"a[0-9a-f]{24}")


@dataclass(slots=True)
class Person:
    """Somebody by all their names: pseudonyms by kind, and `words` in clear, as far as the vault still tells them.

    `shown` are names that they show, looked for in the words of others.
    """

    account_ids: set[str]
    handle_ids: set[str] = field(default_factory=set)
    post_ids: set[str] = field(default_factory=set)
    link_ids: set[str] = field(default_factory=set)
    identities: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)

    @property
    def pseudonyms(self) -> set[str]:
        """All of them."""
        return self.account_ids | self.handle_ids | self.post_ids | self.link_ids

    def as_json(self) -> dict[str, list[str]]:
        """For the journal of an erasure that goes on."""
        return {name: sorted(value) for name, value in asdict(self).items()}

    @classmethod
    def parse(cls, value: dict[str, Any]) -> Person:
        """Whom a journal tells of."""
        return cls(**{name: set(values) for name, values in value.items()})


def find_person(job: Job, name: str) -> Person | None:
    """Whom `name` means, on every platform that the campaign joined; None where the lake knows nobody by it.

    Raises UsageError where it may mean several people.
    """
    finder, there = _finder(job)
    found = candidates(job, name, finder) & there
    if len(found) > 1 and len({frozenset(_one_person(job, finder, {one})) for one in found}) > 1:
        raise UsageError(
            en=f"'{name}' may mean {len(found)} accounts; write it with its server or platform (@user@host, "
            "platform:name), or give the pseudonym",
            fr=f"« {name} » peut désigner {len(found)} comptes ; précisez le serveur ou la plateforme "
            "(@nom@hôte, plateforme:nom), ou donnez le pseudonyme",
        )
    if not found:
        return None
    person = Person(_one_person(job, finder, found))
    complete(job, person)
    return person


def candidates(job: Job, name: str, finder: AccountFinder | None = None) -> set[str]:
    """Every account pseudonym that `name` may stand for, known or not."""
    finder = finder or _finder(job)[0]
    return set(finder.all_of(spellings(name)))


def handles_meant(job: Job, name: str) -> set[str]:
    """Every handle pseudonym that `name` may stand for."""
    hide = job.pseudonyms.handle
    bare = {one.removeprefix("acct:").lstrip("@") for one in spellings(name)}
    return {hide(f"@{one}") for one in bare} | {hide(f"{p}:@{one}") for one in bare for p in (*PLATFORMS, "import")}


def spellings(name: str) -> list[str]:
    """`name`, and what it says where it is the address of a profile."""
    name = name.strip()
    return list(dict.fromkeys([name, *_in_address(name)]))


def complete(job: Job, person: Person) -> None:
    """Add the handles and posts that the lake has of them, staged and set aside ones too."""
    tables = dict(_known(job))
    for rows in tables["accounts"]:
        own = rows.filter(pc.is_in(rows["account_id"], value_set=pa.array(sorted(person.account_ids), pa.string())))
        person.handle_ids |= {one for one in own["handle_id"].to_pylist() if one}
    bearers: dict[str, set[str]] = defaultdict(set)
    for rows in tables["handles"]:
        for handle, account in zip(rows["handle_id"].to_pylist(), rows["account_id"].to_pylist(), strict=True):
            bearers[handle].add(account)
    person.handle_ids |= {handle for handle, borne in bearers.items() if borne & person.account_ids}
    # a name that somebody else bears too is theirs as well
    person.handle_ids -= {handle for handle, borne in bearers.items() if borne - person.account_ids}
    _add_posts(person, [*tables["posts"], *tables["post_versions"]], tables["post_names"])


def _add_posts(person: Person, posts: list[pa.Table], names: list[pa.Table]) -> None:
    for rows in posts:
        for column in ("author_id", "repost_of_author_id"):
            told = rows["post_id"].filter(_among(rows[column], person.account_ids))
            person.post_ids |= set(told.to_pylist())
    for rows in posts:  # whatever reposts one of theirs
        person.post_ids |= set(rows["post_id"].filter(_among(rows["repost_of_id"], person.post_ids)).to_pylist())
    for rows in names:
        person.post_ids |= set(rows["name_id"].filter(_among(rows["post_id"], person.post_ids)).to_pylist())


def _among(column: pa.ChunkedArray, values: set[str]) -> pa.ChunkedArray:
    return pc.fill_null(pc.is_in(column, value_set=pa.array(sorted(values), pa.string())), False)


def _known(job: Job) -> Iterator[tuple[str, list[pa.Table]]]:
    for name in ("accounts", "handles", "posts", "post_versions", "post_names"):
        yield name, [job.lake.read(name), *staged_tables(job.lake, name)]


def _finder(job: Job) -> tuple[AccountFinder, set[str]]:
    """Who is known by which name, in the tables and in what waits."""
    tables = dict(_known(job))
    posts = pa.concat_tables([rows.select(_COLUMNS) for name in ("posts", "post_versions") for rows in tables[name]])
    handles = pa.concat_tables(tables["handles"])
    accounts = pa.concat_tables(tables["accounts"])
    engaged = [job.lake.read("engagements"), *staged_tables(job.lake, "engagements")]
    there = {one for rows in engaged for one in rows["account_id"].to_pylist()}
    there |= set(accounts["account_id"].to_pylist()) | set(handles["account_id"].to_pylist())
    there |= {one for name in PEOPLE_COLUMNS[1:] for one in posts[name].to_pylist() if one}
    there |= set(pc.list_flatten(posts["mentions"]).to_pylist())
    return AccountFinder(handles, posts, job.campaign, job.pseudonyms), there


_COLUMNS = ["platform", *PEOPLE_COLUMNS[1:], "mentions"]


def _one_person(job: Job, finder: AccountFinder, found: Iterable[str]) -> set[str]:
    """With each account, those that the campaign file or a move joins it with."""
    accounts = pa.concat_tables([job.lake.read("accounts"), *staged_tables(job.lake, "accounts")])
    joined: dict[str, set[str]] = defaultdict(set)
    pairs = list(zip(accounts["account_id"].to_pylist(), accounts["moved_to_id"].to_pylist(), strict=True))
    pairs += list(finder.same_people(accounts["account_id"].to_pylist()).items())
    for one, other in pairs:
        if other is not None:
            joined[one].add(other)
            joined[other].add(one)
    seen, waiting = set[str](), list(found)
    while waiting:
        account = waiting.pop()
        if account not in seen:
            seen.add(account)
            waiting += joined[account]
    return seen


def _in_address(name: str) -> Iterator[str]:
    """What names somebody in the address of a profile, likeliest first."""
    if name.startswith("at://"):
        yield name.removeprefix("at://").partition("/")[0]
        return
    parts = urlsplit(name)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return
    steps = [unquote(step) for step in parts.path.split("/") if step]
    for step in [step for step in steps if step not in ("users", "user", "u", "profile", "accounts", "author")][:1]:
        bare = step.removeprefix("@")
        yield f"@{bare}" if "@" in bare else f"@{bare}@{parts.netloc}"
        yield bare
        yield f"{parts.netloc}/{bare}"
