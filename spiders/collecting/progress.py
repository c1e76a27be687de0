"""How far a crawl is, told now and then to whoever waits for it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import TypeVar

from passerelle import clock
from spiders.asking.run import Run
from spiders.logs import tell

_EVERY = timedelta(minutes=1)
T = TypeVar("T")


def told(run: Run, en: str, fr: str, items: Collection[T]) -> Iterator[T]:
    """Each of `items`; once a minute how many of them are done, and how long the rest takes at that pace.

    A replay, which nobody waits for, says nothing.
    """
    begin = said = clock.now()
    for number, item in enumerate(items):
        now = begin if run.tape.replaying else clock.now()
        if now - said >= _EVERY and number:
            said = now
            rest = (now - begin) / number * (len(items) - number)
            minutes = max(1, round(rest / timedelta(minutes=1)))
            tell(
                run.source,
                f"{en}: {number} of {len(items)} done, about {minutes} min to go",
                f"{fr} : {number} sur {len(items)}, encore {minutes} min environ",
            )
        yield item
