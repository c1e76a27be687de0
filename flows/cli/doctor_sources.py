"""What `passerelle doctor` says of the campaign's sources: each is asked for one page, as a collection would ask."""

from __future__ import annotations

import os
from collections.abc import Iterator

from passerelle.campaign import Campaign, Source
from passerelle.platforms import PLATFORMS
from passerelle.wording import english, french

Finding = tuple[bool, str, str]
_OFFERS = {
    "thread": ("threads", "fils de discussion"),
    "engagement": ("who reposted", "qui a repartagé"),
    "acts": ("times of reposts", "dates des repartages"),
    "quotes": ("quotes", "citations"),
    "history": ("people's history", "historique des personnes"),
}


def source_findings(campaign: Campaign) -> Iterator[Finding]:
    """A line for each token, then one for what each source answered, with what it offers and what it does not."""
    for source in campaign.sources:
        if source.token_variable:
            there = bool(os.environ.get(source.token_variable))
            state_en, state_fr = ("set", "défini") if there else ("not set", "non défini")
            yield there, f"token ${source.token_variable} is {state_en}", f"jeton ${source.token_variable} {state_fr}"
            if not there:
                continue  # it cannot be asked
        yield _tried(campaign, source)


def _tried(campaign: Campaign, source: Source) -> Finding:
    from flows.trial import try_source

    found, tag = try_source(campaign, source), campaign.hashtags[0].lstrip("#")
    if found.en:
        names_it = found.en.startswith(source.host)
        return (
            False,
            found.en if names_it else f"{source.host}: {found.en}",
            (found.fr if names_it else f"{source.host} : {found.fr}"),
        )
    en, fr = _offers(source.kind)
    return (
        True,
        f"{source.host}: {english(found.num_posts, 'post')} on the first page of #{tag}; {en}",
        f"{source.host} : {french(found.num_posts, 'publication')} sur la première page de #{tag} ; {fr}",
    )


def _offers(kind: str) -> tuple[str, str]:
    """In English and French, what a platform shows beside the posts of a hashtag, and what it does not."""
    from spiders.offered import offered

    has = offered(kind)
    yes = [word for offer, word in _OFFERS.items() if offer in has]
    no = [word for offer, word in _OFFERS.items() if offer not in has]
    en = f"it shows {', '.join(word for word, _ in yes) or 'nothing else'}"
    fr = f"on y voit aussi : {', '.join(word for _, word in yes) or 'rien d’autre'}"
    if no:
        en += f"; not {', '.join(word for word, _ in no)}"
        fr += f" ; pas : {', '.join(word for _, word in no)}"
    if any(PLATFORMS[kind].lacks):
        en, fr = f"{en}; {PLATFORMS[kind].lacks[0]}", f"{fr} ; {PLATFORMS[kind].lacks[1]}"
    return en, fr
