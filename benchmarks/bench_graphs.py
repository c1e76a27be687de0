"""Graph kernels against networkit and networkx, on graphs with hubs and triangles (hyperbolic).

    python -m benchmarks.bench_graphs [largest number of edges, default 1000000]

Every library works on its own graph object, made beforehand; all get the same edges and must agree on the result.
The last column is our time over that of networkit, or of networkx where networkit has no such measure (aim: 1.25).
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import networkit
import networkx as nx
import numpy as np

from benchmarks.ratios import Contest, contest, growth_exponent, print_table
from transforms.graphs.cores import bridges, core_numbers
from transforms.graphs.csr import Graph, build_graph
from transforms.graphs.holes import structural_holes
from transforms.graphs.rewiring import rewired
from transforms.graphs.spans import pair_spans
from transforms.graphs.triangles import edge_overlap, overlap

LIBRARIES = ("networkit", "networkx")
NETWORKX_UP_TO = 100_000
"""Above this networkx takes minutes a kernel."""
CONSTRAINT_IN_NETWORKX_UP_TO = 20_000
"""networkx makes a dense matrix: 10^5 edges would need several gigabytes."""

Work = dict[str, Callable[[], Any]]


@dataclass(frozen=True)
class Same:
    """One graph in three libraries, and pairs of a beneficiary (ten each) with people of no tie."""

    ours: Graph
    networkit: Any
    edge_ids: np.ndarray
    """networkit's number of each of our edges."""
    networkx: nx.Graph | None
    pairs: tuple[np.ndarray, np.ndarray]


