"""What X refuses, and what a person can do about it, in English and French."""

from __future__ import annotations

from passerelle.errors import UsageError
from spiders.asking.answers import Answer

_CONSOLE = "console.x.com"


def is_spent(answer: Answer) -> bool:
    """Whether it says that no credit is left, or that no more may be read: neither comes back by waiting."""
    return answer.status == 402 or (answer.status == 429 and _kind(answer).startswith("usage-cap"))


def no_more(host: str, answer: Answer) -> tuple[str, str]:
    """What such an answer means."""
    if answer.status == 402:
        en = f"no credit is left (HTTP 402); buy some at {_CONSOLE}"
        fr = f"il ne reste plus de crédit (HTTP 402) ; achetez-en sur {_CONSOLE}"
    else:
        en = f"your project has reached its usage cap; raise it at {_CONSOLE}, or wait for the next period"
        fr = f"votre projet a atteint son plafond d'usage ; relevez-le sur {_CONSOLE}, ou attendez la période suivante"
    return (
        f"{host}: {en}, then collect again: it goes on from there",
        f"{host} : {fr}, puis relancez : la collecte reprendra là",
    )


def advice(answer: Answer) -> tuple[str, str] | None:
    """What to do about a refusal of the API; None for any other answer."""
    if answer.status != 403:
        return None
    return (
        f"the token's app may not ask this; attach the app to a project with access to the API v2 at {_CONSOLE}",
        f"l'application du jeton n'a pas ce droit ; rattachez-la, sur {_CONSOLE}, à un projet qui a accès à l'API v2",
    )


def without_archive(host: str) -> tuple[str, str]:
    """That nothing older than a week can be searched."""
    en = "this token may not search the archive, so nothing older than 7 days is seen; give the app access to it at"
    fr = "ce jeton ne permet pas de chercher dans l'archive, rien d'antérieur à 7 jours n'est vu ; donnez-y accès à"
    return (
        f"{host}: {en} {_CONSOLE}, or import an archive that you have",
        f"{host} : {fr} l'application sur {_CONSOLE}, ou importez une archive que vous avez",
    )


def without_budget(host: str) -> UsageError:
    """Nobody said how much may be spent."""
    return UsageError(
        en=f"{host}: each post and person that is read is paid for; say how many dollars a month may cost, for instance"
        " budget = { usd = 20 } in this source",
        fr=f"{host} : chaque publication et chaque personne lues sont payantes ; dites combien de dollars par mois,"
        " par exemple budget = { usd = 20 } dans cette source",
    )


def _kind(answer: Answer) -> str:
    kind = answer.problem.get("type") if isinstance(answer.problem, dict) else None
    return kind.rpartition("/")[2] if isinstance(kind, str) else ""
