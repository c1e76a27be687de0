"""What to do where a server does not give what was asked for, in one line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from passerelle.errors import PasserelleError, UsageError
from passerelle.platforms import PLATFORMS
from passerelle.wording import english, french, number
from spiders.asking.answers import SILENT, Answer
from spiders.asking.bodies import MARKUP
from spiders.asking.guard import FORBIDDEN, reason_in_french
from spiders.asking.run import Run
from spiders.asking.waits import FAILURES
from spiders.collecting.shape import NEWEST
from spiders.collecting.walking import END_UNKNOWN

NOTHING_KEPT = "nothing_kept"
_LISTS = {
    "timeline": ("hashtag timelines", "fils de mot-dièse"),
    "thread": ("threads", "fils de discussion"),
    "history": ("people's timelines", "historiques de personnes"),
    "profile": ("profiles", "profils"),
    "engagement": ("lists of reposts or quotes", "listes de partages ou de citations"),
}
_REASONS = {
    "unreachable": ("the server did not answer", "le serveur n'a pas répondu"),
    "rate_limit": (
        "its limit on requests did not lift; collect again later",
        "sa limite de requêtes n'a pas été levée ; relancez plus tard",
    ),
    "budget": (
        "what may be spent on it is spent; collect again later",
        "ce qui peut y être dépensé l'est déjà ; relancez plus tard",
    ),
    "malformed": ("what came was not what was asked for", "ce qui est venu n'est pas ce qui était demandé"),
    "gone": ("the server no longer knows the page", "le serveur ne connaît plus la page"),
    "refused": ("the server refuses; its operator may say why", "le serveur refuse ; l'opérateur peut dire pourquoi"),
    "login": ("the server wants a token: token_variable", "le serveur demande un jeton : token_variable"),
    "legal": ("the server withholds it for legal reasons", "le serveur le retient pour des raisons juridiques"),
    "withheld": ("the server holds it back", "le serveur ne le montre pas"),
    "robots": (
        "robots.txt forbids it; ask its operator, then operator_agreed = true",
        "robots.txt l'interdit ; demandez à l'opérateur, puis operator_agreed = true",
    ),
    "gap": ("the stream no longer held what came between", "le flux ne gardait plus ce qui s'est passé entre-temps"),
    "not_offered": (
        "the server shows none: wishes not to be read are not known",
        "le serveur n'en montre pas : le souhait de ne pas être lu est inconnu",
    ),
    NEWEST: (
        "they show the newest posts only, and more came since the last run; collect more often",
        "ils ne montrent que le plus récent, et il en est venu davantage depuis ; collectez plus souvent",
    ),
    END_UNKNOWN: ("the server does not tell where they end", "le serveur ne dit pas où ils finissent"),
}


def api_of(run: Run) -> tuple[str, str]:
    """What the servers of the run's platform speak, in English and French."""
    return PLATFORMS[run.server.kind].api


def _in_french(detail: str) -> str:
    """What went wrong with an answer; a library's own words, which are English, are marked as such."""
    kind, colon, words = detail.partition(": ")
    said = {**FAILURES, "no JSON": "pas de JSON", "given up": "abandonné", "no list": "pas de liste"}.get(kind, kind)
    return f"{said} : « {words} »" if colon else said


def unreached(run: Run, robots: Answer) -> PasserelleError:
    """Where not even robots.txt could be had: the server may be down, or have moved."""
    host, detail = run.source, robots.detail
    if robots.moved_to:
        return UsageError(
            en=f"{host} sends us to {robots.moved_to}, which does not answer ({detail}); if the server has moved there,"
            f' write host = "{robots.moved_to}" in the campaign file',
            fr=f"{host} renvoie à {robots.moved_to}, qui ne répond pas ({_in_french(detail)}) ; si le serveur y a"
            f' déménagé, écrivez host = "{robots.moved_to}" dans la campagne',
        )
    if detail.startswith(f"{FORBIDDEN}: "):
        why = detail.removeprefix(f"{FORBIDDEN}: ")
        return UsageError(
            en=f"{host} is not asked: {why}; only what the public internet leads to is collected",
            fr=f"{host} n'est pas interrogé : {reason_in_french(why)} ; seul l'internet public est collecté",
        )
    return PasserelleError(
        en=f"{host} does not answer ({detail}); check the host, or try again later",
        fr=f"{host} ne répond pas ({_in_french(detail)}) ; vérifiez l'hôte, ou réessayez plus tard",
    )


def refusal(run: Run, answer: Answer) -> PasserelleError | None:
    """Why the server shows no hashtag timeline at all; None where the `answer` does not say so."""
    if answer.advice is not None:
        en, fr = answer.advice
        return UsageError(en=f"{run.source}: {en} ({answer.detail})", fr=f"{run.source} : {fr} ({answer.detail})")
    if answer.outcome in (*SILENT, "budget"):
        return None  # which says nothing of what there is
    if answer.outcome == "login":
        return _login(run, answer)
    if answer.outcome == "robots":
        return forbidden(run)
    if answer.moved_to:
        return UsageError(
            en=f"{run.source} sends us to {answer.moved_to} ({answer.detail}); if the server has moved there,"
            f' write host = "{answer.moved_to}" in the campaign file',
            fr=f"{run.source} renvoie à {answer.moved_to} ({answer.detail}) ; si le serveur y a déménagé,"
            f' écrivez host = "{answer.moved_to}" dans la campagne',
        )
    if answer.outcome == "legal":
        return UsageError(
            en=f"{run.source} withholds this timeline for legal reasons ({answer.detail}); ask its operator, or collect"
            " from another server",
            fr=f"{run.source} retient ce fil pour des raisons juridiques ({answer.detail}) ; écrivez à l'opérateur, ou"
            " collectez depuis un autre serveur",
        )
    if answer.status in (403, 422):
        return _protected(run, answer)
    if answer.outcome in ("gone", "refused"):
        return PasserelleError(
            en=f"{run.source} shows no hashtag timeline ({answer.detail}); it may not speak {api_of(run)[0]}",
            fr=f"{run.source} ne montre pas de fil de mot-dièse ({answer.detail}) ; parle-t-il {api_of(run)[1]} ?",
        )
    return None


