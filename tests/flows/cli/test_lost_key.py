"""A lost key stops every step that would give pseudonyms: one line, exit code 2, and the tables stay as they were."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.cli import run
from flows.cli.language import asked_language
from passerelle.key_files import keys_folder
from passerelle.lake import CAMPAIGNS, Lake
from tests.flows.campaigns import CAMPAIGN, posts_file

SOURCE = '[[sources]]\nkind = "mastodon"\nhost = "127.0.0.1:9"\n'
LAKE = Lake(Path("data/essai"))


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose campaign has taken a file in, and the user's own folder of keys."""
    folder = tmp_path_factory.mktemp("begun")
    (folder / "campaign.toml").write_text(CAMPAIGN + SOURCE)
    posts_file(folder / "a.csv", rows=10)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("XDG_CONFIG_HOME", str(folder / "home"))
        assert run(["import", "a.csv"]) == 0
    return folder


@pytest.fixture(autouse=True)
def _there(begun: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """In that folder, one for each test."""
    shutil.copytree(begun, tmp_path / "begun")
    monkeypatch.chdir(tmp_path / "begun")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "begun" / "home"))
    monkeypatch.setenv("PASSERELLE_LANG", "en")
    monkeypatch.setattr(sys, "argv", ["passerelle"])
    asked_language.cache_clear()
    yield
    asked_language.cache_clear()


@pytest.mark.parametrize(
    "words", [["import", "a.csv"], ["collect"], ["replay", "vault"], ["analyse"], ["report"], ["weekly"]]
)
def test_every_step_that_needs_the_key_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(CAMPAIGNS / "demo" / "vault", "vault", ignore=lambda _, names: sorted(names)[1:])
    before = LAKE.versions()
    shutil.rmtree(keys_folder())
    assert run(words) == 2
    told = capsys.readouterr().err
    assert "is not on this machine; put your copy back as " in told
    assert told.splitlines()[-1].startswith("passerelle: data/essai: the key (fingerprint ")
    assert LAKE.versions() == before
    assert not list(LAKE.staging.glob("*"))
    assert not keys_folder().exists()


def test_a_crawl_started_by_hand_is_refused_before_it_asks_anything() -> None:
    shutil.rmtree(keys_folder())
    words = ["-m", "spiders.crawl", "--campaign", "campaign.toml", "--lake", str(LAKE.root)]
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "is not on this machine" in done.stderr
    assert not LAKE.vault.exists()


def test_the_same_file_again_with_the_key_that_was_put_back_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    keys_folder().rename("copy")
    assert run(["import", "a.csv"]) == 2
    Path("copy").rename(keys_folder())
    assert run(["import", "a.csv"]) == 0
    assert LAKE.read("posts").num_rows == 10


def test_doctor_tells_where_the_key_is_and_what_is_wrong_with_it(capsys: pytest.CaptureFixture[str]) -> None:
    def told() -> tuple[bool, str]:
        run(["doctor", "--json"])
        checks = json.loads(capsys.readouterr().out)["checks"]
        (found,) = [(one["ok"], one["check"]) for one in checks if "key" in one["check"]]
        return found

    (key,) = keys_folder().iterdir()
    assert told() == (
        True, f"pseudonym key: {key}; keep a copy elsewhere: without it nothing can be added to data/essai"
    )  # fmt: skip
    key.chmod(0o644)
    assert told() == (False, f"{key}: others can read this pseudonym key; chmod 600 {key}")
    key.chmod(0o600)
    key.rename(LAKE.key_file)
    move = f"mkdir -p {key.parent} && mv data/essai/key {key}"
    assert told() == (True, f"pseudonym key: inside the lake, as it used to be; move it out and keep a copy: {move}")
    LAKE.key_file.rename("away")
    assert told()[0] is False
    shutil.rmtree(LAKE.root)
    assert told() == (
        True, f"pseudonym key: the first collection makes it ({keys_folder()}); keep a copy of it elsewhere"
    )  # fmt: skip
