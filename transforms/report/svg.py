"""From a Vega-Lite chart to SVG that lives in the page: its colours, its fonts, ids of its own, nothing to run.

Colours are written into the chart as code colours and become CSS classes here, so that dark mode and print change
them and no inline style is needed. Coordinates are rounded and ids renumbered: the same chart gives the same bytes.
"""

from __future__ import annotations

import re
from typing import Any

import vl_convert
from lxml import etree
from markupsafe import Markup

VEGA_LITE = "6.4"
SVG = "{http://www.w3.org/2000/svg}"
INKS = ("strong", "moderately_weak", "weak", "absent", "too_few", "ink", "soft", "line", "paper", "accent")
PATTERNS = ("moderately_weak", "absent", "too_few")
CODE = {name: f"#0a0b{number:02x}" for number, name in enumerate(INKS)}
_NAMES = {code: name for name, code in CODE.items()}
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_COLOURS = {"fill": "f", "stroke": "s"}
_NUMERIC = ("d", "transform", "x", "y", "x1", "x2", "y1", "y2", "width", "height", "viewBox", "stroke-width")


def draw(spec: dict[str, Any], name: str, alt: str) -> Markup:
    """The Vega-Lite `spec` as one ``<svg>`` with `alt` as its text; ids begin with `name`."""
    root = etree.fromstring(vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[]))
    return finish(root, name, alt)


def finish(root: Any, name: str, alt: str) -> Markup:
    """Any drawn tree made fit for the page."""
    for node in list(root.iter()):
        if node.tag == f"{SVG}rect" and node.getparent() is root and node.get("fill") == "white":
            root.remove(node)
        else:
            _clean(node)
    _rename_ids(root, name)
    for attribute in ("width", "height", "class", "version"):
        root.attrib.pop(attribute, None)
    root.set("preserveAspectRatio", "xMinYMid meet")
    root.set("role", "img")
    root.set("aria-label", alt)
    etree.cleanup_namespaces(root)
    return Markup(etree.tostring(root, encoding="unicode"))


def _clean(node: Any) -> None:
    for attribute in list(node.attrib):
        if attribute.startswith("aria-") or attribute in ("role", "style", "font-family", "class", "pointer-events"):
            del node.attrib[attribute]
        elif attribute in _NUMERIC:
            node.set(attribute, _LONG_NUMBER.sub(_short, node.get(attribute)))
    classes = []
    for attribute, prefix in _COLOURS.items():
        colour = _NAMES.get(node.get(attribute, ""))
        if colour is None:
            continue
        is_pattern = attribute == "fill" and colour in PATTERNS
        node.set(attribute, f"url(#p-{colour})") if is_pattern else node.attrib.pop(attribute)
        classes += [] if is_pattern else [f"{prefix}-{colour}"]
    if classes:
        node.set("class", " ".join(classes))


def _short(match: re.Match[str]) -> str:
    return f"{round(float(match[0]), 2):g}"


def _rename_ids(root: Any, name: str) -> None:
    """vl-convert counts ids up over the life of the process."""
    renamed = {node.get("id"): f"{name}-{number}" for number, node in enumerate(root.iterfind(".//*[@id]"))}
    for node in root.iter():
        for attribute, value in node.attrib.items():
            if attribute == "id":
                node.set("id", renamed[value])
            elif value.startswith("url(#") and value[5:-1] in renamed:
                node.set(attribute, f"url(#{renamed[value[5:-1]]})")
