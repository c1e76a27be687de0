"""Which licences the locked packages are under, and whether this project (Apache-2.0) may use them."""

from __future__ import annotations

import re
from importlib.metadata import PackageMetadata, distribution

FAMILIES = {
    "python software foundation license": "PSF-2.0",
    "apache software license": "Apache-2.0",
    "mit license": "MIT",
    "bsd license": "BSD-3-Clause",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "isc license (iscl)": "ISC",
    "artistic license": "Artistic-1.0-Perl",
}
"""What classifiers call a licence, and its SPDX name."""
ALLOWED = frozenset(
    (
        *("Apache-2.0", "MIT", "MIT-0", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "ISC", "PSF-2.0", "MPL-2.0", "Zlib"),
        *("CC0-1.0", "NCSA", "ZPL-2.1", "CNRI-Python", "Artistic-1.0-Perl", "Apache-2.0 WITH LLVM-exception"),
    )
)
"""Licences under which a package may be used beside Apache-2.0; MPL-2.0 binds its own files alone."""


def licence_of(package: str) -> str:
    """The SPDX expression of an installed package's licence, else what it says of it; empty where it says nothing."""
    told: PackageMetadata = distribution(package).metadata
    if expression := told.get("License-Expression"):
        return str(expression)
    names = [line.rpartition(" :: ")[2] for line in told.get_all("Classifier") or [] if line.startswith("License")]
    known = [FAMILIES.get(name.lower(), name) for name in names]
    # several classifiers are a choice of the user's
    return " OR ".join(known) or str(told.get("License") or "").partition("\n")[0]


def is_allowed(expression: str) -> bool:
    """Whether one choice that `expression` leaves is allowed whole; an unknown licence never is."""
    return any(_all_of(choice) for choice in _split(expression, "OR"))


def _all_of(choice: str) -> bool:
    parts = _split(choice.strip("() "), "AND")
    return all(part in ALLOWED or (" OR " in part and is_allowed(part.strip("()"))) for part in parts)


def _split(expression: str, word: str) -> list[str]:
    """The parts between `word`, those inside brackets left whole."""
    outside = re.split(rf"\s+{word}\s+(?![^(]*\))", expression)
    return [part.strip() for part in outside]
