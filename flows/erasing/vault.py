"""The capture vault: by which words it names somebody, and the vault without them."""

from __future__ import annotations

import shutil
from collections.abc import Collection

from flows.erasing.person import Person
from flows.erasing.state import domains
from flows.job import Job
from passerelle import clock
from passerelle.erased import erased_token
from passerelle.replacing import put_in_place
from passerelle.vault import Vault, keep_erased, read_erased
from spiders.collecting.forgetting import Forgetting
from spiders.collecting.masking import is_distinct, is_telling
from spiders.forgetting import forgetting, learn_vault, write_without


def learn_words(job: Job, person: Person) -> Forgetting:
    """Read the whole vault for the words by which it names them, and add these to `person`."""
    hide = job.pseudonyms

    def token_of(identity: str, names: Collection[str]) -> str | None:
        account_id = hide.account(identity)
        return erased_token(hide.key, account_id) if account_id in person.account_ids else None

    found = forgetting(token_of, domains(job.lake), job.campaign.folded_hashtags)
    for identity in sorted(person.identities):
        found.know(identity)
    if job.lake.vault.is_dir():
        learn_vault(Vault(job.lake.vault), found)
    for identity, traces in found.traces.items():
        person.identities.add(identity)
        names = {name for name in traces.names if is_distinct(name)}
        person.shown |= {name for name in traces.shown if is_telling(name)}
        person.words |= traces.strong | traces.urls | names | person.shown
        person.link_ids |= {hide.link(url) for one in traces.urls | traces.links for url in (one, one.rstrip("/"))}
        person.post_ids |= {hide.post(url) for url in traces.links}
    return found


def erase_vault(job: Job, people: Forgetting) -> int:
    """Write the vault anew without them. Returns how many runs are others now."""
    vault = job.lake.vault
    if not vault.is_dir() or not people.traces:
        return 0
    _give_up(job)
    draft = job.lake.drafts / "vault"
    shutil.rmtree(draft, ignore_errors=True)
    changed = write_without(Vault(vault), draft, people)
    erased, runs = read_erased(vault), [info.run_id for info in Vault(vault).runs()]
    for traces in people.traces.values():
        erased[traces.token] = [*erased.get(traces.token, []), *runs]
    if changed:
        keep_erased(draft, erased)
        put_in_place(draft, vault)
    else:
        shutil.rmtree(draft)
    return len(changed)


def _give_up(job: Job) -> None:
    """End the runs that were cut: what they would go on with is another thing now."""
    vault = Vault(job.lake.vault)
    for source in {info.source for info in vault.runs()}:
        for info in vault.cut_runs(source):
            vault.give_up(info, clock.now())
