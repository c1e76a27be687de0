"""What a deployment is told of its campaign's folder."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from flows.prefect_setup import campaign_folder
from passerelle.errors import UsageError
from passerelle.lake import SHIPPED


def test_runs_work_in_the_folder_that_was_deployed_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PASSERELLE_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    Path("mine.toml").write_text("")
    assert campaign_folder("mine.toml") == {"directory": str(tmp_path)}
    with pytest.raises(UsageError, match=r"has no campaign\.toml; deploy from"):
        campaign_folder("campaign.toml")


def test_the_folder_may_be_one_of_the_workers_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PASSERELLE_HOME", "/srv/only/there")
    assert campaign_folder("campaign.toml") == {"directory": "/srv/only/there"}


def test_nothing_in_prefect_yaml_is_left_to_a_variable_that_may_be_unset() -> None:
    """`prefect deploy` stores ``{{ $NAME }}`` as it stands where NAME is unset."""
    text = (SHIPPED / "prefect.yaml").read_text("utf-8")
    told = yaml.safe_load(text)
    assert "{{ $" not in text
    assert [one["parameters"]["campaign"] for one in told["deployments"]] == ["campaign.toml"] * 3
    assert told["build"] == [{"flows.prefect_setup.campaign_folder": {"id": "home", "campaign": "campaign.toml"}}]
    assert all(one["concurrency_limit"]["collision_strategy"] == "CANCEL_NEW" for one in told["deployments"])
