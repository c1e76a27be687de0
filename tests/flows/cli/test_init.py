"""`passerelle init` gives the other programs what they need, and takes nothing from anybody."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
import yaml

from flows.cli import run
from flows.cli.init_command import TEMPLATES
from flows.cli.language import asked_language
from passerelle.campaign import load_campaign
from passerelle.lake import CAMPAIGNS, SHIPPED
from passerelle.legal import KEYS
from passerelle.platforms import PLATFORMS


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PASSERELLE_LANG", "en")
    monkeypatch.setattr(sys, "argv", ["passerelle"])
    asked_language.cache_clear()
    yield
    asked_language.cache_clear()


def test_what_prefect_deploys_is_the_file_that_was_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", "sub/mine: #1.toml"]) == 1, "a folder that is not there is not made"
    capsys.readouterr()
    Path("sub").mkdir()
    assert run(["init", "sub/mine: #1.toml", "--hashtag", "essai"]) == 0
    told = [line.rpartition(": written")[0] for line in capsys.readouterr().out.splitlines()]
    assert told == ["sub/mine: #1.toml", "sub/prefect.yaml", "sub/scrapy.cfg"]
    content = yaml.safe_load(Path("sub/prefect.yaml").read_text("utf-8"))
    assert {one["parameters"]["campaign"] for one in content["deployments"]} == {"mine: #1.toml"}
    assert Path("sub/scrapy.cfg").read_text("utf-8") == (SHIPPED / "scrapy.cfg").read_text("utf-8")


def test_files_that_are_there_stay(capsys: pytest.CaptureFixture[str]) -> None:
    Path("prefect.yaml").write_text("mine")
    assert run(["init"]) == 0
    assert Path("prefect.yaml").read_text() == "mine"
    assert "prefect.yaml: kept as it is; the deployments in it do not know campaign.toml" in capsys.readouterr().out


def test_every_template_that_init_offers_is_shipped() -> None:
    assert {path.stem for path in CAMPAIGNS.glob("*.toml")} == set(TEMPLATES)


def test_a_checkout_uses_its_own_files_and_no_copy_of_them() -> None:
    assert Path(__file__).parents[3] == SHIPPED


def sources_of(path: str) -> list[tuple[str, str]]:
    return [(source.kind, source.host) for source in load_campaign(Path(path)).sources]


def test_a_block_is_written_for_each_source_and_the_rest_of_the_template_stays() -> None:
    words = ["--source", "bluesky=bsky.social", "--source", "wordpress=blog.example", "--hashtag", "essai"]
    assert run(["init", "mine.toml", *words]) == 0
    assert sources_of("mine.toml") == [("bluesky", "bsky.social"), ("wordpress", "blog.example")]
    assert '# token_variable = "BLUESKY_LOGIN"' in Path("mine.toml").read_text("utf-8")
    assert load_campaign(Path("mine.toml")).collect.history_days == 98
    assert run(["init", "plain.toml", "--host", "ville.example"]) == 0
    assert sources_of("plain.toml") == [("mastodon", "ville.example")]


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("kind", PLATFORMS)
def test_whoever_sits_at_the_terminal_is_asked(
    template: str, kind: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal(f"mastodon, {kind}\none.example\ntwo.example\n"))
    assert run(["init", "mine.toml", "--template", template]) == 0
    assert sources_of("mine.toml") == [("mastodon", "one.example"), (kind, "two.example")]
    assert "a Blogger blog" in capsys.readouterr().out


@pytest.mark.parametrize("word", ["myspace=x.example", "bluesky", "bluesky=", "mastodon=a b"])
def test_a_source_that_cannot_be_is_one_line_and_leaves_no_file(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", "mine.toml", "--source", word]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not Path("mine.toml").exists()


def test_what_init_writes_lets_nobody_through_before_somebody_wrote(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", "--host", "ville.example"]) == 0
    for words in (["collect"], ["collect", "--stream"], ["weekly"], ["import", "nothing.csv"]):
        stream = words[-1] == "--stream"
        assert run(words) == 2, words
        told = capsys.readouterr().err
        assert told.count("\n") == 1
        assert stream or all(f"'{key}' is empty" in told for key in KEYS), words
    assert run(["doctor"]) == 1
    told = capsys.readouterr().out
    assert [key for key in KEYS if f"'{key}' is empty: write" in told] == list(KEYS)
    assert "ville.example" not in told, "nobody is asked"
    assert not list(Path("data").glob("*/tables"))
