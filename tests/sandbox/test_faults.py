"""Each fault is what a client would meet: status, headers, torn lines, bombs; then the server is itself again."""

from __future__ import annotations

import gzip
import http.client
import json
import time
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPResponse

import pytest

from tests.sandbox.faults import Fault
from tests.sandbox.server import Sandbox
from tests.sandbox.simulate import Simulation

TAG = "/api/v1/timelines/tag/EmploiDesVallons?limit=5"


def ask(
    sandbox: Sandbox, target: str = TAG, method: str = "GET", body: str | None = None
) -> tuple[HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(sandbox.address, timeout=10)
    connection.request(method, target, body)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer, content


@pytest.mark.parametrize(("kind", "status"), [("unavailable", 503), ("unauthorised", 401), ("html_error", 502)])
def test_refusals_strike_as_often_as_asked(sandbox: Sandbox, kind: str, status: int) -> None:
    sandbox.faults.append(Fault(kind, times=2, after=1))  # type: ignore[arg-type]
    assert [ask(sandbox)[0].status for _ in range(4)] == [200, status, status, 200]


@pytest.mark.parametrize("notation", ["iso", "unix"])
def test_limit_is_announced_and_kept_in_either_notation(small_simulation: Simulation, notation: str) -> None:
    now = small_simulation.parameters.as_of
    with Sandbox(small_simulation.world, now, limit=2, window_seconds=0.6, reset=notation) as server:  # type: ignore[arg-type]
        answers = [ask(server)[0] for _ in range(3)]
        assert [a.status for a in answers] == [200, 200, 429]
        assert [a.headers["X-RateLimit-Remaining"] for a in answers] == ["1", "0", "0"]
        assert answers[2].headers["Retry-After"] is None
        reset = answers[2].headers["X-RateLimit-Reset"]
        moment = float(reset) if notation == "unix" else datetime.fromisoformat(reset).timestamp()
        assert -1 <= moment - now.timestamp() <= 2
        time.sleep(0.7)
        assert ask(server)[0].status == 200


def test_retry_after_in_seconds_and_as_a_date(sandbox: Sandbox) -> None:
    sandbox.faults.append(Fault("rate_limited", retry_after="7"))
    sandbox.faults.append(Fault("unavailable", retry_after="date", seconds=30))
    assert ask(sandbox)[0].headers["Retry-After"] == "7"
    promised = parsedate_to_datetime(ask(sandbox)[0].headers["Retry-After"])
    assert timedelta(seconds=28) < promised - sandbox.now < timedelta(seconds=33)


def test_torn_cut_and_halved_answers(sandbox: Sandbox) -> None:
    sandbox.faults += [Fault("reset"), Fault("cut"), Fault("truncated")]
    with pytest.raises(ConnectionResetError):
        ask(sandbox)
    with pytest.raises(http.client.IncompleteRead):
        ask(sandbox)
    with pytest.raises(json.JSONDecodeError):
        json.loads(ask(sandbox)[1])
    assert json.loads(ask(sandbox)[1])


def test_slow_and_silent_answers_take_their_time(sandbox: Sandbox) -> None:
    sandbox.faults += [Fault("slow", seconds=0.4), Fault("hang", seconds=0.4)]
    for _ in range(2):
        began = time.monotonic()
        assert json.loads(ask(sandbox)[1])
        assert time.monotonic() - began > 0.3


def test_cursors_that_never_end(sandbox: Sandbox) -> None:
    sandbox.faults += [Fault("endless", times=2), Fault("repeated", times=2)]
    links = [ask(sandbox)[0].headers["Link"] for _ in range(4)]
    assert links[0] != links[1]
    assert links[2] == links[3]


def test_bombs_and_giants(sandbox: Sandbox) -> None:
    sandbox.faults += [Fault("gzip_bomb", size=5_000_000), Fault("huge", size=10_000_000)]
    answer, packed = ask(sandbox)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(packed) < 10_000 < 5_000_000 < len(gzip.decompress(packed))
    assert len(json.loads(ask(sandbox)[1])[0]["content"]) > 10_000_000


def test_faults_and_moment_can_be_ordered_over_http(sandbox: Sandbox, small_simulation: Simulation) -> None:
    ask(sandbox, "/sandbox/faults", "POST", json.dumps({"kind": "unavailable", "match": "/context"}))
    moment = small_simulation.parameters.start + timedelta(days=4)
    ask(sandbox, "/sandbox/now", "POST", json.dumps({"now": moment.isoformat()}))
    assert ask(sandbox)[0].status == 200
    assert abs(sandbox.now - moment) < timedelta(seconds=5)
    assert ask(sandbox, "/api/v1/statuses/1/context")[0].status == 503
    assert json.loads(ask(sandbox, "/sandbox/log")[1])[-1] == ["/api/v1/statuses/1/context", 503]
    with pytest.raises(ValueError, match="no fault"):
        Fault("earthquake")  # type: ignore[arg-type]
