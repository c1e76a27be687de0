"""Starting a live run, or taking up again one that was cut."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from passerelle import clock as clocks
from passerelle.campaign import Campaign, Source
from passerelle.errors import UsageError
from passerelle.hosts import base_url, is_loopback
from passerelle.lake import Lake
from passerelle.vault import RunInfo, Tape, Vault
from spiders.run import Run, new_run_id
from spiders.states import state_before


def live_run(
    campaign: Campaign,
    lake: Lake,
    host: str,
    *,
    run_id: str | None = None,
    clock: datetime | None = None,
    connect_to: str | None = None,
) -> Run:
    """A run against the network. A run of `host` that was cut is taken up again, with its name and clock."""
    server = _source(campaign, host)
    base_url(server.host)
    vault = Vault(lake.vault)
    cut = vault.unfinished(server.host)
    if cut is not None and run_id in (None, cut.run_id):
        info, now = cut, _clock_from(cut.clock) if clock else clocks.now
    else:
        begin = (clock.replace(tzinfo=clock.tzinfo or UTC) if clock else clocks.now()).astimezone(UTC)
        info = _new_info(campaign, lake, server.host, run_id or new_run_id(begin, server.host), begin)
        now = _clock_from(begin) if clock else clocks.now
        _refuse_twice(vault, info.run_id)
    recorded = vault.read(info) if cut is not None and info is cut else None
    return Run(
        lake_root=lake.root,
        run_id=info.run_id,
        source=server.host,
        server=server,
        campaign=campaign,
        clock=info.clock,
        now=now,
        tape=Tape(vault, recorded, vault.writer(info)),
        state=state_before(lake, server.host, info.run_id),
        connect_to=_loopback(connect_to),
    )


def _refuse_twice(vault: Vault, run_id: str) -> None:
    if vault.holds(run_id):
        raise UsageError(
            en=f"{vault.folder}: run {run_id} has ended and is not collected again; choose another --clock or --run",
            fr=f"{vault.folder} : la collecte {run_id} est finie ; choisissez un autre --clock ou --run",
        )


def _new_info(campaign: Campaign, lake: Lake, host: str, run_id: str, clock: datetime) -> RunInfo:
    cursors = state_before(lake, host, run_id).get("cursors", {})
    return RunInfo(run_id=run_id, source=host, clock=clock, campaign_hash=campaign.sha256, cursors=cursors)


def _source(campaign: Campaign, host: str) -> Source:
    for source in campaign.sources:
        if source.host == host or (not host and len(campaign.sources) == 1):
            return source
    known = ", ".join(source.host for source in campaign.sources) or "-"
    raise UsageError(
        en=f"'{host}' is no source of campaign {campaign.name}; its sources are: {known}",
        fr=f"« {host} » n'est pas une source de la campagne {campaign.name} ; ses sources : {known}",
    )


def _loopback(connect_to: str | None) -> str | None:
    if connect_to is not None and not is_loopback(connect_to.rpartition(":")[0].strip("[]")):
        raise UsageError(
            en=f"--connect {connect_to}: only a loopback address such as 127.0.0.1:8000",
            fr=f"--connect {connect_to} : seulement une adresse de cette machine, par exemple 127.0.0.1:8000",
        )
    return connect_to


def _clock_from(begin: datetime) -> Callable[[], datetime]:
    started = time.monotonic()
    return lambda: begin + timedelta(seconds=time.monotonic() - started)
