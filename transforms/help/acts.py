"""Acts: what people did for an episode during its follow-up (rules 13 and 15 to 18)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from passerelle.campaign import Analysis
from passerelle.tables import TIME
from transforms.columns import texts
from transforms.help.cascades import find_cascades
from transforms.help.episodes import Call, Grouped
from transforms.interactions.build import Interactions
from transforms.interactions.threads import NONE
from transforms.interactions.writing import KINDS
from transforms.moments import HOUR, clock, times

_WHO = ["episode", "account_id"]
CASCADES = pa.schema(
    [
        ("episode_id", pa.string()),
        ("call_id", pa.string()),
        ("account_id", pa.string()),
        ("act", pa.string()),
        ("post_id", pa.string()),
        ("parent_id", pa.string()),
        ("time", TIME),
        ("not_before", TIME),
        ("depth", pa.int64()),
    ]
)
ACTS = pa.schema(
    [
        ("episode_id", pa.string()),
        ("call_id", pa.string()),
        ("account_id", pa.string()),
        ("role", pa.string()),
        ("platform", pa.string()),
        ("act", pa.string()),
        ("post_id", pa.string()),
        ("acted_on_id", pa.string()),
        ("time", TIME),
        ("not_before", TIME),
        ("is_repeat", pa.bool_()),
        ("num_referrals", pa.int64()),
    ]
)


def excluded(episodes: list[list[Call]]) -> pd.DataFrame:
    """(episode, account_id) of everybody who cannot mobilise in it: the beneficiary, the calls' authors (rule 15)."""
    rows = {
        (number, account)
        for number, calls in enumerate(episodes)
        for account in (calls[0].beneficiary_id, *(call.author_id for call in calls))
    }
    return pd.DataFrame(sorted(rows), columns=_WHO).astype({"episode": "int64", "account_id": "str"})


def under_calls(made: Interactions, grouped: Grouped) -> pd.DataFrame:
    """:func:`transforms.help.cascades.find_cascades` for all calls of the episodes, with `episode` and `call_id`.

    The search also ends at a late repeat: acts upon it belong to no episode (rule 12).
    """
    calls = [(number, call) for number, calls in enumerate(grouped.episodes) for call in calls]
    late = np.array([call.post for call in grouped.late], dtype=np.int64)
    posts = np.array([call.post for _, call in calls], dtype=np.int64)
    found = find_cascades(made.threads, made.reposts, posts, late)
    place = found["call"].to_numpy(np.int64)
    found["episode"] = np.array([number for number, _ in calls], dtype=np.int64)[place]
    found["call_id"] = np.array([call.post_id for _, call in calls], dtype=object)[place]
    return found


def tabulate_cascades(under: pd.DataFrame, made: Interactions, episodes: list[list[Call]]) -> pa.Table:
    """The table `cascades` of a study; repeats of a repost are left out."""
    rows = under[under["is_parent"] & ~under["is_repeat"]].sort_values(
        ["episode", "call", "time", "account_id", "post_id"]
    )
    parents = made.threads.posts["post_id"].take(pa.array(rows["parent"].to_numpy(np.int64)))
    return pa.table(
        {
            "episode_id": _ids(episodes).take(pa.array(rows["episode"].to_numpy(np.int64))),
            "call_id": pa.array(rows["call_id"], pa.string()),
            "account_id": pa.array(rows["account_id"], pa.string()),
            "act": pa.array(rows["act"], pa.string()),
            "post_id": pc.if_else(pa.array(rows["post"] == NONE), None, pa.array(rows["post_id"], pa.string())),
            "parent_id": parents,
            "time": times(rows["time"].to_numpy(np.int64)),
            "not_before": times(rows["not_before"].to_numpy(np.int64)),
            "depth": pa.array(rows["depth"].to_numpy(np.int64)),
        },
        schema=CASCADES,
    )


def find_acts(made: Interactions, under: pd.DataFrame, grouped: Grouped, analysis: Analysis) -> pd.DataFrame:
    """Acts in the follow-up, sorted by episode, time, precedence and account.

    A post or repost counts once in an episode, and acting upon one's own post is no act. Columns: those of `under`, and
    `num_referrals`.
    """
    episodes = grouped.episodes
    acts = pd.concat([under, _answering_mentions(made, grouped)], ignore_index=True)
    acts = acts[acts["account_id"] != acts["acted_on_author_id"]]
    acts = _outside(_in_follow_up(acts, episodes, analysis), excluded(episodes))
    acts["rank"] = acts["act"].map({kind: rank for rank, kind in enumerate(KINDS)})
    acts = acts.sort_values(["episode", "rank", "call", "time"]).drop_duplicates([*_WHO, "post_id", "event"])
    acts = acts.sort_values(["episode", "time", "rank", "not_before", "account_id", "post_id"], ignore_index=True)
    return acts.assign(num_referrals=_referrals(acts, made, episodes))


