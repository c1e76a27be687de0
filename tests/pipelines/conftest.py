"""A campaign and a lake for the tests of the landing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from passerelle.campaign import Campaign
from passerelle.lake import Lake

CLOCK = datetime(2026, 11, 22, 6, tzinfo=UTC)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """An empty lake."""
    return Lake(tmp_path / "lake")


@pytest.fixture
def campaign() -> Campaign:
    """A campaign under #i4emploi that keeps one server out."""
    return Campaign(
        name="i4emploi",
        hashtags=("i4emploi",),
        purpose="research on how help travels",
        legal_basis="article 6(1)(f) GDPR",
        retention_days=30,
        contact="contact@example.org",
        deny_instances=("closed.example",),
    )
