"""The capture vault: by which words it names somebody, and the vault without them."""

from __future__ import annotations

import shutil

import orjson

from flows.erasing.person import Person
from flows.erasing.state import domains
from flows.job import Job
from passerelle.erased import erased_token
from passerelle.files import write_whole
from passerelle.replacing import put_in_place
from passerelle.vault import Vault
from spiders.collecting.masking import is_distinct, is_telling
from spiders.forgetting import Forgetting, learn_vault, write_without

LEDGER = "erased.json"
"""In the vault's folder: by token, the runs that were recorded before that person was erased."""


def learn_words(job: Job, person: Person) -> Forgetting:
    """Read the whole vault for the words by which it names them, and add these to `person`."""
    hide = job.pseudonyms

    def token_of(identity: str) -> str | None:
        account_id = hide.account(identity)
        return erased_token(hide.key, account_id) if account_id in person.account_ids else None

    found = Forgetting(token_of, domains(job.lake), job.campaign.folded_hashtags)
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


def erase_vault(job: Job, forgetting: Forgetting) -> int:
    """Write the vault anew without them. Returns how many runs are others now."""
    vault = job.lake.vault
    if not vault.is_dir() or not forgetting.traces:
        return 0
    draft = job.lake.drafts / "vault"
    shutil.rmtree(draft, ignore_errors=True)
    changed = write_without(Vault(vault), draft, forgetting)
    ledger = read_ledger(job)
    runs = [info.run_id for info in Vault(vault).runs()]
    for traces in forgetting.traces.values():
        ledger[traces.token] = sorted({*ledger.get(traces.token, []), *runs})
    write_whole(draft / LEDGER, orjson.dumps(ledger, option=orjson.OPT_SORT_KEYS))
    if changed:
        put_in_place(draft, vault)
    else:
        shutil.rmtree(draft)
        write_whole(vault / LEDGER, orjson.dumps(ledger, option=orjson.OPT_SORT_KEYS))
    return len(changed)


def read_ledger(job: Job) -> dict[str, list[str]]:
    """By token, the runs that were recorded before that person was erased."""
    path = job.lake.vault / LEDGER
    return {str(key): list(runs) for key, runs in orjson.loads(path.read_bytes()).items()} if path.exists() else {}
