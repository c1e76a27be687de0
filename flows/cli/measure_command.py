"""`passerelle measure`: the kernels on any graph."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path
from typing import Any

import click

from flows.cli.language import both
from flows.cli.options import json_option, print_json


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
    for name, value in facts.items():
        click.echo(f"{name:<28} {_short(value)}")


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
    from passerelle.errors import UsageError

    try:
        return sys.stdin.read() if place == "-" else Path(place).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise UsageError(en=f"{place}: cannot read it ({reason})", fr=f"{place} : illisible ({reason})") from None


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


def _short(value: Any) -> str:
    if isinstance(value, (list, dict)):
        return both(f"{len(value)} values (--json shows them)", f"{len(value)} valeurs (--json les montre)")
    return "" if value is None else str(value)
