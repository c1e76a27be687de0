"""Reasons of the archives' readers in French: the tables keep them in English, people read both."""

from __future__ import annotations

import re
from functools import reduce

_WHOLE = {
    "not valid JSON": "JSON incorrect",
    "no JSON object": "pas un objet JSON",
    "a field is not of the expected kind": "un champ n'est pas du type attendu",
    "quotes that do not pair": "guillemets non appariés",
    "bytes that are not UTF-8": "octets qui ne sont pas de l'UTF-8",
    "cells are missing, and the next line begins no row": "cellules manquantes, et la ligne suivante n'en est pas une",
    "answers a row that cannot be read": "répond à une ligne illisible",
    "no RSS or Atom": "ni RSS ni Atom",
    "empty file": "fichier vide",
    "no known archive format": "format d'archive inconnu",
    "file": "fichier",
}
_PARTS = (
    (r"'(.+)' cannot be read", r"« \1 » illisible"),
    (r"field '(.+)' is missing", r"le champ « \1 » manque"),
    (r"'(.+)' was rounded by a spreadsheet or a program", r"« \1 » a été arrondi par un tableur ou un programme"),
    (r"'(.+)' holds a list", r"« \1 » contient une liste"),
    (r"'(.+)' holds a spreadsheet's error", r"« \1 » contient une erreur de tableur"),
    (r"'(.+)' is empty", r"« \1 » est vide"),
    (r"'(.+)' was deleted", r"« \1 » a été supprimé"),
    (r"'(.+)' was removed by moderators", r"« \1 » a été retiré par la modération"),
    (r"'(.+)' names the post itself", r"« \1 » désigne la publication elle-même"),
    (r"'(.+)' names no server \(user@server\)", r"« \1 » ne nomme pas de serveur (nom@serveur)"),
    (r"'(.+)' is an hour that does not exist in its time zone", r"« \1 » : heure qui n'existe pas dans son fuseau"),
    (r"'(.+)' is an hour that comes twice in its time zone", r"« \1 » : heure qui revient deux fois dans son fuseau"),
    (r"'(.+)' has a zone whose name is not clear", r"« \1 » : nom de fuseau incertain"),
    (r"'(.+)' says how long ago, not when", r"« \1 » dit depuis quand, et non quand"),
    (r"(\d+) cells where the header has (\d+)", r"\1 cellules là où l'en-tête en a \2"),
    (r"line (\d+)(.*)", r"ligne \1\2"),
    (r"object (\d+)(.*)", r"objet \1\2"),
)
_INSIDE = ((", object ", ", objet "), (", row ", ", rangée "), (", comment ", ", commentaire "))


def in_french(reason: str) -> str:
    """A reason or a place in French; as it is where it is none of ours."""
    if reason in _WHOLE:
        return _WHOLE[reason]
    for pattern, french in _PARTS:
        if found := re.fullmatch(pattern, reason):
            told = found.expand(french)
            return reduce(lambda text, pair: text.replace(*pair), _INSIDE, told) if "»" not in told else told
    return reason
