"""Who may be collected: every sign that a person gives is honoured, and counted by its name."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from passerelle.policy import REASONS, decide, refusal_of_history
from passerelle.records import AccountRecord, EngagementRecord, Evidence, PostRecord

NOW = datetime(2026, 11, 22, tzinfo=UTC)
POST = PostRecord(
    platform="mastodon",
    post="https://pont.test/1",
    author="acct:lea@pont.test",
    created_at=NOW,
    captured_at=NOW,
    source="pont.test",
    text="<p>Bonjour</p>",
    text_format="html",
)
ACCOUNT = AccountRecord(
    platform="mastodon", account="acct:lea@pont.test", handle="@lea@pont.test", captured_at=NOW, source="pont.test"
)


@pytest.mark.parametrize(
    ("evidence", "reason"),
    [
        (Evidence(), None),
        (Evidence(noindex=True), "noindex"),
        (Evidence(indexable=False), "indexable"),
        (Evidence(indexable=True), None),
        (Evidence(indexable=None), None),
        (Evidence(discoverable=False), None),
        (Evidence(note="<p>Peintre. <a href='x'>#<span>NoBot</span></a></p>"), "nobot"),
        (Evidence(note="#nobots"), "nobot"),
        (Evidence(note="＃ｎｏｂｏｔ"), "nobot"),
        (Evidence(note="#NoIndex #NoArchive"), "nobot"),
        (Evidence(note="#nobotanique, j'aime les robots, nobot"), None),
    ],
)
def test_a_profile_decides(evidence: Evidence, reason: str | None) -> None:
    kept = None if reason == "indexable" else reason
    assert decide(POST, evidence) == decide(ACCOUNT, evidence) == kept
    assert decide(POST, evidence, indexable="all") == decide(ACCOUNT, evidence, indexable="all") == reason
    assert refusal_of_history("acct:lea@pont.test", evidence) == reason


def test_the_history_of_a_denied_servers_people_is_not_asked_for() -> None:
    assert refusal_of_history("acct:lea@sub.pont.test", None, ("pont.test",)) == "instance"
    assert refusal_of_history("acct:lea@pont.test", None) is None


@pytest.mark.parametrize("denied", ["bücher.example", "xn--bcher-kva.example", "BÜCHER.example."])
@pytest.mark.parametrize("domain", ["bücher.example", "sub.xn--bcher-kva.example"])
def test_a_server_is_denied_in_whatever_spelling(denied: str, domain: str) -> None:
    assert decide(replace(POST, author=f"acct:lea@{domain}"), None, (denied,)) == "instance"


@pytest.mark.parametrize("visibility", ["unlisted", "private", "direct", "protected", "something new"])
def test_only_public_posts_are_kept(visibility: str) -> None:
    assert decide(replace(POST, visibility=visibility), None) == "visibility"
    assert decide(POST, None) is None


@pytest.mark.parametrize(
    ("author", "reason"),
    [
        ("acct:a@closed.example", "instance"),
        ("acct:a@sub.closed.example", "instance"),
        ("acct:a@notclosed.example", None),
        ("twitter:1", None),
    ],
)
def test_a_denied_server_and_its_subdomains_are_left_out(author: str, reason: str | None) -> None:
    deny = ("Closed.Example",)
    engagement = EngagementRecord(
        platform="mastodon", post="p", account=author, kind="repost", captured_at=NOW, source="pont.test"
    )
    assert decide(replace(POST, author=author), None, deny) == reason
    assert decide(engagement, None, deny) == reason


def test_every_reason_is_one_that_the_manifest_explains() -> None:
    given = {
        decide(POST, Evidence(noindex=True)),
        decide(POST, Evidence(indexable=False), indexable="all"),
        decide(POST, Evidence(note="#nobot")),
        decide(POST, None, ("pont.test",)),
        decide(replace(POST, visibility="direct"), None),
        "opted_out",  # given by the landing, which alone knows pseudonyms
    }
    assert given == set(REASONS)
