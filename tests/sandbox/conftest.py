"""The sandbox's own fixtures, for the tests beside it."""

from tests.sandbox.fixtures import sandbox, simulation, small_simulation

__all__ = ["sandbox", "simulation", "small_simulation"]
