"""What a server's robots.txt says of its API."""

from __future__ import annotations

from protego import Protego

from spiders.asking import Answer, Api


def forbids(robots: Answer, api: Api, agent: str) -> bool:
    """Whether `robots`, the answer to ``/robots.txt``, keeps `agent` out of the API; no file forbids nothing."""
    if robots.outcome != "ok":
        return False
    return not Protego.parse(robots.text).can_fetch(f"{api.base}/api/v1/timelines/tag/x", agent)
