"""The campaign file: what is missing or unknown is named with its line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from passerelle.campaign import Source, load_campaign
from passerelle.errors import UsageError
from passerelle.lake import CAMPAIGNS

GOOD = """name = "essai"
hashtags = ["#I4Emploi"]
purpose = "étudier l'entraide"
legal_basis = "6(1)(f)"
retention_days = 30
contact = "dpo@pont.test"
"""


def load(tmp_path: Path, text: str, **overrides: object):  # type: ignore[no-untyped-def]
    path = tmp_path / "campaign.toml"
    path.write_text(text, "utf-8")
    return load_campaign(path, **overrides)


def refusal(tmp_path: Path, text: str) -> UsageError:
    with pytest.raises(UsageError) as caught:
        load(tmp_path, text)
    assert caught.value.exit_code == 2
    assert "\n" not in caught.value.en + caught.value.fr
    return caught.value


@pytest.mark.parametrize("key", ["purpose", "legal_basis", "retention_days", "contact"])
def test_collection_has_a_reason_or_does_not_start(tmp_path: Path, key: str) -> None:
    lines = [line for line in GOOD.splitlines() if not line.startswith(key)]
    error = refusal(tmp_path, "\n".join(lines))
    assert f"'{key}' is missing" in error.en
    assert f"« {key} » manque" in error.fr


@pytest.mark.parametrize(
    ("added", "line", "name"),
    [
        ("colour = 1\n", 7, "colour"),
        ("[collect]\n\nuser_agent = 'x'\ncolour = 1\n", 10, "collect.colour"),
        (
            "[[sources]]\nkind = 'mastodon'\nhost = 'a.test'\n[[sources]]\nkind = 'myspace'\nhost = 'b.test'\n",
            11,
            "kind",
        ),
        ("time_zone = 'Paris/Europe'\n", 7, "time_zone"),
    ],
)
def test_a_wrong_key_is_named_with_its_line(tmp_path: Path, added: str, line: int, name: str) -> None:
    error = refusal(tmp_path, GOOD + added)
    assert f"line {line}:" in error.en
    assert name in error.en
    assert f"ligne {line} :" in error.fr


@pytest.mark.parametrize("host", ["10.0.0.8", "https://ville.test", "ville.test/api", "user@ville.test"])
def test_what_is_no_public_host_is_refused_with_its_line(tmp_path: Path, host: str) -> None:
    error = refusal(tmp_path, GOOD + f'[[sources]]\nkind = "mastodon"\nhost = "{host}"\n')
    assert host in error.en
    assert "no public host" in error.en
    assert "line " in error.en
    assert "hôte public" in error.fr


@pytest.mark.parametrize("hashtag", ["../x", "a" * 300, "", "a b", "x\\u0000"])
def test_what_is_no_hashtag_is_refused(tmp_path: Path, hashtag: str) -> None:
    error = refusal(tmp_path, GOOD.replace("#I4Emploi", hashtag))
    assert "line 2" in error.en
    assert len(error.en) < 300


def test_broken_toml_says_where(tmp_path: Path) -> None:
    assert "line 2" in refusal(tmp_path, "name = 'x'\nhashtags = [oops\n").en


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="passerelle init"):
        load_campaign(tmp_path / "none.toml")


def test_flags_win_over_environment_over_file_over_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(tmp_path, GOOD).collect.max_pages == 500
    monkeypatch.setenv("PASSERELLE__COLLECT__MAX_PAGES", "7")
    monkeypatch.setenv("PASSERELLE__RETENTION_DAYS", "9")
    campaign = load(tmp_path, GOOD, as_of=datetime(2026, 1, 1, tzinfo=UTC))
    assert (campaign.collect.max_pages, campaign.retention_days) == (7, 9)
    assert campaign.as_of == datetime(2026, 1, 1, tzinfo=UTC)


def test_names_may_stand_in_a_file_beside_it(tmp_path: Path) -> None:
    (tmp_path / "who.txt").write_text("# those who run it\n@lea@pont.test # since 2015\n\n@ana@pont.test\n")
    assert load(tmp_path, GOOD + "organisers = 'who.txt'\n").organisers == ("@lea@pont.test", "@ana@pont.test")


@pytest.mark.parametrize("path", sorted(CAMPAIGNS.glob("**/*.toml")), ids=lambda path: path.stem)
def test_every_campaign_that_ships_is_sound(path: Path) -> None:
    assert load_campaign(path).hashtags


def test_a_source_has_one_spelling_whatever_the_campaign_file_says() -> None:
    hosts = {
        Source(kind="mastodon", host=host).host for host in ("Mastodon.Social", " mastodon.social.", "MASTODON.SOCIAL")
    }
    assert hosts == {"mastodon.social"}
