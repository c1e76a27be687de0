"""Compiled kernels: what a person would notice is a result from code that is no longer there."""

from __future__ import annotations

import importlib
import os
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from numba.core.dispatcher import Dispatcher

from transforms import graphs

MODULES = [module.name for module in pkgutil.iter_modules(graphs.__path__)]


def kernels(module: str) -> Iterator[Dispatcher]:
    names = vars(importlib.import_module(f"transforms.graphs.{module}"))
    return (value for value in names.values() if isinstance(value, Dispatcher))


@pytest.mark.parametrize("module", MODULES)
def test_kernels_call_only_kernels_of_their_own_file(module: str) -> None:
    for kernel in kernels(module):
        called = (kernel.py_func.__globals__.get(name) for name in kernel.py_func.__code__.co_names)
        for other in called:
            if isinstance(other, Dispatcher):
                assert other.py_func.__module__ == kernel.py_func.__module__


def test_a_second_process_does_not_compile(tmp_path: Path) -> None:
    code = (
        "from transforms.graphs.cores import _core_numbers, core_numbers\n"
        "from transforms.graphs.csr import build_graph\n"
        "print(core_numbers(build_graph([0, 1, 2], [1, 2, 0], 4)).tolist())\n"
        "print(sum(_core_numbers.stats.cache_misses.values()))"
    )
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    said = [
        subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True, text=True)
        for _ in range(2)
    ]
    assert [run.stdout.split("\n")[:2] for run in said] == [["[2, 2, 2, 0]", "1"], ["[2, 2, 2, 0]", "0"]]
