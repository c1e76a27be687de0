"""All benchmarks in turn, or those named: speed as ratios against named alternatives, measured in one run.

python -m benchmarks [graphs] [archive] [spider] [hosts] [stream] [week] [--quick]
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from functools import partial

from benchmarks import bench_archive, bench_graphs, bench_hosts, bench_spider, bench_stream, bench_week

WHOLE: Mapping[str, Callable[[], None]] = {
    "graphs": partial(bench_graphs.main, 1_000_000),
    "archive": partial(bench_archive.main, (200_000, 1_000_000)),
    "spider": bench_spider.main,
    "hosts": bench_hosts.main,
    "stream": bench_stream.main,
    "week": bench_week.main,
}
QUICK: Mapping[str, Callable[[], None]] = {
    "graphs": partial(bench_graphs.main, 100_000),
    "archive": partial(bench_archive.main, (20_000,)),
    "spider": partial(bench_spider.main, rounds=1),
    "hosts": partial(bench_hosts.main, 4),
    "stream": partial(bench_stream.main, 50_000, rounds=1),
    "week": partial(bench_week.main, (10_000, 100_000)),
}


def main() -> None:
    """Run them one after the other, each under its name."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Speed against named alternatives")
    parser.add_argument("name", nargs="*", help=f"one or more of: {', '.join(WHOLE)} (default: all)")
    parser.add_argument("--quick", action="store_true", help="smaller sizes: about two minutes in all")
    asked = parser.parse_args()
    if unknown := set(asked.name) - set(WHOLE):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are: {', '.join(WHOLE)}")
    works = QUICK if asked.quick else WHOLE
    for name in asked.name or works:
        print(f"\n== {name}", flush=True)
        works[name]()


if __name__ == "__main__":
    main()
