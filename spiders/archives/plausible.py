"""Whether the values of a mapping look right as a whole: a wrong column is refused, not landed row by row."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path

from passerelle.campaign import Mapping
from passerelle.errors import UsageError
from passerelle.records import PostRecord
from spiders.archives.french import in_french

EARLY = 1_000
_POSTS = ("post", "reply_to", "root", "repost_of", "quote_of")
_PEOPLE = ("author", "reply_to_author", "repost_of_author", "quote_of_author")
_LONG, _FEW, _SOME, _MANY = 17, 3, 5, 10
_BEFORE_ALL = 1990
_MOJIBAKE = re.compile("Ã[\x80-\xbf©¨§ª´¼¶¤±®\xa0]|â€[™œ¦\x9d“”]|ðŸ|├[®⌐á¿¬ºí]|ÔÇÖ|√[©®®†¥]")


@dataclass(slots=True)
class _Ids:
    """The identifiers of one column: long ones, and how many of them end as a computer's number does when cut."""

    first: str = ""
    long: int = 0
    hundreds: int = 0
    thousands: int = 0
    as_float: int = 0
    uris: int = 0
    others: int = 0

    def note(self, value: str, where: str) -> None:
        self.first = self.first or where
        if "://" in value:
            self.uris += 1
            return
        digits = value.rpartition(":")[2]
        self.others += 1
        if len(digits) >= _LONG and digits.isdigit():
            self.long += 1
            self.hundreds += digits.endswith("00")
            self.thousands += digits.endswith("000")
            self.as_float += int(digits) == int(float(digits))

    def is_cut(self) -> bool:
        """Whether digits were lost: by chance one id in 100 ends in 00, one in 1,000 in 000, one in 128 is a float."""
        if self.thousands >= 2 and self.thousands > 0.2 * self.long:
            return True
        return (self.hundreds >= _FEW and self.hundreds > 0.5 * self.long) or (
            self.as_float >= _MANY and self.as_float > 0.95 * self.long
        )


@dataclass(slots=True)
class Authors:
    """How many posts of mapped files came, and whether more than one account wrote them."""

    posts: int = 0
    first: str = ""
    vary: bool = False
    shown: int = 0

    def note(self, post: PostRecord) -> None:
        """Count one post. A blank in an author's identity is one of a name as it is shown."""
        self.posts += 1
        self.shown += " " in post.author
        self.first = self.first or post.author
        self.vary = self.vary or post.author != self.first


