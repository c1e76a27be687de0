"""One week's analysis with 10^5, 10^6, 10^7 interactions in the window, against pandas and networkx doing the same.

    python -m benchmarks.bench_week [sizes, default 100000 1000000 10000000]

The week: 200 episodes, 2,000 mobilisations. Both programs get the same Parquet files and freeze at each call both axes
of the tie of every mobiliser with every beneficiary (about 400,000 pairs: what null draws gather from), find everybody
tied to each beneficiary, and tell the mix of ties and the yields from that. They must agree on every pair. Times are
of the processor (what else runs on the machine takes no part) and leave out imports, reading the files and, for ours,
loading the compiled kernels; peaks are of the whole process.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.plain_week import analyse, mix_and_yields
from benchmarks.ratios import Alone, alone, growth_exponent, print_table
from benchmarks.synthetic import MONDAY, WINDOW, synthetic
from passerelle.allowed import TIE_CLASSES
from passerelle.campaign import Analysis
from passerelle.tables import ACCOUNTS, INTERACTIONS, LABELS, POSTS
from transforms.help.episodes import Call
from transforms.help.mobilisation import tabulate_alters, tie_columns
from transforms.help.pairs import PairClasses, pair_classes
from transforms.help.study import Study
from transforms.moments import clock
from transforms.ties.coverage import build_coverage
from transforms.ties.prior import index_ties

SIZES = (100_000, 1_000_000, 10_000_000)
PLAIN_UP_TO = 100_000
"""Above this pandas and networkx take more than a quarter of an hour."""
WEEK = "2026-W23"
ORGANISERS = 3
PAIR = ["episode_id", "account_id"]
_CONTACT = ["source_id", "target_id", "time"]


def write_week(folder: str, number: int, episodes: int = 200) -> int:
    """Write interactions, episodes, mobilisations and the organisers (the busiest accounts)."""
    made = synthetic(number, num_episodes=episodes)
    did = pa.table({"episode_id": made.episode_ids, "account_id": made.actors}).group_by(PAIR, use_threads=False)
    counts = pc.value_counts(made.interactions["source_id"])
    busiest = pc.take(counts.field("values"), pc.sort_indices(counts.field("counts"), sort_keys=[("", "descending")]))
    pq.write_table(made.interactions.select(_CONTACT), f"{folder}/interactions.parquet")
    pq.write_table(made.episodes, f"{folder}/episodes.parquet")
    pq.write_table(did.aggregate([]), f"{folder}/mobilisations.parquet")
    pq.write_table(pa.table({"account_id": busiest[:ORGANISERS]}), f"{folder}/organisers.parquet")
    return number


def ours(folder: str) -> float:
    """Processor seconds of our analysis; what came out is written beside the input."""
    tables = _read(folder)
    with tempfile.TemporaryDirectory() as small:
        write_week(small, 5_000)
        analyse_ours(*_read(small))
    begin = time.process_time()
    pairs, alters, mobilisations = analyse_ours(*tables)
    answer = mix_and_yields_ours(mobilisations, alters)
    seconds = time.process_time() - begin
    _tabulate(pairs).to_parquet(f"{folder}/pairs_ours.parquet")
    answer.to_parquet(f"{folder}/answer_ours.parquet")
    return seconds


def analyse_ours(
    interactions: pa.Table, episodes: pa.Table, did: pa.Table, organisers: pa.Table
) -> tuple[PairClasses, pa.Table, pa.Table]:
    """Pairs, alters and mobilisations of the week, as the job computes them."""
    roles = dict.fromkeys(organisers["account_id"].to_pylist(), "organiser")
    coverage = build_coverage(pa.table({"scope": pa.array([], pa.string())}), MONDAY - WINDOW)
    ties = index_ties(interactions, roles.keys(), Analysis())
    theirs = did.join(episodes.select(["episode_id", "beneficiary_id", "t_call", "iso_week"]), "episode_id")
    theirs = theirs.sort_by([("t_call", "ascending"), ("episode_id", "ascending"), ("account_id", "ascending")])
    accounts = theirs["account_id"].combine_chunks()
    tie = tie_columns(ties, coverage, accounts, theirs["beneficiary_id"], clock(theirs["t_call"]))
    role = pa.array([roles.get(one, "person") for one in accounts.to_pylist()], pa.string())
    mobilisations = pa.table(
        {**{name: theirs[name] for name in (*PAIR, "iso_week")}, "role": role, "time": theirs["t_call"], **tie}
    )
    calls = [[_call(row)] for row in episodes.to_pylist()]
    alters = tabulate_alters(episodes, calls, mobilisations, ties)
    study = Study(
        posts=POSTS.empty(),
        interactions=INTERACTIONS.empty(),
        orphans=pa.table({}),
        campaign_posts=pa.table({}),
        outcomes=pa.table({}),
        labels=LABELS.empty(),
        accounts=ACCOUNTS.empty(),
        episodes=episodes,
        late_repeats=pa.table({}),
        mobilisations=mobilisations,
        acts=pa.table({}),
        cascades=pa.table({}),
        alters=alters,
        roles=roles,
        coverage=coverage,
        ties=ties,
        analysis=Analysis(),
        zone="UTC",
        hashtags=frozenset(),
        as_of=datetime(2026, 7, 1, tzinfo=UTC),
    )
    return pair_classes(study, WEEK), alters, mobilisations


def mix_and_yields_ours(mobilisations: pa.Table, alters: pa.Table) -> pd.DataFrame:
    """By class: share of the persons' mobilisations, and share of those with such a tie who mobilised."""
    persons = mobilisations.filter(pc.equal(mobilisations["role"], "person"))
    mix = persons["tie_class"].to_pandas().value_counts(normalize=True)
    known = alters.select(["tie_class", "is_mobiliser"]).to_pandas()
    return pd.DataFrame({"share": mix, "tie_yield": known.groupby("tie_class")["is_mobiliser"].mean()})


