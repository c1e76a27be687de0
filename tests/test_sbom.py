"""The bill of materials holds what is locked, and no licence that this project may not use beside its own."""

from __future__ import annotations

import json
import re

import pytest
from cyclonedx.output.json import JsonV1Dot6

from docs.licences import is_allowed
from docs.sbom import LOCK, bill, refused


def test_every_locked_package_is_in_it_with_its_hashes_and_a_licence_that_fits() -> None:
    lock = LOCK.read_text("utf-8")
    parts = json.loads(JsonV1Dot6(bill(lock)).output_as_string())["components"]
    assert len(parts) == len(re.findall(r"^[\w.-]+(?:\[.*\])?==", lock, re.MULTILINE)) > 200
    assert sum(len(part["hashes"]) for part in parts) == lock.count("--hash=sha256:")
    assert all(part["licenses"] for part in parts)
    assert refused(lock) == {}


@pytest.mark.parametrize(
    ("expression", "fits"),
    [("MIT", True), ("Apache-2.0 AND MIT", True), ("GPL-3.0-only", False), ("MIT OR GPL-2.0-only", True), ("", False),
     ("MPL-2.0 AND (Apache-2.0 OR MIT)", True), ("MIT AND GPL-3.0-only", False),
     ("MIT AND (GPL-3.0-only OR AGPL-3.0)", False),
     ("Proprietary", False), ("AGPL-3.0 OR SSPL-1.0", False)],
)  # fmt: skip
def test_what_is_not_known_is_refused(expression: str, fits: bool) -> None:
    assert is_allowed(expression) is fits


def test_the_lock_names_no_registry() -> None:
    assert not re.search(r"https?://|--(?:extra-)?index|--find-links", LOCK.read_text("utf-8"))
