"""What Prefect says on the console of a command: not our own errors, which the command tells in one line."""

from __future__ import annotations

import logging
import re

from passerelle.errors import PasserelleError

LOGGERS = ("", "prefect", "prefect.flow_runs", "prefect.task_runs")
"""Those that may have a console of Prefect's: by its own settings the root."""
_ENDED_WITH = re.compile(r"encountered an exception:? (\w+):")


class _LeaveToTheCommand(logging.Filter):
    """Holds back what is logged of a PasserelleError: its trace, and that a task and a flow ended with it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is to be shown."""
        if record.exc_info and isinstance(record.exc_info[1], PasserelleError):
            return False
        ended = _ENDED_WITH.search(record.getMessage())
        return ended is None or ended[1] not in _names(PasserelleError)


def leave_our_errors_to_the_command() -> None:
    """Keep our own errors off Prefect's console log from now on; logs that go to a Prefect server stay whole."""
    from prefect.logging.configuration import setup_logging
    from prefect.logging.handlers import PrefectConsoleHandler

    setup_logging()  # else the first flow makes new handlers
    for name in LOGGERS:
        for handler in logging.getLogger(name).handlers:
            if isinstance(handler, PrefectConsoleHandler):
                handler.addFilter(_LeaveToTheCommand())


def _names(kind: type[PasserelleError]) -> set[str]:
    return {kind.__name__}.union(*(_names(narrower) for narrower in kind.__subclasses__()))
