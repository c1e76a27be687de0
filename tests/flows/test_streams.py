"""`passerelle collect --stream` as a person meets it: tables, a pull after it, ends in order, what is refused."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from flows import hourly, stream
from flows.job import open_job
from passerelle.lake import Lake
from tests.spiders.crawling import campaign_file
from tests.spiders.forked import REPOSITORY, command_forked, hears_ctrl_c
from tests.spiders.invented_network import TAG, Network, just_now, town
from tests.spiders.stream_server import No, Query, StreamServer
from tests.spiders.test_stream import until

QUIET = "history_days = 0\nthreads = false\nreposters = false"


class Desk:
    """A campaign and its lake."""

    def __init__(self, folder: Path, host: str, **more: str) -> None:
        self.folder = folder
        self.campaign = campaign_file(folder, host, TAG, kind="bluesky", collect=QUIET, **more)
        self.words = ["-c", str(self.campaign), "--lake", str(folder / "lakes")]
        self.lake = Lake(folder / "lakes" / "essai")

    def env(self, network: Network | None = None) -> dict[str, str]:
        clock = {"PASSERELLE_CLOCK": network.now.isoformat()} if network else {}
        return {**os.environ, "PASSERELLE_KEY": "ab" * 32, "PASSERELLE_LANG": "en", **clock}

    def run(self, *words: str, network: Network | None = None, **env: str) -> CompletedProcess[str]:
        return command_forked([*words, *self.words], {**self.env(network), **env}, timeout=300)


def searched(network: Network) -> Any:
    """The network's server, which also gives a search for the call as it stands now."""

    def serve(host: str, path: str, query: Query) -> Any:
        if not path.endswith("searchPosts"):
            return network.serve(host, path, query)
        call = [one for one in network.events if one.get("commit", {}).get("rkey") == "call"][-1]
        view = {
            "uri": f"at://{call['did']}/app.bsky.feed.post/call",
            "author": {"did": call["did"], "handle": "ada.test"},
            "record": call["commit"]["record"],
            "indexedAt": call["commit"]["record"]["createdAt"],
            "replyCount": 2,
            "repostCount": 1,
            "likeCount": 1,
        }
        return No(200, {"posts": [view]})

    return serve


def test_a_stream_and_then_a_search_of_one_source_are_one_table(tmp_path: Path) -> None:
    network = town()
    with StreamServer(searched(network)) as server:
        desk = Desk(tmp_path, server.address)
        heard = desk.run("collect", "--stream", network=network)
        assert heard.returncode == 0, heard.stderr
        assert "5 new posts, 1 updated, 0 known" in heard.stdout
        network.others(60)
        asked = desk.run("collect", network=network)
        assert asked.returncode == 0, asked.stderr
        assert "0 new posts, 1 updated" in asked.stdout, "its counters are news"
        again = desk.run("collect", "--stream", network=network)
        assert (again.returncode, "0 new posts, 0 updated" in again.stdout) == (0, True), again.stderr
    posts = desk.lake.read("posts").to_pylist()
    assert len(posts) == 5
    [call] = [post for post in posts if post["replies"] == 2]
    assert call["text"] == "Qui connaît un atelier à Lyon ?"
    assert sorted(row["reason"] or "" for row in desk.lake.read("coverage").to_pylist()) == ["", "", "search"]
    assert len(desk.lake.read("engagements")) == 1
    status = json.loads(desk.run("runs", "list", "--json").stdout)
    assert len(status["runs"]) == 3


def test_what_is_asked_is_told_beforehand(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "bsky.social")
    plan = desk.run("collect", "--stream", "--for", "1h", "--dry-run")
    assert plan.returncode == 0
    assert "heard from jetstream2.us-east.bsky.network or " in plan.stdout
    assert "from as far back as it goes on, for 1:00:00 (h:min:s)" in plan.stdout
    french = desk.run("collect", "--stream", "--dry-run", PASSERELLE_LANG="fr")
    assert "écoute de jetstream2.us-east.bsky.network ou " in french.stdout
    told = json.loads(desk.run("collect", "--stream", "--dry-run", "--json").stdout)
    assert (told["schema"], told["sources"][0]["since"]) == ("passerelle.stream_plan/1", None)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("--for", "1h"), "--for goes with --stream"),
        (("--stream", "--for", "soon"), "'soon' is no length of time"),
        (("--stream", "--for", "0s"), "'0s' is no length of time"),
    ],
)
def test_wrong_words_are_refused(tmp_path: Path, words: tuple[str, ...], line: str) -> None:
    done = Desk(tmp_path, "bsky.social").run("collect", *words)
    assert (done.returncode, line in done.stderr) == (2, True), done.stderr


def test_a_source_without_a_stream_is_refused(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "bsky.social")
    text = desk.campaign.read_text("utf-8").replace('kind = "bluesky"', 'kind = "wordpress"')
    desk.campaign.write_text(text, "utf-8")
    done = desk.run("collect", "--stream")
    assert (done.returncode, "no stream at bsky.social" in done.stderr) == (2, True)


def test_what_goes_on_lands_again_and_again_with_nothing_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSERELLE_KEY", "ab" * 32)
    monkeypatch.setattr(stream, "LONGEST_RUN", timedelta(seconds=2))
    network = town(just_now())
    with network.server() as server:
        desk = Desk(tmp_path, server.address)
        job = open_job(desk.campaign, tmp_path / "lakes")
        heard = stream.hear(job, lasting=timedelta(hours=1))
        rounds = [next(heard), next(heard)]
        heard.close()
        cursors = server.cursors("/subscribe")
    assert [done.rows[0]["accepted"] for _, done in rounds] == [5, 0]
    assert set(cursors[1:]) == {str(network.events[-1]["cursor"])}
    assert all(row["is_complete"] for row in desk.lake.read("coverage").to_pylist())


def test_the_schedule_has_nothing_to_do_where_no_source_has_a_stream(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = Desk(tmp_path, "bsky.social")
    text = desk.campaign.read_text("utf-8").replace('kind = "bluesky"', 'kind = "wordpress"')
    desk.campaign.write_text(text, "utf-8")
    assert hourly.hourly.fn(str(desk.campaign), str(tmp_path / "lakes")) == []
    assert "no source of this campaign has a stream" in capsys.readouterr().out


def test_ctrl_c_commits_what_was_heard(tmp_path: Path) -> None:
    network = town(just_now())
    with network.server() as server:
        desk = Desk(tmp_path, server.address)
        command = [sys.executable, "-m", "flows.cli", "collect", "--stream", "--for", "10m", *desk.words]
        process = subprocess.Popen(
            command, cwd=REPOSITORY, env=desk.env(), stdout=subprocess.PIPE, text=True, preexec_fn=hears_ctrl_c
        )
        until(lambda: any("subscribe" in path for _, path, _, _ in server.asked))
        until(lambda: sum(path.stat().st_size for path in desk.lake.vault.glob("*.gz")) > 4_000)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
    assert (process.returncode, "5 new posts" in out) == (130, True), out
    assert len(desk.lake.read("posts")) == 5


def test_a_damaged_state_is_one_line_before_anything_is_heard(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "127.0.0.1:9")
    state = desk.lake.state_file("127.0.0.1:9")
    state.parent.mkdir(parents=True)
    state.write_text("{broken")
    done = desk.run("collect", "--stream", "--dry-run")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert f"{state}: damaged (JSONDecodeError); remove it" in done.stderr
