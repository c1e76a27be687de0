"""Who objected is taken out of each answer before it is kept, and out of the state that a crawl leaves."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from passerelle.erased import barred_token, names_nobody, tokens_in
from passerelle.vault import Attempt
from spiders.asking.run import Run
from spiders.collecting.forgetting import Forgetting
from spiders.collecting.forgotten import without_people
from spiders.collecting.shape import Platform


def barring(run: Run, kind: type[Platform], domain: str) -> Callable[[Attempt], Attempt]:
    """Takes those who objected out of the answers of a live run; what a replay gives is as it was kept."""
    hide, blocks, name = run.pseudonyms, run.blocks, run.server.kind
    if run.tape.replaying or hide is None or not len(blocks):
        return lambda attempt: attempt

    def token_of(identity: str, names: Collection[str]) -> str | None:
        account_id = hide.account(identity)
        handles = [form for name in names for form in (f"{run.server.kind}:@{name}", f"@{name}")]
        is_theirs = account_id in blocks or any(hide.handle(handle) in blocks for handle in handles)
        return barred_token(hide.key, account_id) if is_theirs else None

    people = Forgetting(token_of, {run.source: domain} if domain else {}, run.campaign.folded_hashtags, {name: kind})

    def without(attempt: Attempt) -> Attempt:
        people.learn(name, run.source, attempt)
        told = people.without(name, run.source, attempt)
        return replace(told, url=attempt.url, fingerprint=attempt.fingerprint)

    return without


def state_kept(run: Run, state: Mapping[str, Any]) -> dict[str, Any]:
    """A crawl state without those who objected or were erased, whoever of them a crawl or a replay went on from."""
    hide = run.pseudonyms
    return without_people(
        state,
        lambda identity: names_nobody(identity) or run.is_absent(identity),
        lambda uri: names_nobody(uri) or (hide is not None and hide.post(uri) in run.blocks),
        names_nobody,
    )


def state_handed_on(state: Mapping[str, Any], run_id: str, erased: Mapping[str, Collection[str]]) -> dict[str, Any]:
    """The state that a replayed run begins from: without those who had been erased when it was recorded.

    `erased` tells by token which runs were recorded before that.
    """

    def was_gone(text: str) -> bool:
        return any(run_id not in erased[token] for token in tokens_in(text) if token in erased)

    return without_people(state, was_gone, was_gone, was_gone)
