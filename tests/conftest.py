"""What every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from passerelle.identity import Pseudonyms

REPOSITORY = Path(__file__).parent.parent
SHARED_DATA = Path(os.environ.get("PASSERELLE_SHARED_DATA", REPOSITORY.parent / "shared" / "data"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data beside the repository; tests that need it are reported as left out where it is not."""
    if not SHARED_DATA.is_dir():
        pytest.skip("real data not beside the repository (../shared/data)")
    return SHARED_DATA


@pytest.fixture
def pseudonyms() -> Pseudonyms:
    """A fixed key, so that pseudonyms in tests are the same everywhere."""
    return Pseudonyms(bytes(range(32)))
