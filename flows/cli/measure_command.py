"""`passerelle measure`: the kernels on any graph."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from flows.cli.language import both
from flows.cli.options import json_option, print_json

PER_NODE = ("constraint", "effective_size", "degree", "core", "member")


@click.command(
    "measure",
    help=both(
        "Measure a graph given as a CSV of edges with the columns source,target[,weight]; '-' reads standard input.",
        "Mesurer un graphe donné en CSV d'arêtes aux colonnes source,target[,weight] ; « - » lit l'entrée standard.",
    ),
)
@click.argument("edges")
@click.option("--directed", is_flag=True, help=both("Edges have a direction.", "Les arêtes ont un sens."))
@json_option
def command(edges: str, directed: bool, as_json: bool) -> None:
    """Print counts, overlap, local bridges, bridges, constraint, effective size, reciprocity, communities."""
    from transforms.graphs.measure import measure

    source, target, weight = read_edges(edges)
    facts = measure(source, target, weight, directed)
    if as_json:
        print_json(**facts)
        return
    for name, value in scalars(facts):
        click.echo(f"{name:<28} {value}")


def read_edges(place: str) -> tuple[list[str], list[str], list[float] | None]:
    """Columns of an edge list. Raises UsageError, naming the line, for a column or number that is not there."""
    reader = csv.DictReader(io.StringIO(_text(place)))
    names = [name.strip() for name in reader.fieldnames or ()]
    reader.fieldnames = names
    if missing := [name for name in ("source", "target") if name not in names]:
        raise _wrong(place, 1, f"column '{missing[0]}' is missing", f"il manque la colonne « {missing[0]} »")
    source, target, weight = [], [], []
    for row in reader:
        if not row["source"] or not row["target"]:
            raise _wrong(place, reader.line_num, "an edge needs a source and a target", "une arête a deux bouts")
        source.append(row["source"].strip())
        target.append(row["target"].strip())
        if "weight" in names:
            weight.append(_number(place, reader.line_num, row["weight"]))
    if not source:
        raise _wrong(place, 1, "there are no edges", "il n'y a pas d'arêtes")
    return source, target, weight or None


def _text(place: str) -> str:
    from passerelle.errors import UsageError, french_reason

    try:
        return sys.stdin.read() if place == "-" else Path(place).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        en, fr = "not UTF-8 text", "pas du texte UTF-8"
        if isinstance(error, OSError):
            en, fr = error.strerror or str(error), french_reason(error)
        raise UsageError(en=f"{place}: cannot read it ({en})", fr=f"{place} : illisible ({fr})") from None


def _number(place: str, line: int, text: str | None) -> float:
    try:
        value = float(text or "")
        if not 0 < value < float("inf"):
            raise ValueError
        return value
    except ValueError:
        raise _wrong(place, line, f"weight '{text}' is no positive number", f"poids « {text} » incorrect") from None


def _wrong(place: str, line: int, en: str, fr: str) -> Exception:
    from passerelle.errors import UsageError

    return UsageError(
        en=f"{place}, line {line}: {en}; an edge list has source,target[,weight]",
        fr=f"{place}, ligne {line} : {fr} ; une liste d'arêtes contient source,target[,weight]",
    )


def scalars(facts: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Lines such as ``counts.nodes`` with the numbers of `facts`; of a list, or of values by node, how many there are.

    What was not measured (reciprocity of an undirected graph, weights where there are none) is left out.
    """
    for name, value in facts.items():
        if isinstance(value, dict) and name in PER_NODE:
            numbers = [float(number) for number in value.values() if number is not None]
            if name != "member" and numbers:
                yield f"{prefix}{name}.mean", _short(sum(numbers) / len(numbers))
        elif isinstance(value, dict):
            yield from scalars(value, f"{prefix}{name}.")
        elif isinstance(value, list) and name != "edges":
            yield f"{prefix}{name}.count", str(len(value))
        elif value is not None and not isinstance(value, list):
            yield prefix + name, _short(value)


def _short(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
