"""What is wrong with a value of the campaign file, in plain English and French; pydantic speaks English only."""

from __future__ import annotations

from pydantic_core import ErrorDetails

_SAYINGS = {
    "hashtag": (
        "'{tag}' is no hashtag: 1 to 100 letters, digits or _",
        "« {tag} » n'est pas un mot-dièse : de 1 à 100 lettres, chiffres ou _",
    ),
    "host": (
        "'{host}' is no public host name such as social.example",
        "« {host} » n'est pas un nom d'hôte public, comme social.example",
    ),
    "budget": (
        "{kind} has no budget '{name}'; there are: {known}",
        "{kind} n'a pas de budget « {name} » ; il y a : {known}",
    ),
    "time_zone": (
        "'{name}' is no IANA time zone such as Europe/Paris",
        "« {name} » n'est pas un fuseau IANA, comme Europe/Paris",
    ),
    "time_format": (
        "'{form}' is no time format: write iso, unix, unix_ms, or a pattern such as %d/%m/%Y %H:%M (%I with %p)",
        "« {form} » n'est pas un format de date : écrivez iso, unix, unix_ms ou un motif (%d/%m/%Y %H:%M ; %I avec %p)",
    ),
    "encoding": (
        "'{name}' is no character set such as utf-8 or cp1252",
        "« {name} » n'est pas un jeu de caractères, comme utf-8 ou cp1252",
    ),
    "string_pattern_mismatch": (
        "write 1 to 63 of a to z, 0 to 9, - and _, a letter or digit first",
        "écrivez de 1 à 63 signes parmi a à z, 0 à 9, - et _, d'abord une lettre ou un chiffre",
    ),
    "literal_error": ("write {expected}", "écrivez {expected}"),
    "string_too_short": ("write at least {min_length} characters", "écrivez au moins {min_length} caractères"),
    "too_short": ("give at least {min_length}", "donnez-en au moins {min_length}"),
    "greater_than_equal": ("it must be {ge} or more", "il faut {ge} ou plus"),
    "greater_than": ("it must be more than {gt}", "il faut plus de {gt}"),
    "less_than_equal": ("it must be {le} or less", "il faut {le} ou moins"),
    "int_parsing": ("a whole number is needed", "il faut un nombre entier"),
    "int_from_float": ("a whole number is needed", "il faut un nombre entier"),
    "int_type": ("a whole number is needed", "il faut un nombre entier"),
    "float_parsing": ("a number is needed", "il faut un nombre"),
    "float_type": ("a number is needed", "il faut un nombre"),
    "bool_parsing": ("write true or false", "écrivez true ou false"),
    "bool_type": ("write true or false", "écrivez true ou false"),
    "string_type": ("a text in quotes is needed", "il faut un texte entre guillemets"),
    "path_type": ("a path in quotes is needed", "il faut un chemin entre guillemets"),
    "tuple_type": ("a list is needed", "il faut une liste"),
    "dict_type": ("a table is needed", "il faut une table"),
    "model_type": ("a table is needed", "il faut une table"),
    "timezone_aware": (
        "a moment with its zone is needed, such as 2026-11-23T06:00:00+01:00",
        "il faut un moment avec son fuseau, comme 2026-11-23T06:00:00+01:00",
    ),
    "datetime_type": (
        "a moment is needed, such as 2026-11-23T06:00:00+01:00",
        "il faut un moment, comme 2026-11-23T06:00:00+01:00",
    ),
    "datetime_from_date_parsing": (
        "a moment is needed, such as 2026-11-23T06:00:00+01:00",
        "il faut un moment, comme 2026-11-23T06:00:00+01:00",
    ),
}


def reason(error: ErrorDetails) -> tuple[str, str]:
    """English and French; pydantic's own words in both for a kind of error that has none here."""
    if error["type"] not in _SAYINGS:
        return error["msg"], error["msg"]
    en, fr = _SAYINGS[error["type"]]
    facts = {name: str(value) for name, value in error.get("ctx", {}).items()}
    in_french = {name: value.replace(" or ", " ou ") for name, value in facts.items()}
    return en.format(**facts), fr.format(**in_french)
