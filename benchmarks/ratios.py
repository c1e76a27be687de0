"""How benchmarks here are timed: contenders take turns in one run, so that ratios mean something on any machine."""

from __future__ import annotations

import importlib
import json
import math
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Contest:
    """Best wall times in seconds of contenders that did the same work; `ours` names the one under test."""

    seconds: Mapping[str, float]
    ours: str = "passerelle"

    def ratio(self, *rivals: str) -> float:
        """Our time over that of the fastest of `rivals` (of all of them without names); NaN without any."""
        times = [t for name, t in self.seconds.items() if name != self.ours and (not rivals or name in rivals)]
        return self.seconds[self.ours] / min(times) if times else math.nan


def contest(contenders: Mapping[str, Callable[[], object]], rounds: int = 5) -> Contest:
    """Run all contenders in turn, `rounds` times, and keep each one's best time (the first round warms up)."""
    best = dict.fromkeys(contenders, math.inf)
    for turn in range(rounds + 1):
        for name, work in contenders.items():
            begin = time.perf_counter()
            work()
            if turn:
                best[name] = min(best[name], time.perf_counter() - begin)
    return Contest(best)


def growth_exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """b of time = a * size ** b, least squares on logarithms: 1 is linear, 2 quadratic."""
    slope, _ = np.polyfit(np.log(sizes), np.log(seconds), 1)
    return float(slope)


@dataclass(frozen=True)
class Alone:
    """What one function cost in a process of its own: wall and processor seconds, peak MiB resident, its answer."""

    seconds: float
    cpu_seconds: float
    peak_mib: float
    answer: Any


def alone(function: str, *arguments: Any) -> Alone:
    """Run ``"package.module:function"`` in a fresh interpreter; arguments and answer travel as JSON.

    The time is that of the call, without start and imports; the peak is that of the whole process. Raises
    `subprocess.CalledProcessError` if it fails.
    """
    command = [sys.executable, "-m", "benchmarks.ratios", function, json.dumps(arguments)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Alone(**json.loads(done.stdout.splitlines()[-1]))


def _child(function: str, arguments: str) -> None:
    module, _, name = function.partition(":")
    work = getattr(importlib.import_module(module), name)
    begin, begin_cpu = time.perf_counter(), time.process_time()
    answer = work(*json.loads(arguments))
    told = {"seconds": time.perf_counter() - begin, "cpu_seconds": time.process_time() - begin_cpu}
    print(json.dumps(told | {"peak_mib": _peak_mib(), "answer": answer}))


def _peak_mib() -> float:
    """High-water mark of this process; unlike getrusage it does not inherit that of the parent."""
    with open("/proc/self/status", encoding="ascii") as status:
        (line,) = (line for line in status if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str | float | int]]) -> None:
    """Print rows under `columns`, right-aligned; floats with three significant digits, NaN as a dash."""
    cells = [list(columns), *([_cell(value) for value in row] for row in rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(columns))]
    for row in cells:
        print("  ".join(text.rjust(width) for text, width in zip(row, widths, strict=True)))


def _cell(value: str | float | int) -> str:
    if isinstance(value, float):
        return "–" if math.isnan(value) else f"{value:.3g}"
    return str(value)


if __name__ == "__main__":
    _child(*sys.argv[1:])