def same_graph(edges: int) -> Same:
    networkit.setSeed(7, False)
    made = networkit.generators.HyperbolicGenerator(edges // 5, k=10, gamma=2.6).generate()
    ends = np.array(list(made.iterEdges()), dtype=np.int64)
    nodes = made.numberOfNodes()
    ours = build_graph(ends[:, 0], ends[:, 1], nodes)
    made = networkit.GraphFromCoo((ours.low.astype(np.uint64), ours.high.astype(np.uint64)), n=nodes)
    made.indexEdges()
    listed = np.column_stack((ours.low, ours.high)).tolist()
    plain = nx.Graph(listed) if edges <= NETWORKX_UP_TO else None
    ids = np.array([made.edgeId(i, j) for i, j in listed])
    return Same(ours, made, ids, plain, _untied_pairs(ours))


def _untied_pairs(graph: Graph) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(3)
    connected = np.flatnonzero(graph.degree > 0)
    left = generator.choice(connected, 50).repeat(10)
    right = generator.choice(connected, 500)
    keys = graph.low.astype(np.int64) * graph.nodes + graph.high
    wanted = np.minimum(left, right) * graph.nodes + np.maximum(left, right)
    untied = (left != right) & ~np.isin(wanted, keys)
    return left[untied], right[untied]


def overlap_works(same: Same) -> Work:
    graph, pairs = same.ours, list(zip(same.ours.low.tolist(), same.ours.high.tolist(), strict=True))

    def by_networkit() -> np.ndarray:
        score = networkit.sparsification.TriangleEdgeScore(same.networkit)
        score.run()
        mutual = np.array(score.scores(), dtype=np.int64)[same.edge_ids]
        return overlap(mutual, *_end_degrees(graph))

    works: Work = {"passerelle": partial(edge_overlap, graph), "networkit": by_networkit}
    if (plain := same.networkx) is not None:
        works["networkx"] = lambda: _overlap_in_networkx(plain, pairs)
    return works


def _end_degrees(graph: Graph) -> tuple[np.ndarray, np.ndarray]:
    return graph.degree[graph.low], graph.degree[graph.high]


def _overlap_in_networkx(graph: nx.Graph, pairs: list[tuple[int, int]]) -> np.ndarray:
    shares = []
    for i, j in pairs:
        shared = len(set(graph[i]) & set(graph[j]))
        others = len(graph[i]) + len(graph[j]) - 2 - shared
        shares.append(shared / others if others else math.nan)
    return np.array(shares)


def constraint_works(same: Same) -> Work:
    works: Work = {
        "passerelle": lambda: structural_holes(same.ours)[0],
    }
    if (plain := same.networkx) is not None and same.ours.edges <= CONSTRAINT_IN_NETWORKX_UP_TO:
        works["networkx"] = lambda: _by_node(nx.constraint(plain), same.ours.nodes)
    return works


def _by_node(values: dict[int, float], nodes: int) -> np.ndarray:
    return np.array([values.get(node, math.nan) for node in range(nodes)])


def bridge_works(same: Same) -> Work:
    works: Work = {
        "passerelle": lambda: np.flatnonzero(bridges(same.ours)),
    }
    if (plain := same.networkx) is not None:
        number = {pair: e for e, pair in enumerate(zip(same.ours.low, same.ours.high, strict=True))}
        works["networkx"] = lambda: np.sort([number[min(b), max(b)] for b in nx.bridges(plain)])
    return works


def core_works(same: Same) -> Work:
    def by_networkit() -> np.ndarray:
        cores = networkit.centrality.CoreDecomposition(same.networkit)
        cores.run()
        return np.array(cores.scores())

    works: Work = {
        "passerelle": partial(core_numbers, same.ours),
        "networkit": by_networkit,
    }
    if (plain := same.networkx) is not None:
        works["networkx"] = lambda: np.nan_to_num(_by_node(nx.core_number(plain), same.ours.nodes))
    return works


def range_works(same: Same) -> Work:
    """Untied pairs only: no library takes the pair's own tie out."""
    left, right = same.pairs

    def by_networkit() -> np.ndarray:
        found = []
        for one, other in zip(left.tolist(), right.tolist(), strict=True):
            search = networkit.distance.BidirectionalBFS(same.networkit, one, other, False)
            search.run()
            found.append(search.getDistance())
        return np.where(np.array(found) > same.ours.nodes, np.inf, found)

    return {
        "passerelle": lambda: pair_spans(same.ours, left, right)[1],
        "networkit": by_networkit,
    }


def rewiring_works(same: Same) -> Work:
    """Ten trials an edge; the answers are random, so only degrees are compared."""

    def by_networkit() -> np.ndarray:
        switching = networkit.randomization.EdgeSwitching(same.networkit, 10)
        switching.run()
        made = switching.getGraph()
        return np.array([made.degree(node) for node in range(same.ours.nodes)])

    return {
        "passerelle": lambda: next(rewired(same.ours, 1)).degree,
        "networkit": by_networkit,
    }


KERNELS: dict[str, Callable[[Same], Work]] = {
    "overlap": overlap_works,
    "constraint": constraint_works,
    "bridges": bridge_works,
    "core": core_works,
    "range": range_works,
    "rewiring": rewiring_works,
}


def run(largest: int) -> Iterator[tuple[str, int, Contest]]:
    """Kernel, edges, times: every kernel on every size, after checking that all libraries agree."""
    size = 10_000
    while size <= largest:
        same = same_graph(size)
        for kernel, works_of in KERNELS.items():
            works = works_of(same)
            answers = [work() for work in works.values()]
            for answer in answers[1:]:
                np.testing.assert_allclose(answer, answers[0], rtol=1e-9, err_msg=kernel)
            yield kernel, same.ours.edges, contest(works, rounds=3)
        size *= 10


def _ratio(found: Contest) -> float:
    return found.ratio("networkit") if "networkit" in found.seconds else found.ratio()


def main(largest: int) -> None:
    rows, ours = [], {kernel: ([], []) for kernel in KERNELS}
    for kernel, edges, found in run(largest):
        times = [found.seconds.get(library, math.nan) for library in ("passerelle", *LIBRARIES)]
        rows.append([kernel, edges, *times, _ratio(found)])
        ours[kernel][0].append(edges)
        ours[kernel][1].append(found.seconds["passerelle"])
    print_table(["kernel", "edges", "passerelle s", *LIBRARIES, "ratio"], sorted(rows, key=lambda r: r[:2]))
    print()
    exponents = [[kernel, growth_exponent(*series)] for kernel, series in ours.items() if len(series[0]) > 1]
    print_table(["kernel", "growth exponent"], exponents)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
