"""Starting a live run, or taking up again one that was cut."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from passerelle import clock as clocks
from passerelle.campaign import Campaign, Source
from passerelle.errors import UsageError
from passerelle.hosts import base_url, is_loopback
from passerelle.identity import ascii_domain
from passerelle.keys import study_key
from passerelle.lake import Lake
from passerelle.legal import refuse_unread
from passerelle.standing import standing_blocks
from passerelle.vault import RunInfo, Tape, Vault
from spiders.asking.guard import proxies
from spiders.asking.run import Run, new_run_id
from spiders.collecting.state import read_cursors
from spiders.collecting.states import State, state_before
from spiders.logs import tell

# a run that was cut longer ago has not seen what came since
_FRESH = timedelta(hours=12)


def live_run(
    campaign: Campaign,
    lake: Lake,
    host: str,
    *,
    run_id: str | None = None,
    clock: datetime | None = None,
    connect_to: str | None = None,
    streamed: bool = False,
    lasting: timedelta | None = None,
    to_present: bool = True,
) -> Run:
    """A run against the network, begun at `clock` (now unless told); one that is `streamed` hears what happens for as
    long as it is `lasting` from now on, or less if only `to_present`.

    The run of `host` that was cut last is taken up again, with its name and clock, if it began from the same state and
    campaign file; any other that was cut is given up. Raises LockedError if one is still alive, UsageError where the
    legal gate is shut.
    """
    refuse_unread(campaign, is_on_this_machine=connect_to is not None)
    server = _source(campaign, host)
    base_url(server.host)
    _tell_proxies(server.host)
    vault, state = Vault(lake.vault), state_before(lake, server.host, run_id or "")
    begin = (clock.replace(tzinfo=clock.tzinfo or UTC) if clock else clocks.now()).astimezone(UTC)
    info = _taken_up(vault, campaign, server.host, run_id, state, begin, streamed=streamed)
    recorded = vault.read(info) if info else None
    info = info or _new_info(vault, campaign, server.host, run_id, begin, state, streamed=streamed)
    return Run(
        lake_root=lake.root,
        run_id=info.run_id,
        source=server.host,
        server=server,
        campaign=campaign,
        clock=info.clock,
        now=clocks.now,
        tape=Tape(vault, recorded, vault.writer(info)),
        state=state,
        blocks=standing_blocks(lake, (pseudonyms := study_key(lake, campaign)).key),
        pseudonyms=pseudonyms,
        connect_to=_loopback(connect_to),
        streamed=streamed,
        until=begin + lasting if lasting else None,
        to_present=to_present,
    )


def is_behind(run: Run, clock: datetime | None = None) -> bool:
    """Whether `run`, taken up again, has not seen what came since, so that another has to follow it."""
    return (clock or clocks.now()) - run.clock >= _FRESH


def _taken_up(
    vault: Vault, campaign: Campaign, host: str, run_id: str | None, state: State, now: datetime, *, streamed: bool
) -> RunInfo | None:
    cut = vault.cut_runs(host)
    is_ours = cut and run_id in (None, cut[-1].run_id) and cut[-1].streamed == streamed
    last = cut[-1] if is_ours and _goes_on(cut[-1], campaign, state) else None
    for info in cut:
        if info is not last:
            vault.give_up(info, now)
    return last


def _goes_on(cut: RunInfo, campaign: Campaign, state: State) -> bool:
    same_state = cut.after == state.get("run_id", "") if cut.after is not None else is_before(state, cut)
    return same_state and cut.campaign_hash == campaign.sha256


def is_before(state: State, info: RunInfo) -> bool:
    """Whether `state` has the cursors that the run began with; not where they are such as no version wrote."""
    try:
        return read_cursors(_cursors(state)) == read_cursors(info.cursors)
    except (TypeError, KeyError):
        return False


def _new_info(
    vault: Vault, campaign: Campaign, host: str, run_id: str | None, clock: datetime, state: State, *, streamed: bool
) -> RunInfo:
    if run_id is not None and vault.holds(run_id):
        raise UsageError(
            en=f"{vault.folder}: run {run_id} has ended and is not collected again; choose another --run",
            fr=f"{vault.folder} : la collecte {run_id} est finie ; choisissez un autre --run",
        )
    return RunInfo(
        run_id=run_id or next(name for name in _names(clock, host) if not vault.holds(name)),
        source=host,
        clock=clock,
        campaign_hash=campaign.sha256,
        cursors=_cursors(state),
        after=str(state.get("run_id", "")),
        platform=_source(campaign, host).kind,
        streamed=streamed,
    )


def _names(clock: datetime, host: str) -> Iterator[str]:
    """Names for a run, the usual one first: another may have begun within the same second."""
    name = new_run_id(clock, host)
    yield name
    for number in range(2, 1_000_000):
        yield f"{name}-{number}"


def _cursors(state: State) -> dict[str, object]:
    cursors: dict[str, object] = state.get("cursors", {})
    return cursors


def _source(campaign: Campaign, host: str) -> Source:
    for source in campaign.sources:
        if source.host == ascii_domain(host) or (not host and len(campaign.sources) == 1):
            return source
    known = ", ".join(source.host for source in campaign.sources) or "-"
    raise UsageError(
        en=f"'{host}' is no source of campaign {campaign.name}; its sources are: {known}",
        fr=f"« {host} » n'est pas une source de la campagne {campaign.name} ; ses sources : {known}",
    )


def _tell_proxies(host: str) -> None:
    """Say that the proxies which the environment names are not used: the way may be shut without them."""
    if proxies():
        tell(
            host,
            "asked without the proxy that the environment names: it would look names up where nobody checks them",
            "interrogé sans le serveur mandataire que nomme l'environnement : il chercherait les noms hors de contrôle",
        )


def _loopback(connect_to: str | None) -> str | None:
    if connect_to is not None and not is_loopback(connect_to.rpartition(":")[0].strip("[]")):
        raise UsageError(
            en=f"--connect {connect_to}: only a loopback address such as 127.0.0.1:8000",
            fr=f"--connect {connect_to} : seulement une adresse de cette machine, par exemple 127.0.0.1:8000",
        )
    return connect_to
