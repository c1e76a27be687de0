"""What `passerelle doctor` says of the pseudonym key."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from passerelle.errors import PasserelleError

if TYPE_CHECKING:
    from passerelle.campaign import Campaign
    from passerelle.keys import FoundKey
    from passerelle.lake import Lake


def key_finding(lake: Lake, campaign: Campaign) -> tuple[bool, str, str]:
    """Whether the key of `lake` is there and safe, and what to do, in English and in French; nothing is made."""
    from passerelle.keys import find_key, is_embedded, must_have_key

    try:
        found = find_key(lake, campaign)
        if found is None:
            must_have_key(lake, campaign)
            return _yet_to_be_made(campaign)
    except PasserelleError as error:
        return False, error.en, error.fr
    if is_embedded(campaign):
        return (
            True,
            "pseudonym key: public, as its people are invented",
            "clé des pseudonymes : publique (tout est inventé)",
        )
    return _found(lake, campaign, found)


def _found(lake: Lake, campaign: Campaign, found: FoundKey) -> tuple[bool, str, str]:
    from passerelle.key_files import fingerprint, kept_file

    path = Path(found.place)
    if path.exists() and path.stat().st_mode & 0o077:
        return (
            False,
            f"{path}: others can read this pseudonym key; chmod 600 {path}",
            f"{path} : d'autres peuvent lire cette clé de pseudonymes ; chmod 600 {path}",
        )
    if path == lake.key_file:
        move = f"mkdir -p {(to := kept_file(campaign.name, fingerprint(found.pseudonyms))).parent} && mv {path} {to}"
        return (
            True,
            f"pseudonym key: inside the lake, as it used to be; move it out and keep a copy: {move}",
            f"clé des pseudonymes : dans le lac, comme autrefois ; sortez-la et gardez-en une copie : {move}",
        )
    return (
        True,
        f"pseudonym key: {found.place}; keep a copy elsewhere: without it nothing can be added to {lake.root}",
        f"clé des pseudonymes : {found.place} ; gardez-en une copie, sans elle rien ne peut être ajouté à {lake.root}",
    )


def _yet_to_be_made(campaign: Campaign) -> tuple[bool, str, str]:
    from passerelle.key_files import keys_folder

    place = campaign.key_file or keys_folder()
    return (
        True,
        f"pseudonym key: the first collection makes it ({place}); keep a copy of it elsewhere",
        f"clé des pseudonymes : créée à la première collecte ({place}) ; gardez-en une copie ailleurs",
    )
