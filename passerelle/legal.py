"""The legal gate: nobody's data are taken in under a purpose, a basis, a retention or a contact that nobody wrote.

`passerelle init` leaves the four empty. Empty values, examples, the texts that templates used to hold and words such as
TODO are no answers, and neither is a contact that reaches nobody. Whether the answers are good, a lawyer says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from passerelle.campaign import Campaign
from passerelle.campaign.reading import place_of
from passerelle.errors import UsageError
from passerelle.hosts import is_loopback
from passerelle.keys import is_embedded
from passerelle.legal_words import EXAMPLES, IN_ENGLISH, IN_FRENCH, KEYS, is_unwritten

_MAIL = re.compile(r"[^\s@<>()]+@([^\s@<>(),;/]+)")
_PAGE = re.compile(r"https://([^\s/?#:@]+)(?![^\s/]*@)")
_RESERVED = re.compile(r"(?:^|\.)(?:example|invalid|localhost|local|test)$", re.I)  # RFC 2606 and 6761
_DOCUMENTED = re.compile(
    r"(?:^|\.)(?:ex[ae]mple|(?:your|my|votre|mon)?-?domain[e]?|your-?org(?:anisation)?)\.\w+$", re.I
)
_NOBODY = re.compile(r"(?:you|your[._-]?(?:name|e?mail)|votre[._-]?(?:nom|adresse)|name|nom|xxx+)$", re.I)
_LEAST_LETTERS = {"purpose": 10, "legal_basis": 3}


@dataclass(frozen=True, slots=True)
class Fault:
    """What one of the four keys lacks, in English and French. `is_name_only`: it is written, to a name reserved for
    documentation.
    """

    key: str
    en: str
    fr: str
    is_name_only: bool = False


def legal_faults(campaign: Campaign, *, is_on_this_machine: bool = False) -> list[Fault]:
    """What keeps the gate of `campaign` shut; nothing for the embedded campaign, whose people are invented.

    `is_on_this_machine`: whatever its sources are called, they are asked on this machine.
    """
    if is_embedded(campaign):
        return []
    found = [_text_fault(key, str(getattr(campaign, key))) for key in ("purpose", "legal_basis")]
    days = Fault("retention_days", "is empty", "est vide") if campaign.retention_days < 1 else None
    asks_nobody = is_on_this_machine or (bool(campaign.sources) and all(map(_is_nobodys, _hosts(campaign))))
    return [fault for fault in (*found, days, _contact_fault(campaign.contact, asks_nobody)) if fault]


def refuse_unread(
    campaign: Campaign, file: Path | None = None, *, asks: bool = True, is_on_this_machine: bool = False
) -> None:
    """Raises UsageError, one line for all that is missing, while the gate of `campaign` is shut.

    Where nobody is asked (`asks` false: files, recordings), a contact under a name reserved for documentation is not
    refused: `passerelle doctor` tells it.
    """
    faults = legal_faults(campaign, is_on_this_machine=is_on_this_machine)
    if faults := [fault for fault in faults if asks or not fault.is_name_only]:
        told = [(fault, *place(campaign, file, fault)) for fault in faults]
        english = "; ".join(f"{en} {fault.en}, write {IN_ENGLISH[fault.key]}" for fault, en, _ in told)
        french = " ; ".join(f"{fr} {fault.fr}, écrivez {IN_FRENCH[fault.key]}" for fault, _, fr in told)
        raise UsageError(
            en=f"nothing is taken in before the campaign file says why and for how long: {english}",
            fr=f"rien n'est pris avant que le fichier de campagne dise pourquoi et pour combien de temps : {french}",
        )


def place(campaign: Campaign, file: Path | None, fault: Fault) -> tuple[str, str]:
    """Where the key of `fault` stands, in English and French: its line, or the variable that says it."""
    en, fr = f"campaign {campaign.name}", f"campagne {campaign.name}"
    if file is not None and file.exists():
        en, fr = place_of(file, file.read_text("utf-8"), (fault.key,))
    return f"{en}: '{fault.key}'", f"{fr} : « {fault.key} »"


def _text_fault(key: str, text: str) -> Fault | None:
    letters = sum(sign.isalnum() for sign in text)
    if not letters:
        return Fault(key, "is empty", "est vide")
    if is_unwritten(key, text):
        return Fault(key, *_unwritten(text))
    if letters < _LEAST_LETTERS[key]:
        return Fault(key, f"says nothing ('{text[:40]}')", f"ne dit rien (« {text[:40]} »)")
    return None


def _contact_fault(text: str, asks_nobody: bool) -> Fault | None:
    """What is wrong with the place that people write to."""
    if not any(sign.isalnum() for sign in text):
        return Fault("contact", "is empty", "est vide")
    if is_unwritten("contact", text):
        return Fault("contact", *_unwritten(text))
    host = next((found[1].lower().rstrip(".>") for found in (_MAIL.search(text), _PAGE.search(text)) if found), "")
    if not host and not (re.search(r"\d", text) and len(text.split()) > 2):
        return Fault("contact", f"reaches nobody ('{text[:60]}')", f"ne mène à personne (« {text[:60]} »)")
    mail = _MAIL.search(text)
    if mail and _NOBODY.match(mail[0].partition("@")[0]):
        return Fault("contact", *_unwritten(text))
    if host.endswith(".test") and asks_nobody:
        return None
    if host and (_RESERVED.search(host) or _DOCUMENTED.search(host)):
        return Fault(
            "contact",
            f"reaches nobody: {host} is a name for examples",
            f"ne mène à personne : {host} est un nom d'exemple",
            is_name_only=True,
        )
    return None


def _unwritten(text: str) -> tuple[str, str]:
    shown = " ".join(text.split())[:60]
    return f"is still an example ('{shown}')", f"est encore un exemple (« {shown} »)"


def _hosts(campaign: Campaign) -> list[str]:
    return [re.sub(r":\d+$", "", source.host).strip("[]") for source in campaign.sources]


def _is_nobodys(host: str) -> bool:
    return is_loopback(host) or bool(_RESERVED.search(host))


__all__ = ["EXAMPLES", "IN_ENGLISH", "IN_FRENCH", "KEYS", "Fault", "legal_faults", "place", "refuse_unread"]
