"""Which secret key a lake's pseudonyms are made with.

A lake keeps the fingerprint of its key: another key, or none, is refused instead of giving everything a second
pseudonym. The key itself is looked for in ``$PASSERELLE_KEY`` (hexadecimal digits), in the file that the campaign's
`key_file` names, in the lake (where it was kept at first), and in the user's own folder of keys, in this order. The
embedded campaign has a key that everyone knows, and that serves it alone.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from passerelle.campaign import Campaign
from passerelle.errors import UsageError
from passerelle.identity import Pseudonyms
from passerelle.key_files import VARIABLE, fingerprint, kept_file, kept_key, keys_folder, make_key, parse_key, read_key
from passerelle.lake import CAMPAIGNS, Lake
from passerelle.private import close, is_open

EMBEDDED = CAMPAIGNS / "demo" / "campaign.toml"
PUBLIC_KEY = EMBEDDED.with_name("key")


@dataclass(frozen=True, slots=True)
class FoundKey:
    """A key, and where it was found: a file, or the name of a variable."""

    pseudonyms: Pseudonyms
    place: str


def study_key(lake: Lake, campaign: Campaign) -> Pseudonyms:
    """The key of `lake`, which `campaign` collects into; a lake that is still empty gets a new one.

    Raises UsageError where the lake was made with another key, or its key is missing.
    """
    found = find_key(lake, campaign) or _new_key(lake, campaign)
    _close(found.place)
    mine = fingerprint(found.pseudonyms)
    # where another process was quicker, with a key of its own, that one is the lake's
    return found.pseudonyms if lake.settle_key_fingerprint(mine) == mine else study_key(lake, campaign)


def _close(place: str) -> None:
    """Let a key's file be its owner's alone; somebody else's is left as it is, and told by `doctor`."""
    if not (path := Path(place)).is_file() or path == PUBLIC_KEY:
        return
    for one in (path, *([path.parent] if path.parent == keys_folder() else [])):
        if is_open(one):
            with suppress(PermissionError):
                close(one)


def find_key(lake: Lake, campaign: Campaign) -> FoundKey | None:
    """The key that fits `lake`, or None where there is none; nothing is made. Raises UsageError for another key."""
    if is_embedded(campaign):
        return _fitting(lake, FoundKey(read_key(PUBLIC_KEY), str(PUBLIC_KEY)))
    given = [_private(found) for found in _given(lake, campaign)]
    if lake.key_fingerprint() is None and len({found.pseudonyms for found in given}) > 1:
        raise _several(lake, given)
    found = given[0] if given else _kept(lake)
    return _fitting(lake, found) if found else None


def is_embedded(campaign: Campaign) -> bool:
    """Whether this is the embedded campaign of invented people, word for word."""
    return campaign.sha256 == hashlib.sha256(EMBEDDED.read_bytes()).hexdigest()


def must_have_key(lake: Lake, campaign: Campaign) -> None:
    """Raises UsageError where `lake` was begun, so that a new key would not do."""
    mark = lake.key_fingerprint()
    if mark is None and not lake.holds_pseudonyms():
        return
    path = campaign.key_file or (kept_file(campaign.name, mark) if mark else lake.key_file)
    known_en, known_fr = (f" (fingerprint {mark})", f" (empreinte {mark})") if mark else ("", "")
    raise UsageError(
        en=f"{lake.root}: the key{known_en} that it was made with is not on this machine; put your copy back as "
        f"{path}, or set ${VARIABLE}: without it nothing can be added here",
        fr=f"{lake.root} : la clé{known_fr} avec laquelle il a été constitué n'est pas sur cette machine ; remettez "
        f"votre copie dans {path}, ou définissez ${VARIABLE} : sans elle, rien ne peut être ajouté ici",
    )


def _given(lake: Lake, campaign: Campaign) -> Iterator[FoundKey]:
    """Keys that somebody put where they are on purpose; the first counts."""
    if text := os.environ.get(VARIABLE):
        yield FoundKey(parse_key(text, f"${VARIABLE}"), f"${VARIABLE}")
    for path in (campaign.key_file, lake.key_file):
        if path is not None and path.exists():
            yield FoundKey(read_key(path), str(path))


def _kept(lake: Lake) -> FoundKey | None:
    path = kept_key(mark) if (mark := lake.key_fingerprint()) else None
    return FoundKey(read_key(path), str(path)) if path else None


def _new_key(lake: Lake, campaign: Campaign) -> FoundKey:
    must_have_key(lake, campaign)
    pseudonyms, path = make_key(campaign.key_file, campaign.name)
    return _private(FoundKey(pseudonyms, str(path)))


def _fitting(lake: Lake, found: FoundKey) -> FoundKey:
    mark = lake.key_fingerprint()
    if mark in (None, fingerprint(found.pseudonyms)):
        return found
    raise UsageError(
        en=f"{lake.root} was made with another key (fingerprint {mark}) than that of {found.place}; give it its own "
        "key, or name another folder with --lake",
        fr=f"{lake.root} a été constitué avec une autre clé (empreinte {mark}) que celle de {found.place} ; donnez-lui "
        "la sienne, ou nommez un autre dossier avec --lake",
    )


def _private(found: FoundKey) -> FoundKey:
    if found.pseudonyms != read_key(PUBLIC_KEY):
        return found
    raise UsageError(
        en=f"{found.place}: this is the public key of the embedded campaign, which hides nobody; give this campaign a "
        "key of its own",
        fr=f"{found.place} : c'est la clé publique de la campagne fournie, qui ne cache personne ; donnez à cette "
        "campagne une clé à elle",
    )


def _several(lake: Lake, given: list[FoundKey]) -> UsageError:
    places = [found.place for found in given]
    return UsageError(
        en=f"{lake.root}: different keys in {' and '.join(places)}; give only the one that this lake was made with",
        fr=f"{lake.root} : clés différentes dans {' et '.join(places)} ; ne donnez que celle du lac",
    )
