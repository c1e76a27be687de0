"""Trains the call classifier on the development set and reports what it does on the posts held out.

    python benchmarks/train_calls.py            # report: with and without vectors and words
    python benchmarks/train_calls.py --write    # also fit on every labelled post and write the weights

The figures of the report come from weights fitted on split `dev` alone. What ships is fitted on both splits,
so that no labelled post is wasted; it cannot be scored on them any more.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from call_model import KINDS, Shown, fit, load, pack, post_text, sitting, tempered

from transforms.calls import LABELS, LEXICONS, Evaluation, classify, evaluate, load_lexicon
from transforms.calls.model import Model

PACKAGE = Path(__file__).resolve().parents[1] / "transforms" / "calls"


def held_out_rows(rows: list[dict]) -> dict[str, list[dict]]:
    """The posts held out, by campaign."""
    return {name: [row for row in rows if (row["lexicon"], row["split"]) == (name, "heldout")] for name in LEXICONS}


def report(model: Model, test: list[dict], title: str) -> Evaluation:
    """Scores of `model` on `test`, posts of one campaign, printed."""
    found = classify([post_text(row) for row in test], load_lexicon(test[0]["lexicon"]), model)
    result = evaluate([row["label"] for row in test], [label.label for label in found])
    print(f"\n{title}: {len(test)} posts, {sum(row['trap'] for row in test)} of them traps")
    print(result)
    calls = [(row, label) for row, label in zip(test, found, strict=True) if row["label"] == label.label == "call"]
    right = sum(row["beneficiary"] == label.beneficiary for row, label in calls)
    print(f"beneficiary right in {right} of {len(calls)} calls found", flush=True)
    return result


def write(shown: Shown, held_out: Evaluation) -> None:
    """Fit on all posts and write the weights, and what was measured on the posts held out, beside the package."""
    path = PACKAGE / "weights.npz"
    np.savez_compressed(path, **pack(shown, range(len(shown.rows)), "all", tempered(shown, "all")))
    counts = {true: dict(zip(LABELS, map(int, held_out.confusion[i]), strict=True)) for i, true in enumerate(LABELS)}
    (PACKAGE / "held_out.json").write_text(json.dumps(counts, indent=1) + "\n", "utf-8")
    print(path.name, f"{path.stat().st_size / 1024:.0f} KiB")


def main() -> None:
    """Report, and with --write fit the weights that ship."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true")
    arguments, rows = parser.parse_args(), load()
    shown, held = Shown(rows), held_out_rows(rows)
    results = {}
    for kind in KINDS:
        model = fit(shown, shown.of_split("dev"), kind)
        for title, test in _tests(held):
            results[kind, title] = report(model, test, f"{kind}; {title}")
    if arguments.write:
        write(shown, results["all", LEXICONS[0]])


def _tests(held: dict[str, list[dict]]) -> Iterator[tuple[str, list[dict]]]:
    """Each campaign; the first also by sitting."""
    first = held[LEXICONS[0]]
    for name in sorted({sitting(row) for row in first}):
        yield f"{LEXICONS[0]}, sitting {name}", [row for row in first if sitting(row) == name]
    yield from held.items()


if __name__ == "__main__":
    main()
