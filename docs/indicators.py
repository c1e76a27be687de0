"""The indicators as tables of the data dictionary and of the methods, from their catalogue."""

from __future__ import annotations

from transforms.indicators.catalogue import INDICATORS, Indicator
from transforms.report.lines import TOLD

HEAD = {
    "en": (
        "## Indicators\n\nWhat `weekly_indicators` may hold in `indicator` and `stratum`, made from"
        " `transforms/indicators/catalogue/`; with several platforms a stratum may begin with one of them."
        " Formulas and sources are in [methods.md](methods.md).\n\n"
        "| indicator | name | what it tells | kind | of | strata | public edition |\n"
        "| --- | --- | --- | --- | --- | --- | --- |\n"
    ),
    "fr": (
        "## Indicateurs\n\nCe que `weekly_indicators` peut contenir dans `indicator` et `stratum`, tiré de"
        " `transforms/indicators/catalogue/` ; s'il y a plusieurs plateformes, une strate peut commencer par l'une"
        " d'elles. Les formules et les sources sont dans [methods.md](methods.md).\n\n"
        "| indicateur | nom | ce qu'il dit | nature | de | strates | édition publique |\n"
        "| --- | --- | --- | --- | --- | --- | --- |\n"
    ),
}
FRENCH = {
    "count": "effectif",
    "share": "part",
    "time": "durée",
    "hours": "heures",
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
BEGIN, END = "<!-- indicators: begin -->", "<!-- indicators: end -->"
METHODS_HEAD = (
    "| indicator (strata) | value | unit | how sure | source; deviation | computed in |\n|---|---|---|---|---|---|\n"
)
PUBLIC = {"all": ("from rounded counts", "d'effectifs arrondis"), "none": ("not told", "non dit")}


def indicators(language: str) -> str:
    """The section as Markdown, in ``en`` or ``fr``."""
    return HEAD[language] + "".join(_row(one, language) for one in INDICATORS)


def _row(one: Indicator, language: str) -> str:
    strata = ", ".join(f"`{stratum}`" for stratum in one.strata)
    kind, unit = one.kind.replace("_", " "), one.unit
    if language == "fr":
        kind, unit = FRENCH[one.kind], FRENCH.get(one.unit, one.unit)
    words = f"{one.label(language)} | {one.sentence(language)}"
    return f"| `{one.name}` | {words} | {kind} | {unit} | {strata} | {_public(one, language)} |\n"


def _public(one: Indicator, language: str) -> str:
    """What everybody is told of it: all strata, some of them by name, or nothing."""
    told = [stratum for stratum in one.strata if (one.name, stratum) in TOLD]
    said = PUBLIC["all" if told else "none"][language == "fr"]
    return said if not told or len(told) == len(one.strata) else f"{said} ({', '.join(f'`{name}`' for name in told)})"


def methods(page: str) -> str:
    """The page of the methods with the table of its indicators as the catalogue has it."""
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n{METHODS_HEAD}{''.join(map(_method, INDICATORS))}{END}{after}"


def _method(one: Indicator) -> str:
    strata = "" if one.strata == ("all",) else f" ({', '.join(f'`{stratum}`' for stratum in one.strata)})"
    unit = one.unit if one.kind in ("count", "mean", "number", "time") else one.kind.replace("_", " ")
    place = f"{one.formula.__module__.removeprefix('transforms.indicators.')}.{one.formula.__qualname__}"
    return f"| `{one.name}`{strata} | {one.value} | {unit} | {one.sure} | {one.source} | `{place}` |\n"
