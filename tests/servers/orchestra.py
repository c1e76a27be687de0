"""A Prefect server and a process worker of our own on loopback, as `prefect.yaml` says to start them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from prefect.client.base import PrefectHttpxSyncClient

from passerelle import clock

PATIENCE_SECONDS = 300.0
SETTINGS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "2",
    "PREFECT_WORKER_QUERY_SECONDS": "2",
    "NO_COLOR": "1",
}


@dataclass(frozen=True)
class Orchestra:
    """A server's address, the environment of those who speak to it, and the folder of their logs."""

    url: str
    environment: dict[str, str]
    logs: Path

    def prefect(self, *words: str, folder: Path) -> subprocess.CompletedProcess[str]:
        """``prefect WORDS`` in `folder`."""
        command = [sys.executable, "-m", "prefect", "--no-prompt", *words]
        return subprocess.run(
            command, cwd=folder, env=self.environment, capture_output=True, text=True, timeout=PATIENCE_SECONDS
        )

    def runs(self, deployment: str) -> list[dict[str, Any]]:
        """Flow runs of a deployment that have begun or ended, oldest first."""
        return [run for run in self._runs(deployment) if run["state_type"] not in ("SCHEDULED", "PENDING")]

    def planned(self, deployment: str) -> list[dict[str, Any]]:
        """Flow runs of a deployment that the scheduler has planned."""
        return [run for run in self._runs(deployment) if run["state_type"] == "SCHEDULED" and run["auto_scheduled"]]

    def make_due(self, deployment: str, seconds: float) -> None:
        """Give a deployment one more schedule: due in so many seconds, and then once a week."""
        anchor = (clock.now() + timedelta(seconds=seconds)).isoformat()
        schedule = {"active": True, "schedule": {"interval": 604_800, "anchor_date": anchor, "timezone": "UTC"}}
        self._post(f"deployments/{self._id(deployment)}/schedules", [schedule])

    def state(self, run_id: str) -> str:
        """State of a flow run, such as COMPLETED."""
        return str(self._ask("GET", f"flow_runs/{run_id}")["state_type"])

    def start(self, deployment: str) -> str:
        """Ask for a run now; its id."""
        asked = {"state": {"type": "SCHEDULED"}}
        return str(self._post(f"deployments/{self._id(deployment)}/create_flow_run", asked)["id"])

    def cancel(self, run_id: str) -> None:
        """Ask for the end of a run, as the button of Prefect's page and ``prefect flow-run cancel`` do."""
        self._post(f"flow_runs/{run_id}/set_state", {"state": {"type": "CANCELLING"}})

    def log(self, run_id: str) -> list[str]:
        """What a flow run and its tasks logged."""
        told = self._post("logs/filter", {"logs": {"flow_run_id": {"any_": [run_id]}}, "sort": "TIMESTAMP_ASC"})
        return [f"{line['timestamp'][:19]} {line['name']} {line['message']}" for line in told]

    def _runs(self, deployment: str) -> list[dict[str, Any]]:
        told = self._post("flow_runs/filter", {"deployments": {"name": {"any_": [deployment]}}})
        return sorted(told, key=lambda run: str(run["expected_start_time"]))

    def _id(self, deployment: str) -> str:
        return str(self._ask("GET", f"deployments/name/{deployment}")["id"])

    def _post(self, path: str, content: Any) -> Any:
        return self._ask("POST", path, content)

    def _ask(self, method: str, path: str, content: Any = None) -> Any:
        """An answer, asked for as Prefect's own client does: again where the server says that it is busy."""
        with PrefectHttpxSyncClient(base_url=self.url, timeout=60) as client:
            return client.request(method, f"/{path}", json=content).json()


def wait_for(what: str, found: Callable[[], Any]) -> Any:
    """The first true value of `found`; fails where none comes."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if value := found():
            return value
        time.sleep(0.5)
    raise AssertionError(f"waited in vain for {what}")


@contextmanager
def orchestra(folder: Path) -> Iterator[Orchestra]:
    """A server and a worker with a home in `folder`, ended at the end."""
    port = _free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "PASSERELLE"))}
    environment |= SETTINGS | {"PREFECT_HOME": str(folder), "PREFECT_API_URL": f"http://127.0.0.1:{port}/api"}
    played = Orchestra(f"http://127.0.0.1:{port}/api", environment, folder)
    with _running(played, "server", "start", "--host", "127.0.0.1", "--port", str(port), "--no-ui"):
        wait_for("the server", lambda: _answers(f"{played.url}/health"))
        made = played.prefect("work-pool", "create", "passerelle", "--type", "process", folder=folder)
        assert made.returncode == 0, made.stdout + made.stderr
        with _running(played, "worker", "start", "--pool", "passerelle"):
            yield played


@contextmanager
def _running(played: Orchestra, *words: str) -> Iterator[None]:
    with (played.logs / f"{words[0]}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "prefect", *words],
            cwd=played.logs,
            env=played.environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=10).status_code == 200
    except httpx.HTTPError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
