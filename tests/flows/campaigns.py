"""A small campaign of invented people for tests of the flows: files, campaign file, lake."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from flows.job import Job, open_job

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
CAMPAIGN = """name = "essai"
title = "Essai"
hashtags = ["i4emploi"]
purpose = "étudier l'entraide sous un mot-dièse"
legal_basis = "6(1)(f)"
retention_days = 365
contact = "dpo@pont.test"
coverage_start = 2025-12-01T00:00:00Z
organisers = ["@equipe"]

[analysis]
bootstrap_draws = 200
null_draws = 99

[mappings.posts]
platform = "forum"
post = "id"
author = "who"
created_at = "when"
text = "text"
hashtags = "tags"
mentions = "names"
reply_to = "parent"
reply_to_author = "parent_author"
repost_of = "shared"
repost_of_author = "shared_author"
replies = "replies"
captured_at = "seen"
"""
HEAD = "id,who,when,text,tags,names,parent,parent_author,shared,shared_author,replies,seen\n"


def job(folder: Path, extra: str = "") -> Job:
    """A campaign file in `folder` and its (empty) lake."""
    path = folder / "campaign.toml"
    path.write_text(extra + CAMPAIGN, "utf-8")
    return open_job(path, folder / "data")


def posts_file(path: Path, rows: int = 60, replies: int = 0, seen: datetime | None = None) -> Path:
    """A CSV: every fifth row a call, the others relays and replies; `replies` is the counter of every row."""
    lines = [HEAD]
    for number in range(rows):
        call, call_author = number - number % 5, f"s{(number // 5) % 7}"
        when = (START + timedelta(hours=9 * number)).isoformat()
        capture = (seen or START + timedelta(days=40)).isoformat()
        if number % 5 == 0:
            words = "Je cherche un poste de comptable à Lille #i4emploi", "i4emploi", "", "", "", "", ""
            who = call_author
        elif number % 5 == 1:
            words = "Bon courage, je regarde autour de moi", "", "", f"p{call}", call_author, "", ""
            who = f"h{number % 11}"
        else:
            words = "", "", "", "", "", f"p{call}", call_author
            who = f"h{number % 13}"
        lines.append(f'p{number},{who},{when},"{words[0]}",{",".join(words[1:])},{replies},{capture}\n')
    path.write_text("".join(lines), "utf-8")
    return path