@dataclass(slots=True)
class Watch:
    """Looks at every post that `mapping` gives of the file `path`; raises UsageError for what cannot be right."""

    path: Path
    mapping: Mapping
    posts: int = 0
    ids: dict[str, _Ids] = field(default_factory=dict)
    first: PostRecord | None = None
    ids_vary: bool = False
    times_vary: bool = False
    early: int = 0
    accented: int = 0
    garbled: int = 0
    repeats: int = 0
    without_id: int = 0
    scattered: int = 0
    _seen: dict[int, tuple[int, int]] = field(default_factory=dict)

    def note(self, post: PostRecord) -> None:
        """Look at one post."""
        self.posts += 1
        self.first = self.first or post
        self.ids_vary = self.ids_vary or post.post != self.first.post
        self.times_vary = self.times_vary or post.created_at != self.first.created_at
        self.early += post.created_at.year < _BEFORE_ALL
        for name in (*_POSTS, *_PEOPLE):
            if (value := getattr(post, name)) and "RT @" not in value:
                if name not in self.ids:
                    self.ids[name] = _Ids()
                self.ids[name].note(value, post.where)
        if not post.text.isascii():
            self.accented += 1
            self.garbled += _MOJIBAKE.search(post.text) is not None
        self.repeats += bool(post.repost_of)
        self.without_id += not post.repost_of and post.text.startswith("RT @")
        if self.mapping.mentions or self.mapping.hashtags:
            self._note_lists(post)
        if self.posts == EARLY:
            self._check_values()

    def _note_lists(self, post: PostRecord) -> None:
        """A post that comes again the same but for whom or what it names, not next to where it came before."""
        core = hash((post.author, post.created_at, post.text, post.reposts, post.favourites, post.repost_of))
        lists = hash((post.mentions, post.hashtags))
        before = self._seen.get(place := hash(post.post))
        self.scattered += before is not None and before[0] == core and before[1] != lists
        self._seen[place] = core, lists
        if len(self._seen) > 100_000:
            del self._seen[next(iter(self._seen))]

    def check(self) -> None:
        """Raise UsageError, naming file and column, if what came cannot be what the mapping says."""
        self._check_values()
        m = self.mapping
        if self.posts >= _FEW and not self.ids_vary and m.post:
            raise self._wrong(
                m.post,
                "is the same in all rows; name the column of the post's id",
                "est partout la même ; nommez la colonne de l'identifiant",
            )
        if self.posts >= _MANY and not self.times_vary and self.first and self.first.created_at.time() != time.min:
            raise self._wrong(
                m.created_at,
                "says one moment in all rows; name the column of the post's time",
                "donne partout le même moment ; nommez la colonne de la date des publications",
            )
        if m.repost_of and not self.repeats and self.without_id >= _FEW:
            raise self._wrong(
                m.repost_of,
                "is empty in all rows that begin with RT @; leave it out of the mapping, or name the right one",
                "est vide dans toutes les lignes commençant par RT @ ; retirez-la de la correspondance, ou corrigez-la",
            )
        if self.scattered >= _FEW and self.scattered > 0.05 * self.posts:
            raise self._wrong(
                m.post,
                "comes again with other mentions or hashtags, in rows apart; sort the file by it, to have them joined",
                "revient avec d'autres mentions ou mots-dièse, dans des lignes éloignées ; triez le fichier selon elle",
            )
        self._check_kinds()

    def _check_values(self) -> None:
        for name, ids in self.ids.items():
            if ids.is_cut():
                raise self._wrong(
                    getattr(self.mapping, name) or name,
                    "holds ids cut to 15 or 17 digits by a spreadsheet or a program; export it again with ids as text",
                    "contient des identifiants tronqués à 15 ou 17 chiffres par un tableur ; exportez-les en texte",
                    ids.first,
                )
        if self.early >= _FEW and self.early > 0.5 * self.posts:
            raise self._wrong(
                self.mapping.created_at,
                f"is before {_BEFORE_ALL} in most rows; check time_format",
                f"est antérieure à {_BEFORE_ALL} dans la plupart des lignes ; vérifiez time_format",
            )
        if self.garbled >= _FEW and self.garbled > 0.5 * self.accented:
            raise self._wrong(
                self.mapping.text or "text",
                "is UTF-8 that was read as something else (Ã©); save the file anew, as UTF-8, or say misread_as in the "
                "mapping (latin-1 for what Facebook gives)",
                "est de l'UTF-8 lu dans un autre encodage (Ã©) ; réenregistrez le fichier en UTF-8, ou précisez "
                "misread_as (latin-1 pour les exports de Facebook) dans la correspondance",
            )

    def _check_kinds(self) -> None:
        """Relations must name posts as the posts name themselves: addresses by addresses, ids by ids."""
        own = self.ids.get("post", _Ids())
        for name in _POSTS[1:] if not self.mapping.answers else ():
            ids = self.ids.get(name, _Ids())
            total = ids.uris + ids.others
            strange = ids.others if own.uris > own.others else ids.uris
            column = getattr(self.mapping, name)
            if (
                column
                and self.mapping.post
                and total >= _FEW
                and strange > 0.9 * total
                and min(own.uris, own.others) < 0.1 * self.posts
            ):
                raise self._wrong(
                    column,
                    f"names posts unlike '{self.mapping.post}' (address or id); map columns of one kind",
                    f"ne désigne pas les publications comme « {self.mapping.post} » ; prenez-en de même nature",
                    ids.first,
                )

    def _wrong(self, column: str, en: str, fr: str, where: str = "") -> UsageError:
        at = f", {where}" if where else ""
        endroit = f", {in_french(where)}" if where else ""
        return UsageError(
            en=f"{self.path}{at}: column '{column}' {en}; nothing was imported",
            fr=f"{self.path}{endroit} : la colonne « {column} » {fr} ; rien n'a été importé",
        )


def check_authors(authors: Authors, mapping: Mapping, paths: str) -> None:
    """Raise UsageError if all posts are by one account, though the mapping does not say that this is so."""
    if authors.posts >= _SOME and not authors.vary and mapping.author and not mapping.one_author:
        raise UsageError(
            en=f"{paths}: column '{mapping.author}' names one and the same author in all {authors.posts} rows; "
            "name the author's column, or say one_author = true in the mapping; nothing was imported",
            fr=f"{paths} : la colonne « {mapping.author} » nomme un seul auteur dans les {authors.posts} lignes ; "
            "nommez la colonne de l'auteur, ou écrivez one_author = true dans la correspondance ; rien n'a été importé",
        )


def check_order(path: Path, mapping: Mapping, exchanged: int, settled: int) -> None:
    """Raise UsageError where times are there that only fit with day and month exchanged."""
    if exchanged:
        en = "some rows only fit the other way round" if settled else "rows fit only with day and month exchanged"
        fr = "des lignes ne se lisent que dans l'autre sens" if settled else "le jour et le mois sont inversés"
        raise UsageError(
            en=f"{path}: column '{mapping.created_at}' does not fit time_format {mapping.time_format!r}: {en} "
            f"({exchanged}); correct it; nothing was imported",
            fr=f"{path} : la colonne « {mapping.created_at} » ne suit pas time_format {mapping.time_format!r} : {fr} "
            f"({exchanged}) ; corrigez-le ; rien n'a été importé",
        )
