"""What is written where nothing is meant: the examples that we show, texts of older templates, TODO and its like."""

from __future__ import annotations

import re
import unicodedata

KEYS = ("purpose", "legal_basis", "retention_days", "contact")
EXAMPLES = {
    "purpose": (
        "Mesurer par quels liens [quelle aide] circule sous #[mot-dièse], pour [quelle étude], par [quel organisme]",
        "To measure through which ties [what help] travels under #[hashtag], for [which study], by [whom]",
    ),
    "legal_basis": (
        "article 6(1)(e) RGPD : mission d'intérêt public de [organisme], fondée sur [texte]",
        "article 6(1)(f) GDPR: legitimate interest of [whom] in [what], balanced on [date]",
    ),
    "contact": ("dpo@[votre organisme].fr", "https://[your organisation].org/opt-out"),
}
"""An example a language; the gaps in brackets are what has to be written."""
IN_ENGLISH = {
    "purpose": "what these data serve to find out, for whom (a sentence)",
    "legal_basis": "the article of the GDPR and what makes it apply",
    "retention_days": "after how many days rows are deleted",
    "contact": "an address that is read, or the https page, where people object",
}
IN_FRENCH = {
    "purpose": "ce que ces données servent à savoir, et pour qui (une phrase)",
    "legal_basis": "l'article du RGPD et ce qui permet de s'y appuyer",
    "retention_days": "au bout de combien de jours les lignes sont effacées",
    "contact": "une adresse qui est lue, ou la page https, où l'on peut s'opposer",
}
# what `init` wrote before it left these empty
_OF_OLD = {
    "purpose": (
        "Mesurer par quels liens l'entraide pour l'emploi circule sous un mot-dièse public",
        "Mesurer par quels liens l'aide à la création d'entreprise circule sous un mot-dièse public",
        "Mesurer par quels liens les mises en relation commerciales circulent sous un mot-dièse public",
        "Mesurer par quels liens le soutien à une réputation circule sous un mot-dièse public",
    ),
    "legal_basis": ("article 6(1)(f) RGPD / GDPR : intérêt légitime, recherche / legitimate interest, research",),
    "contact": (),
}
_NAMES = {
    "purpose": ("purpose", "finalité", "the purpose", "la finalité"),
    "legal_basis": ("legal basis", "base légale", "the legal basis", "gdpr", "rgpd"),
    "contact": ("contact", "dpo", "email", "e-mail", "mail", "adresse"),
}
_NOTHING = frozenset(("none", "null", "nil", "na", "aucun", "aucune", "neant", "vide", "empty", "test", "essai"))
_ANYWHERE = re.compile(r"\b(?:todos?|tbd|tba|fixme|x{3,}|lorem ipsum|change ?me|placeholder|a completer|a remplir)\b")
_WHOLE = re.compile(
    r"(?:(?:a|to be) (?:definir|preciser|renseigner|completed|defined|filled(?: in)?|determined|specified|written)"
    r"|fill (?:me|this|it)? ?in|(?:write|insert|put|ecrivez|ecrire|inserer|mettre)\b.{0,60}\b(?:here|ici)"
    r"|(?:your|votre|vos) .{0,40}|(?:asdf|azerty|qwerty)\w*)"
)
_GAPS = re.compile(r"\[(?!\s*(?:at|dot|arobase|point|a|@)\s*\])[^\]]*\]|\{[^}]*\}|<(?![^<>@]+@[^<>@]+>)[^<>]*>|_{3,}")


def is_unwritten(key: str, text: str) -> bool:
    """Whether `text` is no answer to `key`: an example, an older template's text, a gap, or a word such as TODO."""
    plain = _folded(text)
    known = (*EXAMPLES[key], *_OF_OLD[key])
    return bool(
        _GAPS.search(text)
        or _ANYWHERE.search(plain)
        or _WHOLE.fullmatch(plain)
        or plain.replace(" ", "") in _NOTHING
        or plain in map(_folded, _NAMES[key])
        or any(_folded(example) in plain for example in known)
    )


def _folded(text: str) -> str:
    """Letters and digits alone, without case, width or accents, one space between words."""
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(re.findall(r"\w+", "".join(sign for sign in bare if not unicodedata.combining(sign))))
