"""Waiting for servers, told to whoever waits for us."""

from __future__ import annotations

from passerelle import clock
from spiders.asking.guard import FORBIDDEN
from spiders.logs import tell

_WORTH_SAYING = 1.0
_SAID_AGAIN = 300.0
FAILURES = {
    "refused": "connexion refusée",
    "timeout": "délai dépassé",
    "cut": "réponse coupée",
    "reset": "connexion coupée",
    "dns": "nom d'hôte introuvable",
    "tls": "certificat refusé",
    "encoding": "encodage inconnu",
    "too_large": "trop grand",
    FORBIDDEN: "adresse interdite",
}
"""The vault's words for why no answer came, in French."""
_FRENCH = {
    "rate limit without a reset": "limite sans échéance",
    "rate limit": "limite de débit",
    "attempt": "essai",
    " of ": " sur ",
    **FAILURES,
}


class Waits:
    """What was waited for in a crawl; `total` in seconds."""

    def __init__(self) -> None:
        self.total = 0.0
        self._said: dict[str, tuple[float, float]] = {}  # by host: until when, as it was last told, and when that was

    def begin(self, host: str, wait: float, why: str, pause: float) -> None:
        """A `pause` of a `wait` begins: what is waited for is told once, and what is left of it now and then."""
        self.total += pause
        now = clock.now().timestamp()
        until, at = self._said.get(host, (0.0, 0.0))
        is_news = abs(now + wait - until) >= _WORTH_SAYING or now - at >= _SAID_AGAIN
        if wait >= _WORTH_SAYING and is_news:
            self._said[host] = now + wait, now
            tell(host, f"waiting {round(wait)} s ({why})", f"attente de {round(wait)} s ({wait_in_french(why)})")


def wait_in_french(why: str) -> str:
    """What is waited for, in French; the words of HTTP stay as they are."""
    for en, fr in _FRENCH.items():
        why = why.replace(en, fr)
    return why
