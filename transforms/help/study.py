"""One campaign as of one moment: everything the indicators are computed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import pyarrow as pa

from passerelle.campaign import Analysis
from transforms.help.acts import find_acts, tabulate_acts, tabulate_cascades, under_calls
from transforms.help.episodes import find_calls, group_calls, tabulate_episodes, tabulate_late_repeats
from transforms.help.mobilisation import tabulate_alters, tabulate_mobilisations
from transforms.help.outcomes import tabulate_outcomes
from transforms.interactions.build import build_interactions, tabulate_campaign_posts
from transforms.ties.coverage import Coverage
from transforms.ties.prior import PriorTies, index_ties

__all__ = ["Bound", "Study", "build_study"]

Bound = Literal["latest", "earliest"]


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """All tables of a campaign as of `as_of`: nothing later is in them.

    Schemas of `passerelle/tables/`: `posts` (without deleted ones), `interactions`, `labels`, `accounts`,
    `episodes` (by t_call, then id), `mobilisations` (organisers and bots too, see `role`; in the order of the
    episodes, then of first acts). And:

    `orphans`: replies whose thread ends at a missing parent: platform, post_id, author_id, time, has_hashtag.
    `campaign_posts`: posts that carry the hashtag or stand under one that does (reposts too, every repeat):
      platform, post_id, account_id, time, not_before, iso_week (campaign's zone).
    `outcomes`: posts with the hashtag labelled thanks_outcome: platform, post_id, account_id, time, outcome (result,
      thanks, or null where it is not known which).
    `late_repeats`: calls after an episode's follow-up and within its 14 days, which are in no episode: platform,
      post_id, account_id, time.
    `acts`: what everybody but the beneficiary and the calls' authors did in the follow-up, repeats too:
      episode_id, call_id, account_id, role, platform, act (repost, reply, quote, mention), post_id (the acting
      post; of a repost the post reposted), acted_on_id (null for a mention), time, not_before, is_repeat,
      num_referrals.
    `cascades`: everything under a call, whoever did it and whenever: episode_id, call_id, account_id, act (repost,
      reply, quote), post_id (null for a repost), parent_id (the post acted upon), time, not_before, depth (1 =
      on the call itself). Repeats of a repost are left out.
    `alters`: accounts with D >= 1 towards an episode's beneficiary at its t_call (no organiser, bot, beneficiary or
      author of a call of the episode): episode_id, account_id, tie_class, num_days, num_mutual, is_mobiliser.

    `roles`: organiser or bot, for the accounts that are one; all others are persons. `ties`: the index of all
    contacts, to ask for the tie of any pair at any moment. `bound`: which end of an interval-censored time was
    taken as `time`.
    """

    posts: pa.Table
    interactions: pa.Table
    orphans: pa.Table
    campaign_posts: pa.Table
    outcomes: pa.Table
    labels: pa.Table
    accounts: pa.Table
    late_repeats: pa.Table
    episodes: pa.Table
    mobilisations: pa.Table
    acts: pa.Table
    cascades: pa.Table
    alters: pa.Table
    roles: Mapping[str, str]
    coverage: Coverage
    ties: PriorTies
    analysis: Analysis
    zone: str
    hashtags: frozenset[str]
    as_of: datetime
    bound: Bound = "latest"


def build_study(
    posts: pa.Table,
    engagements: pa.Table,
    labels: pa.Table,
    accounts: pa.Table,
    coverage: Coverage,
    *,
    hashtags: frozenset[str],
    roles: Mapping[str, str],
    as_of: datetime,
    zone: str,
    analysis: Analysis,
    bound: Bound = "latest",
) -> Study:
    """Compute every table of the study. Order and repetition of rows do not matter.

    `coverage`: `transforms.ties.coverage.build_coverage`. `hashtags`: folded. `roles`:
    `transforms.help.roles.assign_roles`. `as_of`: later posts and engagements are not looked at. `bound`:
    ``earliest`` takes every interval-censored time at its other end, for sensitivity.
    """
    made = build_interactions(posts, engagements, hashtags, as_of)
    if bound == "earliest":
        made = made.at_earliest()
    ties = index_ties(made.table, roles.keys(), analysis)
    grouped = group_calls(find_calls(made.threads, labels), analysis)
    calls = grouped.episodes
    episodes = tabulate_episodes(calls, analysis, zone, as_of, coverage)
    under = under_calls(made, grouped)
    acts = find_acts(made, under, grouped, analysis)
    mobilisations = tabulate_mobilisations(acts, episodes, ties, coverage, roles)
    return Study(
        posts=made.threads.posts,
        interactions=made.table,
        orphans=made.orphans,
        campaign_posts=tabulate_campaign_posts(made, zone),
        outcomes=tabulate_outcomes(made.threads, labels),
        labels=labels,
        accounts=accounts,
        late_repeats=tabulate_late_repeats(grouped.late),
        episodes=episodes,
        mobilisations=mobilisations,
        acts=tabulate_acts(acts, calls, roles),
        cascades=tabulate_cascades(under, made, calls),
        alters=tabulate_alters(episodes, calls, mobilisations, ties),
        roles=roles,
        coverage=coverage,
        ties=ties,
        analysis=analysis,
        zone=zone,
        hashtags=hashtags,
        as_of=as_of,
        bound=bound,
    )