def _in_follow_up(acts: pd.DataFrame, episodes: list[list[Call]], analysis: Analysis) -> pd.DataFrame:
    t_call = np.array([calls[0].time for calls in episodes], dtype=np.int64)
    since = acts["time"].to_numpy(np.int64) - t_call[acts["episode"].to_numpy(np.int64)]
    within: pd.DataFrame = acts[(since >= 0) & (since < analysis.follow_up_hours * HOUR)]
    return within


def _outside(rows: pd.DataFrame, left_out: pd.DataFrame) -> pd.DataFrame:
    inside = pd.MultiIndex.from_frame(rows[_WHO]).isin(pd.MultiIndex.from_frame(left_out))
    outside: pd.DataFrame = rows[~inside].copy()
    return outside


def _mentions(made: Interactions) -> pd.DataFrame:
    rows = made.table.filter(pc.equal(made.table["kind"], "mention"))
    number = pc.index_in(rows["post_id"].combine_chunks(), value_set=made.threads.posts["post_id"].combine_chunks())
    return pd.DataFrame(
        {
            "post": number.to_numpy().astype(np.int64),
            "platform": texts(rows["platform"]),
            "account_id": texts(rows["source_id"]),
            "post_id": texts(rows["post_id"]),
            "target_id": texts(rows["target_id"]),
            "time": clock(rows["time"]),
        }
    )


def _answering_mentions(made: Interactions, grouped: Grouped) -> pd.DataFrame:
    """Posts with the hashtag, no calls, that mention a beneficiary, wherever they stand (rule 17)."""
    mentions, episodes = _mentions(made), grouped.episodes
    is_call = np.zeros(len(made.threads.time), np.bool_)
    is_call[[call.post for calls in (*episodes, grouped.late) for call in calls]] = True
    post = mentions["post"].to_numpy(np.int64)
    ours = mentions[made.threads.carries[post] & ~is_call[post]]
    beneficiaries = pd.DataFrame(
        {
            "episode": np.arange(len(episodes)),
            "target_id": pd.Series([calls[0].beneficiary_id for calls in episodes], dtype="str"),
            "call_id": pd.Series([calls[0].post_id for calls in episodes], dtype="str"),
        }
    )
    found: pd.DataFrame = ours.merge(beneficiaries, on="target_id").drop(columns="target_id")
    nobody = pd.Series(None, index=found.index, dtype="str")
    return found.assign(
        call=NONE,
        parent=NONE,
        act="mention",
        acted_on_id=nobody,
        acted_on_author_id=nobody,
        not_before=found["time"],
        event=NONE,
        is_repeat=False,
        is_parent=False,
    )


def _referrals(acts: pd.DataFrame, made: Interactions, episodes: list[list[Call]]) -> pd.Series:
    """How many the act's post mentions who are neither beneficiary nor author of a call (rule 18)."""
    named = _mentions(made)[["post", "target_id"]].rename(columns={"target_id": "account_id"})
    rows = acts.reset_index(names="act_row")[["act_row", "episode", "post"]].merge(named, on="post")
    third = _outside(rows, excluded(episodes)).groupby("act_row")["account_id"].nunique()
    return third.reindex(acts.index, fill_value=0).astype("int64")


def tabulate_acts(acts: pd.DataFrame, episodes: list[list[Call]], roles: Mapping[str, str]) -> pa.Table:
    """The table `acts` of a study."""
    columns = {name: pa.array(acts[name], ACTS.field(name).type) for name in ACTS.names if name in acts}
    columns |= {
        "episode_id": _ids(episodes).take(pa.array(acts["episode"].to_numpy(np.int64))),
        "role": pa.array([roles.get(account, "person") for account in acts["account_id"]], pa.string()),
        "time": times(acts["time"].to_numpy(np.int64)),
        "not_before": times(acts["not_before"].to_numpy(np.int64)),
    }
    return pa.table({name: columns[name] for name in ACTS.names}, schema=ACTS)


def _ids(episodes: list[list[Call]]) -> pa.Array:
    return pa.array([calls[0].post_id for calls in episodes], pa.string())
