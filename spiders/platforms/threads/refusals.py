"""What the refusals of Meta's API mean: the code in them says it, the status is 400 for nearly all.

What was deleted, is private or is not for us is refused in the same words: nothing is ever known to be gone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from spiders.asking.answers import Answer

_LIMITS = frozenset((4, 17, 32, 613))
_TOKEN = frozenset((102, 104, 190, 2500))  # over, or none was sent
_PASSING = frozenset((1, 2))
_UNREADABLE = 100
_MAY_NOT = range(200, 300)
_NO_PERMISSION = 10
_ADVICE = (
    "the token may not search: its app lacks the permission threads_keyword_search, granted in app review",
    "le jeton ne permet pas de recherche : l'application n'a pas l'autorisation threads_keyword_search (app review)",
)


def meant(answer: Answer) -> Answer:
    """The answer with the outcome that its code stands for."""
    if answer.outcome == "ok" or answer.status == 0:
        return answer
    code = _code(answer.problem)
    told = replace(answer, detail=f"HTTP {answer.status}, code {code}") if code is not None else answer
    if code in _LIMITS:
        return replace(told, outcome="rate_limit")
    if code in _TOKEN:
        return replace(told, outcome="login")
    if code in _PASSING:
        return replace(told, outcome="unreachable")
    if code is not None and (code == _NO_PERMISSION or code in _MAY_NOT):
        advice = _ADVICE if "/keyword_search?" in answer.url else None
        return replace(told, outcome="refused", advice=advice)
    if answer.outcome in ("gone", "refused"):
        return replace(told, outcome="refused", of_one="/conversation" not in answer.url and code != _UNREADABLE)
    return told


def _code(problem: Any) -> int | None:
    error = problem.get("error") if isinstance(problem, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, int) and not isinstance(code, bool) else None
