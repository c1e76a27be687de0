"""What became of a run, in one line: nothing that came is left untold, and why is said in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flows.run_rows import facts
from passerelle.wording import english, french, number
from spiders.archives.french import in_french

_REFUSALS = {
    "visibility": ("not public", "non publiques"),
    "noindex": ("noindex", "noindex"),
    "indexable": ("not indexable", "non indexables"),
    "nobot": ("#nobot", "#nobot"),
    "instance": ("denied server", "serveur exclu"),
    "opted_out": ("opted out", "retrait demandé"),
}
_FRENCH = {
    "cannot be read": "illisible",
    "account without name": "compte sans nom",
    "dated after its capture": "datées d'après leur capture",
    "empty file": "fichier vide",
    "impossible time": "date impossible",
    "negative": "négatif",
    "neither true nor false": "ni vrai ni faux",
    "no JSON object": "pas un objet JSON",
    "no id": "sans identifiant",
    "no list": "pas une liste",
    "no name": "sans nom",
    "no object": "pas un objet",
    "no post": "pas une publication",
    "no text": "pas un texte",
    "no whole number": "pas un nombre entier",
    "not the fields that a post has": "sans les champs d'une publication",
    "not what was asked for": "pas ce qui était demandé",
    "not valid JSON": "JSON incorrect",
    "post without a possible time": "publication sans date possible",
    "post without author": "publication sans auteur",
    "post without id": "publication sans identifiant",
    "repost of no post": "partage d'aucune publication",
    "text too long": "texte trop long",
    "too large": "trop grand",
}


_EXTRA = {
    "en": {
        "deletions": ("deletion noticed", "deletions noticed"),
        "left_out": ("value left out", "values left out"),
        "histories_not_asked": ("history not asked for", "histories not asked for"),
    },
    "fr": {
        "deletions": ("suppression constatée", "suppressions constatées"),
        "left_out": ("valeur laissée de côté", "valeurs laissées de côté"),
        "histories_not_asked": ("historique non demandé", "historiques non demandés"),
    },
}


def run_line(row: Mapping[str, Any], language: str) -> str:
    """The line for a row of `runs`, in ``en`` or ``fr``."""
    told = facts(row)
    why = {name: _listed(counts, language) for name, counts in told["reasons"].items()}
    counts = {"deletions": told["deletions"]}
    counts |= {name: sum(told["reasons"][name].values()) for name in ("left_out", "histories_not_asked")}
    extra = [
        f"{number(count, language)} {_EXTRA[language][name][count > 1]}{why.get(name, '')}"
        for name, count in counts.items()
        if count
    ]
    posts = _posts_in_french(told, why) if language == "fr" else _posts_in_english(told, why)
    return (" ; " if language == "fr" else "; ").join([posts, *extra])


def _posts_in_english(told: Mapping[str, Any], why: Mapping[str, str]) -> str:
    return (
        f"{english(told['accepted'], 'new post')}, {number(told['updated'], 'en')} updated, "
        f"{number(told['duplicate'], 'en')} known, {number(told['quarantined'], 'en')} quarantined"
        f"{why['quarantined']}, {number(told['refused'], 'en')} refused{why['refused']}"
    )


def _posts_in_french(told: Mapping[str, Any], why: Mapping[str, str]) -> str:
    return (
        f"{french(told['accepted'], 'nouvelle publication')}, "
        f"{french(told['updated'], 'mise à jour', 'mises à jour')}, "
        f"{french(told['duplicate'], 'connue')}, {french(told['quarantined'], 'écartée')}{why['quarantined']}, "
        f"{french(told['refused'], 'refusée')}{why['refused']}"
    )


def _listed(counts: Mapping[str, int], language: str) -> str:
    """`` (reason 2, other 1)``, the commonest first; nothing where there is nothing to say."""
    shown = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return (
        f" ({', '.join(f'{_words(reason, language)} {number(n, language)}' for reason, n in shown)})" if shown else ""
    )


def _words(reason: str, language: str) -> str:
    """The reason as people read it; a field keeps its name."""
    if reason in _REFUSALS:
        return _REFUSALS[reason][language == "fr"]
    field, colon, what = reason.partition(": ")
    if language != "fr":
        return reason
    return f"{field} : {_FRENCH.get(what, what)}" if colon else _FRENCH.get(reason) or in_french(reason)
