"""The bill of materials (CycloneDX, JSON) of what `requirements.lock` pins, with hashes and licences.

``python -m docs.sbom FILE`` writes it and exits 1, naming the packages, where one's licence is not on the list.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from cyclonedx.contrib.hash.factories import HashTypeFactory
from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from docs.licences import is_allowed, licence_of

LOCK = Path(__file__).parent.parent / "requirements.lock"
_HASH = re.compile(r"--hash=(sha256:[0-9a-f]{64})")
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ \\;]+)[^\n]*((?:\n    --hash=[^\n]*)*)", re.MULTILINE)


def bill(lock: str) -> Bom:
    """Every package that `lock` pins. A lock of other packages than are installed raises PackageNotFoundError."""
    bom = Bom()
    bom.metadata.component = Component(name="passerelle", type=ComponentType.APPLICATION)
    for name, version, hashes in _PINNED.findall(lock):
        bom.components.add(
            Component(
                name=name,
                version=version,
                type=ComponentType.LIBRARY,
                bom_ref=f"{name}@{version}",
                purl=PackageURL("pypi", None, name, version),
                licenses=[LicenseFactory().make_from_string(licence_of(name))],
                hashes=[HashTypeFactory().from_composite_str(one) for one in _HASH.findall(hashes)],
            )
        )
    bom.register_dependency(bom.metadata.component, bom.components)
    return bom


def refused(lock: str) -> dict[str, str]:
    """Packages of `lock` whose licence is not allowed, or not known, and what they say of it."""
    told = {name: licence_of(name) for name, _, _ in _PINNED.findall(lock)}
    return {name: licence for name, licence in told.items() if not is_allowed(licence)}


def main() -> int:
    """Write the bill, validated; say which licences stand in the way."""
    lock = LOCK.read_text("utf-8")
    text = JsonV1Dot6(bill(lock)).output_as_string(indent=1)
    if error := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        print(f"the bill of materials is not valid: {error}", file=sys.stderr)
        return 1
    Path(sys.argv[1]).write_text(text, "utf-8")
    for name, licence in (wrong := refused(lock)).items():
        print(
            f"{name}: licence '{licence}' is not allowed by docs/licences.py; read it",
            file=sys.stderr,
        )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
