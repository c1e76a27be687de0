"""The indicators as a table of the data dictionary, from their catalogue."""

from __future__ import annotations

from transforms.indicators.catalogue import INDICATORS, Indicator

HEAD = {
    "en": (
        "## Indicators\n\nWhat `weekly_indicators` may hold in `indicator` and `stratum`, made from"
        " `transforms/indicators/catalogue.py`; with several platforms a stratum may begin with one of them."
        " Formulas and sources are in [methods.md](methods.md).\n\n"
        "| indicator | name | kind | of | strata | public edition |\n| --- | --- | --- | --- | --- | --- |\n"
    ),
    "fr": (
        "## Indicateurs\n\nCe que `weekly_indicators` peut contenir dans `indicator` et `stratum`, tiré de"
        " `transforms/indicators/catalogue.py` ; s'il y a plusieurs plateformes, une strate peut commencer par l'une"
        " d'elles. Les formules et les sources sont dans [methods.md](methods.md).\n\n"
        "| indicateur | nom | nature | de | strates | édition publique |\n| --- | --- | --- | --- | --- | --- |\n"
    ),
}
FRENCH = {
    "count": "effectif",
    "share": "part",
    "hours": "durée",
    "index": "indice",
    "mean": "moyenne",
    "log_ratio": "log de rapport",
    "difference": "différence",
    "number": "nombre",
    "posts": "publications",
    "episodes": "épisodes",
    "pairs": "paires",
    "persons": "personnes",
    "mentions": "mentions",
    "ties": "liens",
    "acts": "actes",
    "triples": "triplets",
    "steps": "pas",
    "accounts": "comptes",
    "groups": "groupes",
}
RULES = {
    "few": ("masked under k", "masqué sous k"),
    "few_of_share": ("masked where its cases or its numerator are under k", "masqué si les cas ou le numérateur < k"),
    "few_of_cases": ("masked where it rests on fewer than k", "masqué s'il repose sur moins de k"),
    "sums": ("masked where a small number could be worked out", "masqué si un petit nombre s'en déduirait"),
    "told": ("told", "dit"),
}


def indicators(language: str) -> str:
    """The section as Markdown, in ``en`` or ``fr``."""
    return HEAD[language] + "".join(_row(one, language) for one in INDICATORS)


def _row(one: Indicator, language: str) -> str:
    strata = ", ".join(f"`{stratum}`" for stratum in one.strata)
    kind, unit = one.kind.replace("_", " "), one.unit
    if language == "fr":
        kind, unit = FRENCH[one.kind], FRENCH.get(one.unit, one.unit)
    rule = RULES[one.disclosure][language == "fr"]
    return f"| `{one.name}` | {one.label(language)} | {kind} | {unit} | {strata} | {rule} |\n"
