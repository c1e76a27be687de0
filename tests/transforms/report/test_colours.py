"""Text and marks can be told from their ground, in both themes (WCAG 2.2: 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

STYLE = files("transforms.report").joinpath("templates", "style.css").read_text("utf-8")
THEMES = [
    dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block)) for block in re.findall(r":root {(.*?)}", STYLE, re.DOTALL)
]


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES[:2], ids=["light", "dark"])
@pytest.mark.parametrize("ink", ["ink", "soft", "link", "warn"])
def test_words_are_read_on_paper_and_panels(theme: dict[str, str], ink: str) -> None:
    assert contrast(theme[ink], theme["paper"]) >= 4.5
    assert contrast(theme[ink], theme["panel"]) >= 4.5


@pytest.mark.parametrize("theme", THEMES[:2], ids=["light", "dark"])
@pytest.mark.parametrize("ink", ["strong", "moderately_weak", "weak", "absent", "too_few", "accent"])
def test_marks_are_seen_on_paper(theme: dict[str, str], ink: str) -> None:
    assert contrast(theme[ink], theme["paper"]) >= 3


def test_print_is_dark_on_white() -> None:
    (paper,) = re.findall(r"@media print {.*?--paper: (#\w+)", STYLE, re.DOTALL)
    assert paper == "#fff"