def losses_told(run: Run, losses: Iterable[str]) -> list[tuple[str, str]]:
    """In English and French, one line for each kind of `losses` (``<scope> <reason>``, as coverage names them)."""
    return [_loss(run, num, *loss.split(" ", 1)) for loss, num in sorted(Counter(losses).items())]


def _loss(run: Run, num: int, scope: str, reason: str) -> tuple[str, str]:
    if reason == NOTHING_KEPT:
        return (
            f"{run.source}: {english(num, 'page')} held posts of which none could be kept; check the hashtag",
            f"{run.source} : {french(num, 'page')} de publications, aucune n'est gardée ; vérifiez le mot-dièse",
        )
    lists, why = _LISTS.get(scope, (scope, scope)), _REASONS.get(reason, (reason, reason))
    return (
        f"{run.source}: {lists[0]} not read to the end: {number(num, 'en')} ({why[0]})",
        f"{run.source} : lecture incomplète de {lists[1]} : {number(num, 'fr')} ({why[1]})",
    )


def forbidden(run: Run) -> PasserelleError:
    """Where robots.txt forbids the hashtag timelines."""
    return UsageError(
        en=f"{run.source}: its robots.txt forbids collection; ask its operator, then set operator_agreed = true",
        fr=f"{run.source} : son robots.txt interdit la collecte ; demandez à l'opérateur, puis operator_agreed = true",
    )


def too_slow(run: Run, delay: float, longest: float) -> PasserelleError:
    """Where robots.txt asks for a longer pause between two requests than a crawl ever makes."""
    return UsageError(
        en=f"{run.source}: its robots.txt asks for {delay:.0f} s between two requests, a crawl waits {longest:.0f} s at"
        " most; ask its operator, then set operator_agreed = true",
        fr=f"{run.source} : son robots.txt demande {delay:.0f} s entre deux requêtes, une collecte attend"
        f" {longest:.0f} s au plus ; demandez à l'opérateur, puis operator_agreed = true",
    )


def asked_to_wait(run: Run) -> tuple[str, str]:
    """In English and French, why a server was not asked to the end."""
    return (
        f"{run.source} asks for a longer wait than a crawl makes; collect again later, it goes on from there",
        f"{run.source} exige une attente trop longue pour une collecte ; relancez plus tard, elle reprendra là",
    )


def misread(run: Run, answer: Answer) -> tuple[str, str]:
    """In English and French, what an ``ok`` or ``malformed`` answer that is no list was."""
    if answer.detail == MARKUP:
        en = f"HTML instead of JSON: a protection or maintenance page, a login wall, or not {api_of(run)[0]}"
        fr = (
            "du HTML au lieu de JSON : page de protection ou de maintenance, connexion exigée, ou autre chose que"
            f" {api_of(run)[1]}"
        )
    else:
        en = f"something else than the JSON of {api_of(run)[0]} ({answer.detail or 'no list'})"
        fr = f"autre chose que le JSON de {api_of(run)[1]} ({_in_french(answer.detail or 'no list')})"
    return (
        f"{run.source} sends {en}; open it in a browser, ask its operator, or try later",
        f"{run.source} envoie {fr} ; ouvrez-le dans un navigateur, écrivez à l'opérateur, ou réessayez plus tard",
    )


def _login(run: Run, answer: Answer) -> PasserelleError:
    host, variable = run.source, run.server.token_variable
    where = variable or PLATFORMS[run.server.kind].token_variable
    known = "; what is there is not accepted", " ; ce qui s'y trouve est refusé"
    new = (
        f' and set token_variable = "{where}" for this source',
        f' et ajoutez token_variable = "{where}" à la source',
    )
    en, fr = known if variable else new
    held_en, held_fr = PLATFORMS[run.server.kind].secret
    return UsageError(
        en=f"{host} wants a token ({answer.detail}): put {held_en} in the environment variable {where}{en}",
        fr=f"{host} demande un jeton ({answer.detail}) : mettez {held_fr} dans la variable d'environnement {where}{fr}",
    )


def _protected(run: Run, answer: Answer) -> PasserelleError:
    return UsageError(
        en=f"{run.source} protects its timelines ({answer.detail}): it may want a token (token_variable), or block us"
        " (authorized fetch, a firewall); ask its operator",
        fr=f"{run.source} protège ses fils ({answer.detail}) : il faut peut-être un jeton (token_variable), ou il nous"
        " bloque (authorized fetch, pare-feu) ; écrivez à l'opérateur",
    )
