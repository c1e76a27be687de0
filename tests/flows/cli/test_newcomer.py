"""What a newcomer ran into: each test is a mistake, or a disappointment, of a first hour with the command."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from flows.cli import _unexpected, run
from flows.cli.language import asked_language, typeset
from flows.cli.query_command import _print_json
from passerelle.allowances import Allowance
from passerelle.clock import now
from passerelle.errors import french_reason
from passerelle.lake import Lake
from passerelle.platforms import PLATFORMS
from spiders.collecting.state import CrawlState
from tests.flows.campaigns import CAMPAIGN

SOURCE = '[[sources]]\nkind = "mastodon"\nhost = "mastodon.example"\n'


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["passerelle"])
    speak(monkeypatch, "en")


def speak(monkeypatch: pytest.MonkeyPatch, tongue: str) -> None:
    monkeypatch.setenv("PASSERELLE_LANG", tongue)
    asked_language.cache_clear()


def test_dry_run_tells_the_plan_of_a_campaign_that_never_ran(capsys: pytest.CaptureFixture[str]) -> None:
    Path("campaign.toml").write_text(CAMPAIGN + SOURCE)
    assert run(["collect", "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "mastodon.example: #i4emploi since the beginning" in told
    assert "authors' own servers asked for missing replies" in told
    assert "how long the first one takes is not known" in told
    assert run(["collect", "--dry-run", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["sources"][0]["since"] is None


def test_dry_run_promises_no_authors_servers_where_a_platform_has_none(capsys: pytest.CaptureFixture[str]) -> None:
    Path("campaign.toml").write_text(CAMPAIGN + SOURCE.replace('"mastodon"', '"wordpress"'))
    assert run(["collect", "--dry-run"]) == 0
    assert "authors' own servers" not in capsys.readouterr().out


def test_dry_run_says_what_may_be_spent_and_what_is_spent(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    allowances = (
        Allowance(name="units", what=("units", "unités"), most=1000),
        Allowance(name="usd", what=("USD", "USD"), most=None, period="month", parts=1000),
    )
    monkeypatch.setitem(PLATFORMS, "mastodon", replace(PLATFORMS["mastodon"], allowances=allowances))
    Path("campaign.toml").write_text(CAMPAIGN + SOURCE + "budget = {usd = 2.5}\n")
    hour = now().replace(minute=0, second=0, microsecond=0).isoformat(timespec="hours")
    state = CrawlState(spent={"units": {hour: 12}, "usd": {hour: 1200}})
    path = Lake(Path("data/essai")).state_file("mastodon.example")
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(state.to_json()), "utf-8")
    assert run(["collect", "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "at most 988 units: 12 of 1,000 a day are spent; anew at 20" in told
    assert "at most 1.30 USD: 1.20 of 2.50 a month are spent" in told
    assert run(["collect", "--dry-run", "--json"]) == 0
    units, money = json.loads(capsys.readouterr().out)["sources"][0]["budgets"]
    assert (units["most"], units["spent"], money["most"], money["spent"]) == (1000, 12, 2.5, 1.2)


@pytest.mark.parametrize(
    ("key", "line", "said"),
    [
        ("hashtags", f'hashtags = ["{"a" * 300}"]', "n'est pas un mot-dièse"),
        ("hashtags", 'hashtags = ["../x"]', "« ../x » n'est pas un mot-dièse"),
        ("retention_days", 'retention_days = "long"', "il faut un nombre entier"),
        ("name", 'name = "../evil"', "écrivez de 1 à 63 signes"),
        ("organisers", 'organisers = "none.txt"', "fichier que nomme « organisers » illisible (fichier ou dossier"),
        ("time_zone", 'time_zone = "Europe/Tulle"', "n'est pas un fuseau IANA"),
    ],
)
def test_a_wrong_campaign_file_is_told_in_french(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], key: str, line: str, said: str
) -> None:
    speak(monkeypatch, "fr")
    kept = [one for one in CAMPAIGN.splitlines() if not one.startswith(f"{key} ")]
    Path("campaign.toml").write_text("\n".join([line, *kept]))
    assert run(["status"]) == 2
    told = capsys.readouterr().err.replace("\N{NO-BREAK SPACE}", " ")
    assert said in told
    assert "should" not in told


def test_a_wrong_variable_is_blamed_rather_than_the_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("campaign.toml").write_text(CAMPAIGN)
    monkeypatch.setenv("PASSERELLE__RETENTION_DAYS", "long")
    assert run(["status"]) == 2
    assert "$PASSERELLE__RETENTION_DAYS: 'retention_days': a whole number" in capsys.readouterr().err


def test_a_campaign_file_that_is_no_text_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    Path("campaign.toml").write_bytes(b"\xf0\x28\x8c\x28")
    assert run(["status"]) == 2
    assert capsys.readouterr().err == "passerelle: campaign.toml: not UTF-8 text; save it as UTF-8\n"


def test_init_names_the_campaign_after_its_hashtag_and_leaves_no_wrong_file(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["init", "one.toml", "--hashtag", "#Écoute2026"]) == 0
    assert 'name = "ecoute2026"' in Path("one.toml").read_text()
    assert run(["init", "two.toml", "--hashtag", "../x"]) == 2
    assert "is no hashtag" in capsys.readouterr().err
    assert not Path("two.toml").exists()


def test_the_language_may_be_said_after_the_subcommand(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["passerelle", "status", "--lang", "fr"])
    asked_language.cache_clear()
    Path("campaign.toml").write_text(CAMPAIGN)
    assert run(["status", "--lang", "fr"]) == 0
    assert "rien n'a encore été collecté" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["init", "--template", "zz"], "n'est pas une valeur admise"),
        (["status", "a", "b"], "Arguments en trop (a b)"),
        (["export", "--week"], "L'option '--week' demande une valeur."),
    ],
)
def test_click_speaks_french_throughout(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    speak(monkeypatch, "fr")
    assert run(words) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("words", [["status"], ["report"], ["clean"], ["runs", "list"], ["query", "SELECT 1"]])
@pytest.mark.parametrize(("tongue", "said"), [("en", "this is a file; name a folder"), ("fr", "c'est un fichier")])
def test_a_file_where_the_lakes_folder_should_be_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], tongue: str, said: str
) -> None:
    speak(monkeypatch, tongue)
    Path("campaign.toml").write_text(CAMPAIGN)
    Path("file").write_text("")
    assert run([*words, "--lake", "file"]) == 2
    told = capsys.readouterr().err
    assert (said in told, told.count("\n")) == (True, 1)


def test_a_vault_without_recordings_is_a_mistake_of_the_command(capfd: pytest.CaptureFixture[str]) -> None:
    Path("campaign.toml").write_text(CAMPAIGN + SOURCE)
    Path("empty").mkdir()
    assert run(["replay", "empty"]) == 2
    assert "there is no recorded run here" in capfd.readouterr().err


def test_no_line_of_french_breaks_before_double_punctuation() -> None:
    assert typeset("lu ; « - » : oui") == "lu\u202f; «\u00a0-\u00a0»\u00a0: oui"
    assert typeset("a:b 12:30") == "a:b 12:30"


def test_measure_prints_numbers_that_can_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    Path("e.csv").write_text("source,target\na,b\nb,c\nc,a\nc,d\n")
    assert run(["measure", "e.csv"]) == 0
    told = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert (told["counts.nodes"], told["counts.ties"], told["bridges.count"]) == ("4", "4", "1")
    assert told["overlap.mean"] == "0.5"
    assert told["clustering.transitivity"] == "0.6"
    assert "reciprocity" not in told
    assert not any(value.startswith(("[", "{")) for value in told.values())


@pytest.mark.parametrize("line", ['{"id": 1, "text": null}', '[{"id": "1", "text": "x"}]', "7", "{"])
def test_classify_refuses_what_is_no_post(capsys: pytest.CaptureFixture[str], line: str) -> None:
    Path("posts.jsonl").write_text(line + "\n")
    assert run(["classify", "posts.jsonl"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("passerelle: posts.jsonl, line 1: not a post (")
    assert shown.err.count("\n") == 1


def test_query_json_keeps_numbers_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    import duckdb

    rows: pa.Table = duckdb.sql(
        "SELECT sum(x) AS total, 1.5 AS half, 'inf'::DOUBLE AS never FROM (VALUES (1), (2)) t(x)"
    ).to_arrow_table()
    _print_json(rows)
    assert json.loads(capsys.readouterr().out)["rows"] == [{"total": 3, "half": 1.5, "never": "inf"}]


def test_a_full_disk_is_told_whoever_found_out(capsys: pytest.CaptureFixture[str]) -> None:
    _unexpected(RuntimeError, RuntimeError("LocalFileSystem error: No space left on device (os error 28)"), None)
    told = capsys.readouterr().err
    assert told.startswith("passerelle: the disk is full; free some space")
    assert told.count("\n") == 1


def test_a_reason_of_the_system_is_told_in_french() -> None:
    with pytest.raises(FileNotFoundError) as caught:
        Path("nowhere").read_text()
    assert french_reason(caught.value) == "fichier ou dossier introuvable"
