"""What YouTube's refusals mean: the reason says it, the status is much the same for all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from spiders.asking.answers import Answer, Outcome
from spiders.platforms.youtube.comments import DISABLED
from spiders.platforms.youtube.search import STALE

_SPENT = frozenset(("quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg"))
_TOO_FAST = frozenset(("rateLimitExceeded", "userRateLimitExceeded", "servingLimitExceeded"))
_KEY = frozenset(
    (
        "API_KEY_INVALID",
        "API_KEY_EXPIRED",
        "API_KEY_SERVICE_BLOCKED",
        "API_KEY_IP_ADDRESS_BLOCKED",
        "API_KEY_HTTP_REFERRER_BLOCKED",
        "API_KEY_ANDROID_APP_BLOCKED",
        "API_KEY_IOS_APP_BLOCKED",
        "CONSUMER_INVALID",
        "CONSUMER_SUSPENDED",
        "CREDENTIALS_MISSING",
        "SERVICE_DISABLED",
        "accessNotConfigured",
        "authError",
        "ipRefererBlocked",
        "keyExpired",
        "keyInvalid",
        "required",
    )
)
_GONE = frozenset(("videoNotFound", "commentNotFound", "commentThreadNotFound", "channelNotFound", "notFound"))


def meant(answer: Answer) -> Answer:
    """The answer with the outcome that its reasons stand for."""
    if answer.outcome == "ok" or answer.status == 0:
        return answer
    reasons = list(_reasons(answer.problem))
    told = next((_of(reason, answer) for reason in reasons if _of(reason, answer)), None)
    if told is not None:
        return told
    if answer.outcome == "refused" and "/search?" in answer.url and answer.status == 403:
        return _as(answer, "login", reasons)  # nothing but the key decides who may search
    if answer.outcome == "gone" or (answer.outcome == "refused" and "parentId=" in answer.url):
        return _gone(answer)
    return replace(answer, of_one=answer.outcome == "refused")


def _of(reason: str, answer: Answer) -> Answer | None:
    if reason in _SPENT:
        return replace(_as(answer, "budget", [reason]), of_one=True)
    if reason in _TOO_FAST:
        return _as(answer, "rate_limit", [reason])
    if reason in _KEY:
        return _as(answer, "login", [reason])
    if reason == "commentsDisabled":
        return replace(answer, outcome="ok", payload={"items": [], DISABLED: True}, detail="")
    if reason == "invalidPageToken":
        return replace(answer, outcome="ok", payload={"items": [], STALE: True}, detail="")
    return _gone(answer) if reason in _GONE else None


def _gone(answer: Answer) -> Answer:
    """That it is gone; of several, or of what is below a comment, that says nothing of the others."""
    is_one = "parentId=" not in answer.url and "%2C" not in answer.url.partition("&id=")[2]
    empty = replace(answer, outcome="ok", payload={"items": []}, detail="")
    return replace(answer, outcome="gone", of_one=True) if is_one else empty


def _as(answer: Answer, outcome: Outcome, reasons: list[str]) -> Answer:
    return replace(answer, outcome=outcome, detail=", ".join([f"HTTP {answer.status}", *reasons[:1]]))


def _reasons(problem: Any) -> Iterator[str]:
    """The most exact first."""
    error = problem.get("error") if isinstance(problem, dict) else None
    for name in ("details", "errors"):
        listed = error.get(name) if isinstance(error, dict) else None
        for one in listed if isinstance(listed, list) else ():
            if isinstance(one, dict) and isinstance(one.get("reason"), str):
                yield one["reason"]
