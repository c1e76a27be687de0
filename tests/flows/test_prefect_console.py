"""What a command shows of a flow that ends with an error: nothing of Prefect's, since it says it itself in one line."""

from __future__ import annotations

import io
import logging

import pytest
from prefect import flow, task
from prefect.logging.handlers import PrefectConsoleHandler
from prefect.tasks import Task

from flows.prefect_console import LOGGERS, leave_errors_to_the_command
from flows.weekly import collect_task
from passerelle.errors import PasserelleError, ReplayError

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("prefect_server")]


def run(collecting: Task[[], None]) -> None:
    @flow
    def job() -> None:
        collecting()

    job()


def quickly(error: Exception) -> Task[[], None]:
    """A task that ends with `error`, retried as the collection is, but at once."""

    @task(name="collect", retries=1, retry_delay_seconds=[0], retry_condition_fn=collect_task.retry_condition_fn)
    def collecting() -> None:
        raise error

    return collecting


@pytest.fixture
def console(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What Prefect shows: it keeps the stderr that there was when it was imported."""
    shown = io.StringIO()
    for name in LOGGERS:
        for handler in logging.getLogger(name).handlers:
            if isinstance(handler, PrefectConsoleHandler):
                monkeypatch.setattr(handler.console, "file", shown)
                monkeypatch.setattr(handler, "filters", [])  # as before any command of this process
    return shown


def test_errors_are_left_to_the_command(console: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(PasserelleError):
        run(quickly(PasserelleError(en="no source answers", fr="aucune source ne répond")))
    assert "Traceback" in console.getvalue(), "so it is without a command"
    capsys.readouterr()
    leave_errors_to_the_command()
    console.seek(console.truncate(0))
    with pytest.raises(PasserelleError):
        run(quickly(PasserelleError(en="nobody is there", fr="personne")))
    assert capsys.readouterr().err == "passerelle: collect: failed, tried again in about 0 s (1 of 1)\n"
    with pytest.raises(ReplayError):
        run(quickly(ReplayError(en="it does not replay", fr="ne se rejoue pas")))
    assert capsys.readouterr().err == "", "it would not replay a little later either"
    with pytest.raises(ZeroDivisionError):
        run(quickly(ZeroDivisionError("division of nothing")))
    assert not any(said in console.getvalue() for said in ("nobody", "replay", "division", "Traceback"))
