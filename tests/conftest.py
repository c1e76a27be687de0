"""What every test may ask for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, settings

from passerelle.identity import Pseudonyms

REPOSITORY = Path(__file__).parent.parent
SHARED_DATA = Path(os.environ.get("PASSERELLE_SHARED_DATA", REPOSITORY.parent / "shared" / "data"))

# The code alone decides `make test`: no chance, no clock. Chance has a run of its own, whose finds become examples.
_NO_CLOCK = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("ci", derandomize=True, database=None, **_NO_CLOCK)
settings.register_profile("explore", derandomize=False, print_blob=True, **_NO_CLOCK)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


_LONGEST = ("tests/life/", "tests/test_demo.py", "tests/transforms/calls/", "tests/flows/", "tests/spiders/test_")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first: of two processes neither is to wait for the other in the end."""
    items.sort(key=lambda item: next((n for n, place in enumerate(_LONGEST) if item.nodeid.startswith(place)), 99))


_SPOKEN = {name: os.environ.get(name) for name in ("PASSERELLE_LANG", "LANGUAGE")}


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """A command run in this process keeps its language for the processes it starts: not for the next test's."""
    for name, told in _SPOKEN.items():
        if told is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = told


@pytest.fixture(scope="session", autouse=True)
def _own_keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keys that tests make never reach the folder of whoever runs them, nor is a key of theirs used."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        patch.delenv("PASSERELLE_KEY", raising=False)
        yield


@pytest.fixture(autouse=True)
def _own_queues(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ports come again: what a server of another test said about waiting is not for this one's."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("queues")))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data beside the repository; tests that need it are reported as left out where it is not."""
    if not SHARED_DATA.is_dir():
        pytest.skip("real data not beside the repository (../shared/data)")
    return SHARED_DATA


@pytest.fixture(scope="session")
def shared_examples() -> dict[str, Any]:
    """Invented rows and the measures they come to, beside the repository; left out, and said, where they are not."""
    path = SHARED_DATA.parent / "design" / "measures_examples.json"
    if not path.is_file():
        pytest.skip("worked examples not beside the repository (../shared/design)")
    found: dict[str, Any] = orjson.loads(path.read_bytes())
    return found


@pytest.fixture
def pseudonyms() -> Pseudonyms:
    """A fixed key, so that pseudonyms in tests are the same everywhere."""
    return Pseudonyms(bytes(range(32)))
