"""What Prefect says on the console of a command: not the errors, each of which the command tells in one line."""

from __future__ import annotations

import logging
import re

LOGGERS = ("", "prefect", "prefect.flow_runs", "prefect.task_runs")
"""Those that may have a console of Prefect's: by its own settings the root."""
_ENDED = re.compile(r"^Finished in state .* encountered an exception", re.DOTALL)


def leave_errors_to_the_command() -> None:
    """From now on neither traces nor that a task or a flow ended with one; logs for a Prefect server stay whole."""
    from prefect.logging.configuration import setup_logging
    from prefect.logging.handlers import PrefectConsoleHandler

    setup_logging()  # else the first flow makes new handlers
    for name in LOGGERS:
        for handler in logging.getLogger(name).handlers:
            if isinstance(handler, PrefectConsoleHandler) and _is_no_error not in handler.filters:
                handler.addFilter(_is_no_error)


def _is_no_error(record: logging.LogRecord) -> bool:
    return not record.exc_info and not _ENDED.match(record.getMessage())
