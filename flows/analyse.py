"""Analyse: pinned versions of the tables in; labels, ties, episodes, mobilisations and indicators out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from flows.account_finder import AccountFinder
from flows.known import last_look, was_collected
from flows.labelling import human_labels
from passerelle import clock
from passerelle.campaign import Campaign
from passerelle.errors import UsageError
from passerelle.identity import Pseudonyms
from passerelle.lake import Lake
from passerelle.weeks import iso_week, week_after
from transforms.calls import label_posts, load_lexicon
from transforms.calls.human import agreement, override
from transforms.collection.unseen import ServerLists, shown_posts, weekly_unseen
from transforms.collection.weekly import weekly_coverage
from transforms.help.roles import assign_roles
from transforms.help.study import Study, build_study
from transforms.indicators import Frames, cut_study, weekly_indicators
from transforms.interactions.aliases import aliases, under_one_name
from transforms.interactions.moves import with_moves
from transforms.interactions.same_people import (
    accounts_of_people,
    each_post_once,
    engagements_of_people,
    handles_of_people,
    posts_of_people,
)
from transforms.ties.coverage import Coverage, build_coverage

INPUTS = ("posts", "engagements", "accounts", "handles", "coverage")
Agreement = Mapping[str, float | int | None]
LOOKS = ["platform", "post_id", "source", "embedded", "captured_at"]
RESULTS = ("interactions", "labels", "episodes", "mobilisations")


@dataclass(frozen=True, slots=True, eq=False)
class Analysed:
    """What `analyse` made and hands on, so that nothing is read or cut a second time.

    `tables`: those of `INPUTS` as the lake holds them in these `versions`; `frames`: the study, cut by week;
    `indicators`: all of them, for the restricted edition; `agreement`: of human coding and classifier; `shown`: which
    server showed what. `is_past`: it is as of an earlier moment than the lake's present, so the lake's derived tables
    were not written.
    """

    tables: Mapping[str, pa.Table]
    versions: Mapping[str, int]
    frames: Frames
    indicators: pa.Table
    agreement: Agreement | None
    shown: ServerLists
    is_past: bool = False

    @property
    def study(self) -> Study:
        """All tables of the campaign as of its moment."""
        return self.frames.study


def analyse(lake: Lake, campaign: Campaign, pseudonyms: Pseudonyms, as_of: datetime | None = None) -> Analysed:
    """Compute everything as of `as_of` (none: the present) and write it. Holds no lock itself.

    The present is the campaign's `as_of`, else the last look. As of an earlier moment nothing is written: the lake's
    tables are of the present. Raises UsageError where nothing was collected yet, or for a moment that has not come.
    """
    versions = lake.versions()
    tables = {name: lake.read(name, version=versions.get(name)) for name in INPUTS}
    _refuse_nothing(lake, tables["posts"])
    present = _present(lake, campaign, versions)
    moment = as_of or present
    _refuse_future(moment, present)
    frames, earliest, agreed = _frames(tables, campaign, pseudonyms, moment)
    # where servers are asked, a week that brought nothing was looked at too
    until = week_after(iso_week(moment, campaign.time_zone), -1) if was_collected(lake, versions) else None
    indicators = weekly_indicators(frames, campaign.name, earliest=earliest, until=until)
    shown = _shown(lake, campaign, versions, frames.study, tables["coverage"])
    if moment >= present:
        _write(lake, frames.study, indicators)
        _write_coverage(lake, tables["coverage"], shown, campaign)
    return Analysed(tables, versions, frames, indicators, agreed, shown, is_past=moment < present)


def _shown(
    lake: Lake, campaign: Campaign, versions: Mapping[str, int], study: Study, coverage: pa.Table
) -> ServerLists:
    """Which server had shown which of the campaign's posts at the moment of the study."""
    looks = lake.read("post_versions", version=versions.get("post_versions"), columns=LOOKS)
    looks = looks.filter(pc.less_equal(looks["captured_at"], pa.scalar(study.as_of, looks["captured_at"].type)))
    return shown_posts(looks, study.posts, study.accounts, coverage, campaign.folded_hashtags, campaign.time_zone)


def _frames(
    tables: Mapping[str, pa.Table], campaign: Campaign, pseudonyms: Pseudonyms, moment: datetime
) -> tuple[Frames, Frames | None, Agreement | None]:
    """The study of `tables` as of `moment`, cut by week; also with the other end of every interval, where two polls
    bound reposts in time: for the indicators of time. And how well humans and classifier agree.
    """
    posts, people = _people(tables, campaign, pseudonyms)
    accounts = accounts_of_people(tables["accounts"], people.same)
    labels, agreed = _labels(posts, accounts, people)
    settle = partial(
        build_study,
        posts,
        engagements_of_people(tables["engagements"], people.same),
        labels,
        accounts,
        _coverage(tables, people),
        hashtags=campaign.folded_hashtags,
        roles=_roles(accounts, people),
        as_of=moment,
        zone=campaign.time_zone,
        analysis=campaign.analysis,
    )
    frames = cut_study(settle())
    earliest = cut_study(settle(bound="earliest")) if _has_intervals(tables["engagements"]) else None
    return frames, earliest, agreed


