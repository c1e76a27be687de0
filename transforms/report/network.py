"""The bridge network as SVG: groups on a layout that is the same every time, and curved lines between them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx
from lxml import etree
from markupsafe import Markup

from transforms.report.svg import CODE, SVG, finish

WIDTH, HEIGHT, EDGE = 380.0, 320.0, 44.0
THICKEST, BEND = 7.0, 20.0
STYLES = {"strong": ("strong", None), "weak": ("accent", "7 4"), "absent": ("absent", "1.5 5")}
"""Tie group: colour and dash, so that the colour is never alone."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Group:
    """A community in the picture."""

    label: str
    num_people: int


@dataclass(frozen=True, slots=True)
class Link:
    """Help between groups `low` and `high` (positions in the list), both ways together."""

    low: int
    high: int
    tie: str
    num_acts: int


def draw_network(groups: Sequence[Group], links: Sequence[Link], num_lines: int, alt: str) -> Markup:
    """Circles as large as the group has people, lines as thick as there are mobilisations.

    All `links` place the groups, the `num_lines` thickest are drawn.
    """
    root = etree.Element(f"{SVG}svg", viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}", nsmap={None: SVG[1:-1]})
    places = _places(len(groups), links)
    drawn = sorted(links, key=lambda link: -link.num_acts)[:num_lines]
    for link in drawn:
        _line(root, link, places, drawn[0].num_acts)
    largest = max(group.num_people for group in groups)
    for group, place in zip(groups, places, strict=True):
        _circle(root, group, place, largest)
    return finish(root, "bridges", alt)


def _places(count: int, links: Sequence[Link]) -> list[Point]:
    """Kamada & Kawai (1989) from a circle: no draw of chance in it. Groups joined to nobody stand in a row below."""
    pairs = sorted({(link.low, link.high) for link in links})
    graph = nx.Graph(pairs)
    graph.add_nodes_from(range(count))
    inside = sorted(max(nx.connected_components(graph), key=lambda part: (len(part), -min(part))) if pairs else graph)
    outside = [node for node in range(count) if node not in inside]
    circle: dict[int, Any] = nx.circular_layout(graph.subgraph(inside))
    # Few groups are clearest on the circle itself.
    found = nx.kamada_kawai_layout(graph.subgraph(inside), pos=circle) if len(inside) > 4 else circle
    points = [(float(found[node][0]), float(found[node][1])) for node in inside]
    across = _stretch([x for x, _ in points], WIDTH)
    down = _stretch([y for _, y in points], HEIGHT - (2 * EDGE if outside else 0))
    places = dict(zip(inside, zip(across, down, strict=True), strict=True))
    for number, node in enumerate(outside, 1):
        places[node] = (WIDTH * number / (len(outside) + 1), HEIGHT - EDGE)
    return [places[node] for node in range(count)]


def _stretch(values: Sequence[float], size: float) -> list[float]:
    low, high = min(values), max(values)
    if high - low < 1e-9:
        return [size / 2 for _ in values]
    return [EDGE + (value - low) / (high - low) * (size - 2 * EDGE) for value in values]


def _line(root: Any, link: Link, places: Sequence[Point], most: int) -> None:
    (x1, y1), (x2, y2) = places[link.low], places[link.high]
    length = math.hypot(x2 - x1, y2 - y1) or 1.0
    bend = BEND * (list(STYLES).index(link.tie) - 1)
    middle_x = (x1 + x2) / 2 - 2 * bend * (y2 - y1) / length
    middle_y = (y1 + y2) / 2 + 2 * bend * (x2 - x1) / length
    ink, dash = STYLES[link.tie]
    line = etree.SubElement(root, f"{SVG}path", d=f"M{x1:.1f},{y1:.1f}Q{middle_x:.1f},{middle_y:.1f},{x2:.1f},{y2:.1f}")
    line.attrib.update(
        {
            "fill": "none",
            "stroke": CODE[ink],
            "stroke-opacity": "0.85",
            "stroke-linecap": "round" if link.tie == "absent" else "butt",
        }
    )
    line.set("stroke-width", f"{1.5 + (THICKEST - 1.5) * link.num_acts / most:.1f}")
    if dash:
        line.set("stroke-dasharray", dash)


def _circle(root: Any, group: Group, place: Point, largest: int) -> None:
    x, y = (f"{value:.1f}" for value in place)
    radius = 13 + 19 * math.sqrt(group.num_people / largest)
    circle = etree.SubElement(
        root, f"{SVG}circle", cx=x, cy=y, r=f"{radius:.1f}", fill=CODE["paper"], stroke=CODE["ink"]
    )
    circle.set("stroke-width", "1.5")
    for text, shift, weight in ((group.label, -2, "bold"), (str(group.num_people), 12, "normal")):
        label = etree.SubElement(root, f"{SVG}text", x=x, y=f"{place[1] + shift:.1f}", fill=CODE["ink"])
        label.attrib.update({"text-anchor": "middle", "font-size": "13px", "font-weight": weight})
        label.text = text
