"""A crawl that another process started ends with it, however that one ends."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

from passerelle.errors import ExitCode

GRACE_SECONDS = 10.0


def end_with_parent(stop: Callable[[], None]) -> None:
    """Call `stop` once standard input, a pipe that the parent holds, is closed; end hard if that takes too long.

    A parent that is killed closes it too, on any system. What is on disk is fit to be taken up again at any moment.
    """
    threading.Thread(target=_watch, args=(stop,), daemon=True).start()


def _watch(stop: Callable[[], None]) -> None:
    while os.read(0, 4096):
        pass
    stop()
    threading.Event().wait(GRACE_SECONDS)
    os._exit(ExitCode.INTERRUPTED)