def _people(
    tables: Mapping[str, pa.Table], campaign: Campaign, pseudonyms: Pseudonyms
) -> tuple[pa.Table, AccountFinder]:
    """Posts by people, and who is who: names that lead to one account, and accounts of one person."""
    posts = each_post_once(tables["posts"])
    posts = under_one_name(posts, aliases(tables["handles"], posts))
    told = AccountFinder(tables["handles"], posts, campaign, pseudonyms)
    same = with_moves(told.same_people(tables["accounts"]["account_id"].to_pylist()), tables["accounts"])
    if not same:
        return posts, told
    posts = posts_of_people(posts, same)
    return posts, AccountFinder(handles_of_people(tables["handles"], same), posts, campaign, pseudonyms, same)


def _refuse_nothing(lake: Lake, posts: pa.Table) -> None:
    if posts.num_rows == 0:
        raise UsageError(
            en=f"{lake.root}: there are no posts to analyse; collect or import some first",
            fr=f"{lake.root} : aucune publication à analyser ; collectez ou importez d'abord",
        )


def _present(lake: Lake, campaign: Campaign, versions: Mapping[str, int]) -> datetime:
    looked = last_look(lake, versions)
    assert looked is not None, "there are posts, so somebody looked"
    if campaign.as_of:
        _refuse_future(campaign.as_of, looked)
    return campaign.as_of or looked


def _refuse_future(moment: datetime, looked: datetime) -> None:
    """Raises UsageError: a week that has not ended would be published as if it had."""
    if moment > max(looked, clock.now()):
        raise UsageError(
            en=f"as of {moment.isoformat()}: that moment has not come; name an earlier one, or none for the last look",
            fr=f"au {moment.isoformat()} : ce moment n'est pas encore venu ; donnez-en un antérieur, ou aucun pour la"
            " dernière observation",
        )


def _labels(posts: pa.Table, accounts: pa.Table, people: AccountFinder) -> tuple[pa.Table, Agreement | None]:
    campaign = people.campaign
    tagged = _campaign_posts(posts, campaign)
    machine = label_posts(
        tagged,
        load_lexicon(campaign.lexicon),
        organisers=_flagged(accounts, "organiser_profile"),
        agencies=_flagged(accounts, "declared_bot"),
        hashtags=campaign.folded_hashtags,
    )
    if campaign.labels is None:
        return machine, None
    human = human_labels(campaign.labels, people)
    gone = posts.filter(pc.is_valid(posts["deleted_at"]))["post_id"].combine_chunks()
    human = human.filter(pc.invert(pc.is_in(human["post_id"], value_set=gone)))
    return override(machine, human), agreement(machine, human)


def _flagged(accounts: pa.Table, flag: str) -> frozenset[str]:
    return frozenset(accounts.filter(pc.equal(accounts[flag], True))["account_id"].to_pylist())


def _campaign_posts(posts: pa.Table, campaign: Campaign) -> pa.Table:
    """Posts, reposts and deleted ones apart, that carry a hashtag of the campaign: what a classifier can look at."""
    posts, ours = posts.filter(pc.is_null(posts["deleted_at"])), campaign.folded_hashtags
    carries = [not ours.isdisjoint(tags) for tags in posts["hashtags"].to_pylist()]
    own_words = pc.and_(pa.array(carries, pa.bool_()), pc.is_null(posts["repost_of_id"]))
    return posts.filter(own_words)


def _coverage(tables: Mapping[str, pa.Table], people: AccountFinder) -> Coverage:
    campaign = people.campaign
    return build_coverage(
        tables["coverage"], campaign.coverage_start, people.all_of(campaign.uncovered_accounts), people.same
    )


def _roles(accounts: pa.Table, people: AccountFinder) -> dict[str, str]:
    return assign_roles(accounts, people.all_of(people.campaign.organisers), people.all_of(people.campaign.bots))


def _has_intervals(engagements: pa.Table) -> bool:
    return bool(pc.any(pc.is_null(engagements["at"])).as_py())


def _write(lake: Lake, study: Study, indicators: pa.Table) -> None:
    for name in RESULTS:
        lake.overwrite(name, getattr(study, name))
    lake.overwrite("weekly_indicators", indicators)


def _write_coverage(lake: Lake, coverage: pa.Table, shown: ServerLists, campaign: Campaign) -> None:
    lake.overwrite("weekly_coverage", weekly_coverage(coverage, lake.read("runs"), campaign.time_zone))
    lake.overwrite("weekly_unseen", weekly_unseen(shown))
