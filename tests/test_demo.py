"""The embedded campaign, from its vault to its indicators: what was planted is found again within the intervals.

`campaigns/demo/truth.json` was counted by the simulator from its own events (tests/sandbox/truth.py), without a line of
the code that is tested here.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa
import pytest
from warcio.archiveiterator import ArchiveIterator

from flows.analyse import Analysed, analyse
from flows.clean import Cleaned, clean
from flows.collect import replay
from flows.job import Job, open_job
from passerelle.lake import CAMPAIGNS
from tests.sandbox.bluesky_routes import DIRECTORY
from tests.sandbox.record import MAX_BYTES, MAX_ENGAGEMENT, MAX_RUNS, MAX_TIMELINES, kinds
from tests.sandbox.town import CARNET, HOME, SKY, town
from tests.sandbox.truth import truth

pytestmark = pytest.mark.slow

DEMO = CAMPAIGNS / "demo"
TIED = ("strong", "moderately_weak", "weak")
Cell = tuple[str, str]


@dataclass(frozen=True)
class Demo:
    """The replayed campaign beside what its makers know of it."""

    job: Job
    cleaned: Cleaned
    analysis: Analysed
    told: dict[str, Any]

    def cells(self, indicator: str) -> dict[Cell, dict[str, Any]]:
        """Rows of an indicator by week and stratum."""
        rows = self.analysis.indicators.to_pylist()
        return {(row["iso_week"], row["stratum"]): row for row in rows if row["indicator"] == indicator}

    def pairs(self, indicator: str) -> list[tuple[float, dict[str, Any]]]:
        """What was realised in a week (no stratum, or each class) beside the row that was computed."""
        found = []
        for (week, stratum), row in self.cells(indicator).items():
            if week not in self.told["weeks"]:
                # history before the campaign; of the week that has just begun, its makers tell nothing
                assert row["value"] in (None, 0) or week > max(self.told["weeks"])
                continue
            realised = self.told["weeks"][week][indicator]
            value = realised if stratum == "all" else realised.get(stratum) if isinstance(realised, dict) else None
            if isinstance(value, int | float) and row["value"] is not None:
                found.append((float(value), row))
        return found


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """What was planted and realised."""
    loaded: dict[str, Any] = json.loads((DEMO / "truth.json").read_text("utf-8"))
    return loaded


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, told: dict[str, Any]) -> Demo:
    """The whole job but the report, as `make weekly` does it."""
    job = open_job(DEMO / "campaign.toml", tmp_path_factory.mktemp("demo"))
    replay(job, DEMO / "vault")
    cleaned = clean(job.lake)
    return Demo(job, cleaned, analyse(job.lake, job.campaign, job.pseudonyms), told)


def recorded() -> Iterator[tuple[str, str]]:
    """Kind and address of every answer in the vault."""
    for path in sorted((DEMO / "vault").glob("*.warc.gz")):
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                if record.rec_type in ("response", "revisit"):
                    yield record.rec_type, record.rec_headers["WARC-Target-URI"]


def inside(pairs: list[tuple[float, dict[str, Any]]]) -> float:
    """Share of the values that lie in the interval computed for them; a median's may be open above."""
    ends = [(value, float(row["low"]), math.inf if row["high"] is None else float(row["high"])) for value, row in pairs]
    return sum(low - 1e-9 <= value <= high + 1e-9 for value, low, high in ends) / len(pairs)


def mean_gap(pairs: list[tuple[float, dict[str, Any]]]) -> float:
    """Mean distance of the computed from the realised value."""
    return sum(abs(value - float(row["value"])) for value, row in pairs) / len(pairs)


def test_vault_is_small_enough_to_ship_and_holds_invented_hosts_only() -> None:
    files = list((DEMO / "vault").iterdir())
    answers = list(recorded())
    counts = kinds([(url, 200) for _, url in answers])
    assert len(files) <= MAX_RUNS
    assert sum(path.stat().st_size for path in files) <= MAX_BYTES
    assert counts["timelines"] <= MAX_TIMELINES
    assert counts["engagement"] <= MAX_ENGAGEMENT
    assert "revisit" in {kind for kind, _ in answers}
    hosts = {HOME, SKY, CARNET, f"pds.{SKY}", DIRECTORY}  # what the directory of Bluesky says is invented too
    assert {urlsplit(url).hostname for _, url in answers} == hosts


def test_truth_is_what_the_simulator_says(told: dict[str, Any]) -> None:
    assert json.loads(json.dumps(truth([quarter.played for quarter in town()]))) == told


def test_every_run_is_committed_and_balances(demo: Demo) -> None:
    runs = demo.job.lake.read("runs").to_pylist()
    assert len(runs) == len(list((DEMO / "vault").iterdir()))
    for run in runs:
        parts = (run[part] for part in ("accepted", "updated", "duplicate", "quarantined", "refused"))
        assert run["fetched"] == sum(parts)
    unasked = Counter(reason for run in runs for reason in json.loads(run["reasons"])["histories_not_asked"])
    assert unasked["noindex"] > 0


def test_every_campaign_post_was_collected(demo: Demo) -> None:
    post = demo.job.pseudonyms.post
    there = set(demo.job.lake.read("posts")["post_id"].to_pylist())
    # a refused person's posts are named by them: https://server/users/NAME/…, at://DID/…
    refused = [name.removeprefix("acct:").removeprefix("bluesky:").partition("@")[0] for name in demo.told["refused"]]
    wanted = {uri for uri in demo.told["labels"] if not any(f"/{name}/" in uri for name in refused)}
    assert {uri for uri in wanted if post(uri) not in there} == set()
    gone = demo.job.lake.read("deletions")["post_id"].to_pylist()
    assert set(gone) <= {post(uri) for uri in demo.told["deleted"]}
    assert gone


