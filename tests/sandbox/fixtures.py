"""Fixtures over the sandbox, for tests/conftest.py to import: one played world a session, one server a test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sandbox.parameters import Parameters
from tests.sandbox.server import Sandbox
from tests.sandbox.simulate import Simulation, simulate


@pytest.fixture(scope="session")
def simulation() -> Simulation:
    """The embedded campaign's world, played from its seed (about two seconds)."""
    return simulate()


@pytest.fixture(scope="session")
def small_simulation() -> Simulation:
    """A smaller world for quick crawls: three weeks, sixty people who take part."""
    return simulate(Parameters(num_weeks=3, prior_weeks=14, num_active=60, num_quiet=12, num_seekers=30))


@pytest.fixture
def sandbox(small_simulation: Simulation) -> Iterator[Sandbox]:
    """A server over the small world, set to its last moment."""
    with Sandbox(small_simulation.world, small_simulation.parameters.as_of) as server:
        yield server
