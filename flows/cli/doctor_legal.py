"""What `passerelle doctor` says of the legal gate."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from passerelle.campaign import Campaign

Finding = tuple[bool, str, str]


def legal_findings(campaign: Campaign, file: Path) -> Iterator[Finding]:
    """One finding for each question that the campaign file leaves open; one for all where it answers them."""
    from passerelle.legal import IN_ENGLISH, IN_FRENCH, KEYS, legal_faults, place

    faults = legal_faults(campaign)
    for fault in faults:
        en, fr = place(campaign, file, fault)
        yield (
            False,
            f"{en} {fault.en}: write {IN_ENGLISH[fault.key]}",
            f"{fr} {fault.fr} : écrivez {IN_FRENCH[fault.key]}",
        )
    if not faults:
        told = ", ".join(KEYS)
        yield True, f"{told}: written; a lawyer or DPO reads them", f"{told} : écrits ; à relire par un juriste ou DPO"
