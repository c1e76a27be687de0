"""How such files are written."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

AT = 1791187200
"""2026-10-05 08:00 UTC."""


def misread(value: Any) -> str:
    """JSON as Facebook and Instagram write it: each byte of UTF-8 as a character of its own."""
    text = json.dumps(value, ensure_ascii=False)
    return "".join(c if c < "\x80" else "".join(f"\\u{byte:04x}" for byte in c.encode()) for c in text)


def table(*rows: dict[str, Any], separator: str = ",") -> str:
    """Rows as CSV."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def packed(path: Path, **files: str) -> Path:
    """A zip of `files`, each by its path with ``__`` for the stroke and the last ``_`` for the dot."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            stem, _, ending = name.replace("__", "/").rpartition("_")
            archive.writestr(f"{stem}.{ending}", text)
    return path