def _call(row: dict[str, object]) -> Call:
    who = str(row["beneficiary_id"])
    return Call(0, str(row["episode_id"]), "synthetic", who, 0, who, False)


def _tabulate(pairs: PairClasses) -> pd.DataFrame:
    """Every pair as a row."""
    index = pd.MultiIndex.from_product([pairs.actors, pairs.episodes], names=["account_id", "episode_id"])
    columns = {name: getattr(pairs, name).ravel() for name in ("num_days", "num_mutual", "overlap", "range")}
    classes = pd.Categorical.from_codes(pairs.tie_class.ravel(), list(TIE_CLASSES)).astype(str)
    return pd.DataFrame(columns | {"tie_class": classes}, index=index)


def theirs(folder: str) -> float:
    """Processor seconds of the plain program; what came out is written beside the input."""
    interactions, episodes, did, organisers = (table.to_pandas() for table in _read(folder))
    begin = time.process_time()
    outside = frozenset(organisers["account_id"])
    did = did[~did["account_id"].isin(outside)]
    pairs, alters = analyse(interactions, episodes, sorted(did["account_id"].unique()), outside)
    answer = mix_and_yields(pairs, alters, did)
    seconds = time.process_time() - begin
    pairs.set_index(["account_id", "episode_id"]).to_parquet(f"{folder}/pairs_theirs.parquet")
    answer.to_parquet(f"{folder}/answer_theirs.parquet")
    return seconds


def _read(folder: str) -> tuple[pa.Table, pa.Table, pa.Table, pa.Table]:
    names = ("interactions", "episodes", "mobilisations", "organisers")
    made = [pq.read_table(f"{folder}/{name}.parquet") for name in names]
    return made[0], made[1], made[2], made[3]


def compare(folder: str) -> int:
    """Number of pairs, on all of which both programs agree. Raises AssertionError where they do not."""
    mine, plain = (pd.read_parquet(f"{folder}/pairs_{who}.parquet").sort_index() for who in ("ours", "theirs"))
    pd.testing.assert_frame_equal(mine, plain[mine.columns], check_dtype=False)
    answers = [pd.read_parquet(f"{folder}/answer_{who}.parquet").sort_index() for who in ("ours", "theirs")]
    pd.testing.assert_frame_equal(*answers, check_dtype=False, check_names=False)
    return len(mine)


def race(number: int) -> tuple[Alone, Alone | None, int | None]:
    """Ours, theirs (up to PLAIN_UP_TO) and the number of pairs compared, on `number` interactions."""
    with tempfile.TemporaryDirectory() as folder:
        alone("benchmarks.bench_week:write_week", folder, number)
        mine = alone("benchmarks.bench_week:ours", folder)
        if number > PLAIN_UP_TO:
            return mine, None, None
        plain = alone("benchmarks.bench_week:theirs", folder)
        return mine, plain, int(alone("benchmarks.bench_week:compare", folder).answer)


def main(sizes: Sequence[int] = SIZES) -> None:
    """Race at every size and print the table, then our growth exponent."""
    rows, seconds = [], []
    for number in sizes:
        mine, plain, agreed = race(number)
        times, peak = (plain.answer, plain.peak_mib) if plain else (float("nan"), float("nan"))
        rows.append((number, mine.answer, mine.peak_mib, times, peak, times / mine.answer, agreed or "-"))
        seconds.append(mine.answer)
    columns = ("interactions", "passerelle s", "peak MiB", "plain s", "peak MiB", "times faster", "pairs equal")
    print_table(columns, rows)
    if len(sizes) > 1:
        last = growth_exponent(sizes[-2:], seconds[-2:])
        print(f"\ngrowth exponent: {growth_exponent(sizes, seconds):.3f} (of the last step: {last:.3f})")


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or SIZES)
