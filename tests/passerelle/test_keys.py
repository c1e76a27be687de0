"""The key of a lake: made once, kept elsewhere, and never replaced by another without a word."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import stat
from pathlib import Path

import pytest

from passerelle.campaign import Campaign, load_campaign
from passerelle.errors import UsageError
from passerelle.key_files import VARIABLE, fingerprint, kept_file, keys_folder
from passerelle.keys import EMBEDDED, PUBLIC_KEY, find_key, is_embedded, study_key
from passerelle.lake import Lake
from tests.flows.campaigns import CAMPAIGN

ONE, OTHER = "11" * 32, "22" * 32


@pytest.fixture(autouse=True)
def _machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine(tmp_path / "home", monkeypatch)


def machine(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As another user, or on another machine."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))


def campaign(folder: Path, extra: str = "", name: str = "essai") -> Campaign:
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.toml"
    path.write_text(extra + CAMPAIGN.replace('name = "essai"', f'name = "{name}"'), "utf-8")
    return load_campaign(path)


def old_lake(root: Path, key: str | None) -> Lake:
    """A lake from before fingerprints: it holds something, and its key, if any, lies in it."""
    lake = Lake(root)
    (root / "tables" / "posts").mkdir(parents=True)
    if key:
        lake.key_file.write_text(key + "\n")
    return lake


def test_a_new_key_is_kept_outside_the_lake_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    lake, work = Lake(tmp_path / "data" / "essai"), campaign(tmp_path)
    key = study_key(lake, work)
    path = kept_file("essai", fingerprint(key))
    assert bytes.fromhex(path.read_text()) == key.key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(keys_folder().stat().st_mode) == 0o700
    assert lake.key_fingerprint() == fingerprint(key)
    assert all(key.key.hex() not in file.read_text("latin-1") for file in lake.root.rglob("*") if file.is_file())
    assert [file.name for file in keys_folder().iterdir()] == [path.name], "no draft stays"
    assert study_key(lake, work) == key


def test_a_lost_key_is_refused_says_where_it_belongs_and_nothing_is_made(tmp_path: Path) -> None:
    lake, work = Lake(tmp_path / "lake"), campaign(tmp_path)
    path = kept_file("essai", fingerprint(study_key(lake, work)))
    copy = path.read_text()
    path.unlink()
    for _ in range(2):
        with pytest.raises(UsageError) as lost:
            study_key(lake, work)
    assert str(path) in lost.value.en
    assert str(path) in lost.value.fr
    assert "delete" not in lost.value.en
    assert list(keys_folder().iterdir()) == []
    path.write_text(copy)  # the copy that was put back is found again
    assert fingerprint(study_key(lake, work)) == lake.key_fingerprint()


def test_a_lake_copied_to_another_machine_needs_its_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake, work = Lake(tmp_path / "lake"), campaign(tmp_path)
    key = study_key(lake, work)
    shutil.copytree(lake.root, tmp_path / "copy")
    machine(tmp_path / "elsewhere", monkeypatch)
    copy = Lake(tmp_path / "copy")
    with pytest.raises(UsageError, match="not on this machine"):
        study_key(copy, work)
    monkeypatch.setenv(VARIABLE, key.key.hex())
    assert study_key(copy, work) == key


def test_another_key_is_refused_wherever_it_comes_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = Lake(tmp_path / "lake")
    study_key(lake, campaign(tmp_path))
    (tmp_path / "other.key").write_text(OTHER)
    with pytest.raises(UsageError, match=r"another key .* than that of .*other\.key"):
        study_key(lake, campaign(tmp_path, 'key_file = "other.key"\n'))
    lake.key_file.write_text(OTHER)
    with pytest.raises(UsageError, match="another key"):
        study_key(lake, campaign(tmp_path))
    lake.key_file.unlink()
    monkeypatch.setenv(VARIABLE, OTHER)
    with pytest.raises(UsageError, match=rf"\${VARIABLE}") as refused:
        study_key(lake, campaign(tmp_path))
    assert OTHER not in refused.value.en + refused.value.fr
    assert refused.value.exit_code == 2


def test_two_campaigns_never_share_a_key_by_accident(tmp_path: Path) -> None:
    one, two = (study_key(Lake(tmp_path / name), campaign(tmp_path, name=name)) for name in ("une", "deux"))
    assert one != two
    same_name = study_key(Lake(tmp_path / "elsewhere" / "une"), campaign(tmp_path / "b", name="une"))
    assert same_name != one


def test_the_file_that_the_campaign_names_is_made_once_and_lies_beside_the_campaign(tmp_path: Path) -> None:
    work = campaign(tmp_path, 'key_file = "secret/essai.key"\n')
    key = study_key(Lake(tmp_path / "lake"), work)
    path = tmp_path / "secret" / "essai.key"
    assert bytes.fromhex(path.read_text()) == key.key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert study_key(Lake(tmp_path / "begun again"), work) == key, "a lake begun again takes the key that is there"
    path.unlink()
    with pytest.raises(UsageError, match=r"put your copy back as .*essai\.key"):
        study_key(Lake(tmp_path / "lake"), work)


def test_a_key_inside_an_old_lake_still_works_and_can_be_moved_out(tmp_path: Path) -> None:
    lake, work = old_lake(tmp_path / "lake", ONE), campaign(tmp_path)
    key = study_key(lake, work)
    assert key.key.hex() == ONE
    keys_folder().mkdir(parents=True)
    shutil.move(lake.key_file, kept_file("essai", fingerprint(key)))
    assert study_key(lake, work) == key


def test_an_old_lake_without_its_key_is_refused_and_takes_the_one_that_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake, work = old_lake(tmp_path / "lake", None), campaign(tmp_path)
    with pytest.raises(UsageError, match=r"put your copy back as .*key, or set"):
        study_key(lake, work)
    monkeypatch.setenv(VARIABLE, ONE)
    assert study_key(lake, work).key.hex() == ONE
    monkeypatch.setenv(VARIABLE, OTHER)
    with pytest.raises(UsageError, match="another key"):
        study_key(lake, work)


def test_which_of_two_keys_made_an_old_lake_is_not_guessed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake, work = old_lake(tmp_path / "lake", ONE), campaign(tmp_path)
    monkeypatch.setenv(VARIABLE, OTHER)
    with pytest.raises(UsageError, match="different keys"):
        study_key(lake, work)
    assert lake.key_fingerprint() is None


@pytest.mark.parametrize("part", ["tables", "staging", "state"])
def test_a_lake_of_which_only_a_part_is_left_is_not_empty(tmp_path: Path, part: str) -> None:
    (tmp_path / "lake" / part / "something").mkdir(parents=True)
    with pytest.raises(UsageError, match="not on this machine"):
        study_key(Lake(tmp_path / "lake"), campaign(tmp_path))


def test_a_lake_begun_again_has_a_new_key(tmp_path: Path) -> None:
    lake, work = Lake(tmp_path / "lake"), campaign(tmp_path)
    key = study_key(lake, work)
    shutil.rmtree(lake.root)
    assert study_key(lake, work) != key


def test_the_public_key_serves_the_embedded_campaign_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    demo = Lake(tmp_path / "demo")
    monkeypatch.setenv(VARIABLE, ONE)  # the user's own key is not spent on it either
    public = study_key(demo, load_campaign(EMBEDDED))
    assert public.key.hex() == PUBLIC_KEY.read_text().strip()
    monkeypatch.setenv(VARIABLE, public.key.hex())
    with pytest.raises(UsageError, match="public key"):
        study_key(Lake(tmp_path / "mine"), campaign(tmp_path))
    monkeypatch.delenv(VARIABLE)
    with pytest.raises(UsageError, match="not on this machine"):
        study_key(demo, campaign(tmp_path))


def test_a_key_beside_a_campaign_file_is_not_taken(tmp_path: Path) -> None:
    shutil.copytree(EMBEDDED.parent, tmp_path / "mine", ignore=shutil.ignore_patterns("vault"))
    path = tmp_path / "mine" / "campaign.toml"
    assert is_embedded(load_campaign(path))
    path.write_text(path.read_text().replace("EmploiDesVallons", "MaCampagne"))
    key = study_key(Lake(tmp_path / "lake"), load_campaign(path))
    assert key.key.hex() != PUBLIC_KEY.read_text().strip()


@pytest.mark.parametrize("content", ["short", "é" * 64, "zz" * 32, ""])
def test_a_damaged_key_is_told_and_never_replaced(tmp_path: Path, content: str) -> None:
    work = campaign(tmp_path, 'key_file = "study.key"\n')
    (tmp_path / "study.key").write_text(content, "utf-8")
    with pytest.raises(UsageError, match="64 to 128 hexadecimal digits; put your copy"):
        study_key(Lake(tmp_path / "lake"), work)
    assert (tmp_path / "study.key").read_text("utf-8") == content


def test_where_no_key_can_be_kept_one_line_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    machine(tmp_path / "file", monkeypatch)
    lake = Lake(tmp_path / "lake")
    with pytest.raises(UsageError, match=rf"'key_file' in the campaign file, or set \${VARIABLE}"):
        study_key(lake, campaign(tmp_path))
    assert lake.key_fingerprint() is None


def test_looking_for_a_key_makes_none(tmp_path: Path) -> None:
    assert find_key(Lake(tmp_path / "lake"), campaign(tmp_path)) is None
    assert not (tmp_path / "lake").exists()
    assert not keys_folder().exists()


def _mark(work: tuple[Path, Path]) -> str:
    return fingerprint(study_key(Lake(work[0]), load_campaign(work[1])))


def test_processes_that_begin_a_lake_at_once_agree_on_one_key(tmp_path: Path) -> None:
    campaign(tmp_path)
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        found = pool.map(_mark, [(tmp_path / f"lake{n // 2}", tmp_path / "essai.toml") for n in range(16)], chunksize=1)
    assert [len(set(found[n : n + 2])) for n in range(0, 16, 2)] == [1] * 8
    assert os.listdir(tmp_path / "lake0") == ["key_fingerprint"]
