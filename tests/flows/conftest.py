"""A server of the small invented world for flows, and one Prefect server for the session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flows.prefect_setup import prepare
from tests.sandbox.fixtures import small_simulation
from tests.sandbox.server import Sandbox
from tests.sandbox.simulate import Simulation

__all__ = ["prefect_server", "sandbox", "small_simulation"]


@pytest.fixture
def sandbox(small_simulation: Simulation) -> Iterator[Sandbox]:
    """A server over the small world, at its last moment, with a rate limit that nobody reaches."""
    with Sandbox(small_simulation.world, small_simulation.parameters.as_of, limit=1_000_000) as server:
        yield server


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[None]:
    """Prefect's own server over a database that is thrown away."""
    prepare()
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=300):
        yield
