"""Frames per second of the stream reader against the bare WebSocket library.

    python -m benchmarks.bench_stream [FRAMES]      (300,000 unless told)

Both hear the same loopback server, each in a process of its own. The bare one receives and counts: nothing is read,
held against a hashtag, kept or landed. One frame of a thousand is of the campaign. Ours is timed from opening to
closing the spider, landing included; peaks are of whole processes.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.ratios import Alone, alone, print_table

FRAMES, ROUNDS = 300_000, 3
_CLOCK = datetime(2026, 11, 29, 8, tzinfo=UTC)
CAMPAIGN = """
name = "banc"
hashtags = ["entraide"]
purpose = "Measuring the collector on invented people"
legal_basis = "none needed"
retention_days = 1
contact = "banc@example.test"
[[sources]]
kind = "bluesky"
host = "%s"
"""
_TEXT = "Bonjour à tous, je cherche un poste de technicien en logistique à Tours, merci de relayer autour de vous"


def frames(number: int) -> Iterator[bytes]:
    """Invented events of the network in the shape of ``/subscribe``, the last of them of the run's clock."""
    first = _CLOCK - timedelta(milliseconds=number - 1)
    for n in range(number):
        at = first + timedelta(milliseconds=n)
        collection = ("post", "like", "like", "repost")[n % 4]
        record: dict[str, Any] = {"$type": f"app.bsky.feed.{collection}", "createdAt": at.isoformat()}
        if collection == "post":
            tag = "entraide" if n % 1000 == 0 else f"autre{n % 97}"
            record |= {"text": _TEXT, "langs": ["fr"], "tags": [tag]}
        else:
            uri = f"at://did:plc:personne{n % 5000:013}/app.bsky.feed.post/3mvh{n % 9973:09}"
            record["subject"] = {"uri": uri, "cid": "bafyreidq5mgv7m2hmb2ngncec2unkh5mmqhykhrpgnwyuoxhv5bycgxuya"}
        inner = {"rev": f"3mv{n:010}", "operation": "create", "collection": record["$type"], "rkey": f"3mv{n:010}"}
        head = {"did": f"did:plc:personne{n % 4999:013}", "time_us": int(at.timestamp() * 1e6), "cursor": n + 1}
        yield json.dumps({**head, "kind": "commit", "commit": {**inner, "record": record}}).encode()


async def _serve(number: int) -> None:
    from websockets.asyncio.server import ServerConnection, serve
    from websockets.http11 import Request, Response

    told = list(frames(number))

    async def tell(connection: ServerConnection) -> None:
        for frame in told:
            await connection.send(frame, text=True)
        await connection.wait_closed()

    def only_there(connection: ServerConnection, request: Request) -> Response | None:
        return None if request.path.startswith("/subscribe") else connection.respond(404, "no")

    async with serve(tell, "127.0.0.1", 0, process_request=only_there, compression=None) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()


def bare(address: str, number: int) -> int:
    """What the library does with the same frames when nothing is done with them."""
    from websockets.asyncio.client import connect

    async def hear() -> int:
        async with connect(f"ws://{address}/subscribe", compression=None, proxy=None) as connection:
            for _ in range(number):
                await connection.recv(decode=False)
        return number

    return asyncio.run(hear())


def ours(address: str, folder: str) -> dict[str, Any]:
    """One run of the stream; returns what its statistics say."""
    from spiders.crawl import main as crawl

    path = Path(folder) / "campaign.toml"
    path.write_text(CAMPAIGN % address, "utf-8")
    words = ["--campaign", str(path), "--lake", f"{folder}/lake", "--stream", "--clock", f"{_CLOCK:%Y-%m-%dT%H:%M:%SZ}"]
    try:
        crawl(words)
    except SystemExit as end:
        if end.code:
            raise
    [stats] = Path(folder).glob("lake/staging/*/stats.json")
    told = json.loads(stats.read_text("utf-8"))
    return {"seconds": told["scrapy"]["elapsed_time_seconds"], "counts": told["counts"]}


@contextmanager
def _server(number: int) -> Iterator[str]:
    command = [sys.executable, "-m", "benchmarks.bench_stream", "serve", str(number)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"127.0.0.1:{process.stdout.readline().strip()}"
        process.kill()


def measure(number: int = FRAMES, rounds: int = ROUNDS) -> dict[str, float]:
    """Frames per second of both (best of some rounds, turn by turn), their ratio, and peaks in MiB."""
    heard: list[tuple[float, Alone]] = []
    received: list[Alone] = []
    with _server(number) as address:
        for _ in range(rounds):
            with tempfile.TemporaryDirectory() as folder:
                told = alone("benchmarks.bench_stream:ours", address, folder)
            assert told.answer["counts"]["passed"] == number - -(-number // 1000), told.answer
            heard.append((number / told.answer["seconds"], told))
            received.append(alone("benchmarks.bench_stream:bare", address, number))
    best, best_bare = max(rate for rate, _ in heard), max(number / one.seconds for one in received)
    return {
        "frames_per_second": best,
        "bare_frames_per_second": best_bare,
        "ratio": best / best_bare,
        "peak_mib": max(one.peak_mib for _, one in heard),
        "bare_peak_mib": max(one.peak_mib for one in received),
    }


def main(number: int = FRAMES, rounds: int = ROUNDS) -> None:
    """Print the figures as a table."""
    print_table(("measured", "value"), list(measure(number, rounds).items()))


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        asyncio.run(_serve(int(sys.argv[2])))
    else:
        main(*map(int, sys.argv[1:2]))
