"""Posts that wait for what they answer or quote: what becomes known, and what stays the server's own id."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from passerelle.records import PostRecord
from spiders.collecting.waiting import Waiting
from spiders.platforms.mastodon.names import FediverseNames

NOW = datetime(2026, 10, 6, 9, tzinfo=UTC)


@pytest.fixture
def names() -> FediverseNames:
    return FediverseNames("one.example", "one.example")


def waiting(names: FediverseNames, **relations: str) -> Waiting:
    """A post of which `relations` (column: native id) are not shown."""
    held = {column: names.stand_in(native) for column, native in relations.items()}
    record = PostRecord(
        platform="mastodon",
        post="https://one.example/1",
        author="acct:a@one.example",
        created_at=NOW,
        captured_at=NOW,
        source="one.example",
        text="",
        text_format="html",
        **held,  # type: ignore[arg-type]
    )
    return Waiting(record=record, natives=tuple(relations.values()), author="9", campaign=True, keep=True)


def test_what_is_shown_in_the_meantime_gets_its_name(names: FediverseNames) -> None:
    post = waiting(names, reply_to="7", quote_of="8")
    names.posts["7"], names.accounts["9"] = "https://two.example/7", "acct:b@two.example"
    settled = post.settled(names)
    assert (settled.reply_to, settled.reply_to_author) == ("https://two.example/7", "acct:b@two.example")
    assert (settled.quote_of, settled.only_local) == ("mastodon:one.example/8", ("quote_of",))
    names.posts["8"] = "https://two.example/8"
    assert post.settled(names).only_local == ()


def test_a_post_that_nobody_could_name_is_named_by_its_server(names: FediverseNames) -> None:
    names.posts["7"] = names.stand_in("7")  # shown, without an address of its own
    settled = waiting(names, reply_to="7").settled(names)
    assert (settled.reply_to, settled.only_local) == ("mastodon:one.example/7", ())
