"""Servers that lie beside the repository (``../shared/servers``), started from empty on ports of their own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.conftest import SHARED_DATA

HOME = SHARED_DATA.parent / "servers"


@contextmanager
def started(name: str, ports: Sequence[str]) -> Iterator[tuple[dict[str, int], dict[str, Any]]]:
    """The server `name`, loaded with the corpus: the port of each variable of `ports`, and what it named everything."""
    chosen = _free(ports)
    run_dir = Path(os.environ.get("RUN_DIR", Path(tempfile.gettempdir()) / "passerelle-peers"))
    env = {**os.environ, **{variable: str(port) for variable, port in chosen.items()}, "RUN_DIR": str(run_dir)}
    log = run_dir / f"{name}.start.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:  # no pipe: the server would keep it open
        done = subprocess.run(["bash", HOME / name / "start.sh"], env=env, stdout=output, stderr=output, timeout=1200)
    try:
        assert done.returncode == 0, log.read_text("utf-8")[-2000:]
        yield chosen, json.loads((run_dir / name / "truth.json").read_text("utf-8"))
    finally:
        subprocess.run(["bash", HOME / name / "stop.sh"], env=env, timeout=120, check=True)


def _free(variables: Sequence[str]) -> dict[str, int]:
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in variables]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return {variable: probe.getsockname()[1] for variable, probe in zip(variables, probes, strict=True)}
