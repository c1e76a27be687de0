"""The wheel alone, in an environment of its own and far from the repository, does what the repository does."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from passerelle.platforms import PLATFORMS
from tests.flows.test_weekly import CAMPAIGN
from tests.sandbox.parameters import Parameters
from tests.sandbox.server import Sandbox
from tests.sandbox.simulate import simulate

pytestmark = [pytest.mark.servers, pytest.mark.slow]
REPOSITORY = Path(__file__).parents[2]
LOCK = "requirements.lock"
UV = Path(sys.executable).with_name("uv")


def ran(*words: str | Path, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command in `folder`, with nothing of this repository or of the user's own Passerelle in its environment."""
    ours = ("PASSERELLE", "PREFECT", "PYTHON", "VIRTUAL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    said = kept | {"PASSERELLE_LANG": "en", "XDG_CONFIG_HOME": str(folder / "config")} | environment
    command = [str(word) for word in words]
    return subprocess.run(command, cwd=folder, env=said, capture_output=True, text=True, timeout=900)


def done(*words: str | Path, folder: Path, **environment: str) -> str:
    """What a command that ends well printed."""
    finished = ran(*words, folder=folder, **environment)
    assert finished.returncode == 0, f"{words}\n{finished.stdout}\n{finished.stderr}"
    return finished.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the source distribution as a package index would."""
    folder = tmp_path_factory.mktemp("dist")
    done(UV, "build", "-q", "--no-build-isolation", "--python", sys.executable, "-o", folder, REPOSITORY, folder=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def bin_folder(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Commands of a clean environment with the locked packages and the wheel."""
    home = tmp_path_factory.mktemp("clean") / "venv"
    done(UV, "venv", "-q", "--python", sys.executable, home, folder=home.parent)
    install = (UV, "pip", "install", "-q", "--python", home / "bin" / "python")
    done(*install, "--require-hashes", "-r", REPOSITORY / LOCK, folder=home.parent)
    done(*install, "--no-deps", wheel, folder=home.parent)
    return home / "bin"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    played = simulate(Parameters(num_weeks=3, prior_weeks=14, num_active=60, num_quiet=12, num_seekers=30))
    with Sandbox(played.world, played.parameters.as_of, limit=1_000_000) as server:
        yield server


def test_nothing_comes_from_the_repository(bin_folder: Path, tmp_path: Path) -> None:
    script = "import passerelle.lake as l, flows; print(l.SHIPPED); print(flows.__file__)"
    told = done(bin_folder / "python", "-c", script, folder=tmp_path)
    assert str(REPOSITORY) not in told
    assert told.splitlines()[0].endswith("site-packages/passerelle/data")


def test_demo_publishes_without_a_key_of_anybodys(bin_folder: Path, tmp_path: Path) -> None:
    published = json.loads(done(bin_folder / "passerelle", "demo", "--json", folder=tmp_path))
    assert published["is_latest"]
    for page in published["pages"].values():
        text = (tmp_path / page).read_text("utf-8")
        assert "Emploi des Vallons" in text
        assert text.count("<svg") >= 4  # the pictures come too
    assert not (tmp_path / "config").exists()


@pytest.mark.parametrize("template", ["i4emploi", "sales_prospecting", "reputation", "founding"])
def test_init_writes_what_scrapy_and_prefect_need(bin_folder: Path, tmp_path: Path, template: str) -> None:
    words = ("init", "mine.toml", "--template", template, "--host", "mastodon.example", "--hashtag", "essai")
    told = done(bin_folder / "passerelle", *words, folder=tmp_path)
    assert [line.partition(":")[0] for line in told.splitlines()] == ["mine.toml", "prefect.yaml", "scrapy.cfg"]
    assert 'campaign: &campaign "mine.toml"' in (tmp_path / "prefect.yaml").read_text("utf-8")
    if template == "i4emploi":
        assert done(bin_folder / "scrapy", "list", folder=tmp_path).split() == sorted(PLATFORMS)


def test_doctor_and_weekly_on_a_campaign_of_ones_own(bin_folder: Path, tmp_path: Path, sandbox: Sandbox) -> None:
    source = f'[[sources]]\nkind = "mastodon"\nhost = "{sandbox.address}"\n'
    (tmp_path / "campaign.toml").write_text(CAMPAIGN.format(as_of=sandbox.now.isoformat()) + source, "utf-8")
    doctor = done(bin_folder / "passerelle", "doctor", folder=tmp_path)
    assert re.search(rf"{sandbox.address}: [1-9]\d* posts on the first page of #\w+; it shows threads", doctor)
    assert "FAIL" not in doctor
    published = json.loads(done(bin_folder / "passerelle", "weekly", "--json", folder=tmp_path))
    assert published["is_latest"]
    release = tmp_path / published["folder"]
    assert (release / "en" / "index.html").exists()
    (key,) = (tmp_path / "config" / "passerelle" / "keys").iterdir()
    assert f"pseudonym key: {key}" in done(bin_folder / "passerelle", "doctor", folder=tmp_path)
    vault = tmp_path / "data" / "vallons" / "vault"
    first, again = (replayed(bin_folder / "passerelle", vault, tmp_path) for _ in range(2))
    assert first["is_latest"]
    assert again == first, "the same traffic a second time is the same release, not another revision"


def replayed(passerelle: Path, vault: Path, folder: Path) -> dict[str, Any]:
    """The release that a lake publishes after this traffic was replayed into it, as `passerelle demo` does."""
    done(passerelle, "replay", vault, "--lake", "again", folder=folder)
    told: dict[str, Any] = json.loads(done(passerelle, "report", "--json", "--lake", "again", folder=folder))
    return told


def test_installed_as_a_tool_it_resolves_and_begins_a_campaign(wheel: Path, tmp_path: Path) -> None:
    """As `pipx` does it, in an environment made from the wheel's own metadata, held to the locked versions."""
    tools = {"UV_TOOL_DIR": str(tmp_path / "tools"), "UV_TOOL_BIN_DIR": str(tmp_path / "bin")}
    install = (UV, "tool", "install", "-q", "--python", sys.executable, "--constraints", REPOSITORY / LOCK)
    done(*install, "--with-executables-from", "scrapy,prefect", wheel, folder=tmp_path, **tools)
    passerelle = tmp_path / "bin" / "passerelle"
    assert done(passerelle, "--version", folder=tmp_path).startswith("passerelle ")
    done(passerelle, "init", "--hashtag", "essai", folder=tmp_path)
    assert done(tmp_path / "bin" / "scrapy", "list", folder=tmp_path).split() == sorted(PLATFORMS)
    assert "campaign 'essai'" in ran(passerelle, "doctor", folder=tmp_path).stdout
    shutil.rmtree(tmp_path / "tools")
