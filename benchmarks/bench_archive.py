"""Archive to clean tables, against bare pyarrow.json parsing and writing the same rows.

    python -m benchmarks.bench_archive [TWEETS...]      (200,000 unless told; 1,000,000 takes some minutes)

The tweets are invented: API v1.1 objects of about 1.7 KB, a fifth of them retweets with the original inside.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from benchmarks.ratios import alone, print_table

if TYPE_CHECKING:
    from flows.job import Job

CLOCK = datetime(2026, 11, 22, 6, tzinfo=UTC)
CAMPAIGN = """
name = "bench"
hashtags = ["i4emploi"]
purpose = "measuring speed"
legal_basis = "invented data"
retention_days = 1
contact = "contact@example.org"
"""
_FIRST = datetime(2026, 8, 1, tzinfo=UTC)
_SENTENCES = (
    "je cherche un poste de technicien en logistique à Tours merci de relayer bonjour à tous mon fils cherche une "
    "alternance en boulangerie près de Brive et vous remercie de vos partages disponible tout de suite permis B"
)
_WORDS = _SENTENCES.split()
_PARTS = ("image_url", "image_url_https", "banner_url", "background_url", "link", "sidebar", "text", "page")


def tweets(number: int) -> Iterator[dict[str, Any]]:
    """Invented tweets of API v1.1 by `number` // 5 people; the same ones for the same number."""
    rng = random.Random(number)
    people = max(10, number // 5)
    for i in range(number):
        tweet = _tweet(i, rng, people)
        if i % 5 == 4:
            tweet["retweeted_status"] = _tweet(rng.randrange(max(1, i - 1000), i + 1), rng, people, short=True)
        yield tweet


def _tweet(i: int, rng: random.Random, people: int, short: bool = False) -> dict[str, Any]:
    native, at = str(900_000_000_000_000_000 + i), _FIRST + timedelta(seconds=i * 3)
    named = rng.randrange(people)
    words = " ".join(rng.choices(_WORDS, k=22))
    text = f"{words} @p{named} #i4emploi https://t.co/{i:010x} &amp; merci"
    start = len(words) + 1
    mention = {
        "id": 10**9 + named,
        "id_str": str(10**9 + named),
        "screen_name": f"p{named}",
        "name": f"Personne {named}",
    }
    return {
        "created_at": at.strftime("%a %b %d %H:%M:%S +0000 %Y"),
        "id": int(native),
        "id_str": native,
        "full_text": text,
        "display_text_range": [0, len(text)],
        "entities": {
            "hashtags": [{"text": "i4emploi", "indices": [start + 12, start + 21]}],
            "user_mentions": [{**mention, "indices": [start, start + 2 + len(str(named))]}],
            "urls": [{"url": f"https://t.co/{i:010x}", "expanded_url": f"https://example.org/{i}", "indices": [0, 1]}],
        },
        "source": '<a href="https://example.org/application" rel="nofollow">Une application</a>',
        "in_reply_to_status_id_str": None if i % 7 else str(900_000_000_000_000_000 + i // 2),
        "in_reply_to_user_id_str": None if i % 7 else str(10**9 + named),
        "retweet_count": rng.randrange(50),
        "favorite_count": rng.randrange(50),
        "lang": "fr",
        "user": _user(rng.randrange(people), short),
    }


def _user(number: int, short: bool) -> dict[str, Any]:
    user: dict[str, Any] = {
        "id": 10**9 + number,
        "id_str": str(10**9 + number),
        "screen_name": f"p{number}",
        "name": f"Personne {number}",
        "description": "Technicien, père de deux enfants, aime la marche et les mots croisés. #bot? non.",
        "followers_count": number % 997,
        "protected": False,
        "created_at": "Fri Aug 10 12:01:05 +0000 2018",
    }
    if not short:
        user |= {f"profile_{part}": f"https://example.org/{part}/{number}" for part in _PARTS}
    return user


def write_archive(path: str, number: int) -> int:
    """Write the tweets as JSONL; returns the bytes written."""
    with open(path, "wb") as file:
        for tweet in tweets(number):
            file.write(orjson.dumps(tweet) + b"\n")
    return Path(path).stat().st_size


def land(archive: str, folder: str) -> int:
    """Archive -> records -> policy -> pseudonyms -> staged Parquet. Returns the posts landed."""
    from flows.intake import import_files

    landed = import_files(_job(folder), [Path(archive)], form="twarc1", clock=CLOCK)
    return int(landed.manifest["tables"]["post_versions"]["rows"])


def ours(archive: str, folder: str) -> int:
    """Archive -> landing -> gate -> merged tables: import and clean. Returns the posts in the lake."""
    from flows.clean import clean

    land(archive, folder)
    work = _job(folder)
    clean(work.lake)
    return int(work.lake.read("posts", columns=["post_id"]).num_rows)


def _job(folder: str) -> Job:
    from flows.job import open_job

    path = Path(folder) / "campaign.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(CAMPAIGN, "utf-8")
    return open_job(path, Path(folder) / "lake")


def bare(archive: str, out: str) -> int:
    """What pyarrow alone does: parse every field of the JSON, block by block, and write it as Parquet."""
    import pyarrow as pa
    import pyarrow.json as pj
    import pyarrow.parquet as pq

    rows, writer = 0, None
    options = pj.ReadOptions(block_size=16 * 1024 * 1024)
    with open(archive, "rb") as file:
        reader = pj.open_json(file, read_options=options)
        for batch in reader:
            writer = writer or pq.ParquetWriter(out, batch.schema, compression="zstd", compression_level=1)
            writer.write_table(pa.Table.from_batches([batch]))
            rows += batch.num_rows
    if writer:
        writer.close()
    return rows


def run(number: int) -> Iterator[tuple[str | int | float, ...]]:
    """Rows of the table: each contender on the same file of `number` tweets, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        archive = f"{folder}/tweets.jsonl"
        size = alone("benchmarks.bench_archive:write_archive", archive, number).answer
        rival = alone("benchmarks.bench_archive:bare", archive, f"{folder}/bare.parquet")
        landed = alone("benchmarks.bench_archive:land", archive, f"{folder}/landed")
        mine = alone("benchmarks.bench_archive:ours", archive, f"{folder}/lake")
    contenders = (("pyarrow.json", rival), ("landed only", landed), ("clean tables", mine))
    for name, done in contenders:
        ratios = done.seconds / rival.seconds, done.cpu_seconds / rival.cpu_seconds
        yield name, number, size // number, done.answer, done.seconds, number / done.seconds, done.peak_mib, *ratios


def main(sizes: Sequence[int] = (200_000,)) -> None:
    """Run both on the same file, each in a process of its own, and print the ratio of wall and processor time."""
    columns = ("contender", "tweets", "bytes/tweet", "rows", "seconds", "tweets/s", "peak MiB", "ratio", "CPU ratio")
    print_table(columns, [row for number in sizes for row in run(number)])


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or (200_000,))