def test_labels_are_those_that_were_written(demo: Demo) -> None:
    post = demo.job.pseudonyms.post
    given = {row["post_id"]: row["label"] for row in demo.job.lake.read("labels").to_pylist()}
    pairs = Counter((label, given[post(uri)]) for uri, label in demo.told["labels"].items() if post(uri) in given)
    right = sum(n for (true, label), n in pairs.items() if true == label)
    called = sum(n for (_, label), n in pairs.items() if label == "call")
    calls = sum(n for (true, _), n in pairs.items() if true == "call")
    assert right / pairs.total() >= 0.9
    assert pairs["call", "call"] / called >= 0.95
    assert pairs["call", "call"] / calls >= 0.95


def test_those_who_refuse_are_nowhere(demo: Demo) -> None:
    hidden = {demo.job.pseudonyms.account(identity) for identity in demo.told["refused"]}
    lake = demo.job.lake
    seen = {*lake.read("accounts")["account_id"].to_pylist(), *lake.read("engagements")["account_id"].to_pylist()}
    seen |= set(lake.read("posts")["author_id"].to_pylist())
    seen |= set(lake.read("interactions")["source_id"].to_pylist())
    assert not hidden & seen


def test_organisers_and_robots_stand_apart(demo: Demo) -> None:
    account = demo.job.pseudonyms.account
    roles = {row["account_id"]: row["role"] for row in demo.job.lake.read("mobilisations").to_pylist()}
    for kind, role in (("organisers", "organiser"), ("bots", "bot")):
        found = {roles[account(identity)] for identity in demo.told[kind] if account(identity) in roles}
        assert found == {role}
    assert all(row["value"] is not None for row in demo.cells("organiser_mobilisers").values())


@pytest.mark.parametrize("indicator", ["calls", "late_repeat_calls", "episodes", "mobilisers", "distinct_mobilisers"])
def test_counts_are_found(demo: Demo, indicator: str) -> None:
    pairs = demo.pairs(indicator)
    assert len(pairs) == len(demo.told["weeks"])
    found, realised = sum(row["value"] for _, row in pairs), sum(value for value, _ in pairs)
    assert found == pytest.approx(realised, rel=0.05)


@pytest.mark.parametrize(
    ("indicator", "gap"),
    [
        ("tie_mix", 0.03),
        ("weak_tie_share_of_classified", 0.03),
        ("weak_tie_share_of_observed", 0.04),
        ("yield", 0.03),
        ("response_rate", 0.05),
        ("median_hours_to_first", 3.0),
    ],
)
def test_what_was_realised_lies_in_the_intervals(demo: Demo, indicator: str, gap: float) -> None:
    pairs = demo.pairs(indicator)
    with_interval = [(value, row) for value, row in pairs if row["low"] is not None]
    assert len(with_interval) >= 18
    assert inside(with_interval) >= 0.95
    assert mean_gap(pairs) <= gap


def test_planted_yields_lie_in_the_intervals(demo: Demo) -> None:
    planted = demo.told["expected_yield"]
    cells = demo.cells("yield").items()
    pairs = [(planted[kind], row) for (_, kind), row in cells if kind in planted and row["low"] is not None]
    assert len(pairs) >= 3 * 18
    assert inside(pairs) >= 0.88


def test_planted_order_of_yields_is_found(demo: Demo) -> None:
    """Per tie the strong ones yield most; together the weaker ones bring more people than the strong."""
    mobilised: Counter[str] = Counter()
    alters: Counter[str] = Counter()
    for row in demo.analysis.study.alters.to_pylist():
        alters[row["tie_class"]] += 1
        mobilised[row["tie_class"]] += row["is_mobiliser"]
    yields = [mobilised[kind] / alters[kind] for kind in TIED]
    assert yields == sorted(yields, reverse=True)
    assert mobilised["weak"] + mobilised["moderately_weak"] > mobilised["strong"]
    for kind, value in zip(TIED, yields, strict=True):
        assert value == pytest.approx(demo.told["overall"]["yield"][kind], abs=0.02)


def test_communities_of_the_prior_graph_are_the_trades(demo: Demo) -> None:
    """Those whom two trades keep apart seldom share a circle of mutual acquaintances."""
    # of the Mastodon server: elsewhere a trade is eight people, who are all acquainted
    large = {who: name for who, name in demo.told["communities"].items() if who.startswith("acct:")}
    trade = {demo.job.pseudonyms.account(who): name for who, name in large.items()}
    rows = demo.analysis.study.alters.to_pylist()
    beneficiary = dict(_columns(demo.analysis.study.episodes, "episode_id", "beneficiary_id"))
    shared: dict[bool, list[int]] = {True: [], False: []}
    for row in rows:
        one, other = trade.get(row["account_id"]), trade.get(beneficiary[row["episode_id"]])
        if one and other:
            shared[one == other].append(row["num_mutual"])
    means = {same: sum(values) / len(values) for same, values in shared.items()}
    assert means[True] > 1.5 * means[False]


def _columns(table: pa.Table, *names: str) -> Iterator[tuple[Any, ...]]:
    return zip(*(table[name].to_pylist() for name in names), strict=True)


def test_all_of_it_is_beside_the_campaign_file() -> None:
    assert {path.name for path in DEMO.iterdir()} >= {"campaign.toml", "vault", "truth.json", "key", "README.md"}
    assert Path(DEMO / "key").read_text("ascii").strip() == bytes(range(32)).hex()
