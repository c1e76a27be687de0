"""Roles, and signs of automation, which change none."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pyarrow as pa

from passerelle.tables import ACCOUNTS, POSTS
from tests.reference.campaigns import START, hours, post
from transforms.help.automation import automation_signs
from transforms.help.roles import assign_roles


def account(name: str, **flags: bool) -> dict[str, Any]:
    row = {"account_id": name, "platform": "import", "first_seen_at": START, "last_seen_at": START}
    return row | {"declared_bot": False, "organiser_profile": False} | flags


def test_listed_accounts_and_declared_bots_have_a_role() -> None:
    rows = [
        account("robot", declared_bot=True),
        account("hub", declared_bot=True),
        account("fan", organiser_profile=True),
    ]
    table = pa.Table.from_pylist(rows, schema=ACCOUNTS.schema)
    assert assign_roles(table, ["hub"], ["listed"]) == {"hub": "organiser", "listed": "bot", "robot": "bot"}


def signs(rows: list[dict[str, Any]]) -> dict[str, tuple[bool, bool, bool]]:
    table = automation_signs(pa.Table.from_pylist(rows, schema=POSTS.schema))
    return {r["account_id"]: (r["is_fast"], r["is_regular"], r["is_repetitive"]) for r in table.to_pylist()}


def test_rate_regularity_and_repetition_are_shown_apart() -> None:
    rows = []
    for number in range(270):
        minutes = timedelta(minutes=number * 20 + number % 7)
        words = f"{chr(97 + number % 26)} {chr(97 + number // 26)}"
        rows.append(post(f"fast{number}", "fast", START + minutes, text=words))
    for number in range(30):
        late = hours(number * 25) + timedelta(minutes=number * 7 % 60)
        rows.append(post(f"timer{number}", "timer", hours(number * 5), text=chr(97 + number)))
        rows.append(post(f"same{number}", "same", late, text=f"Job n° {number} https://a.example/{number}"))
        rows.append(post(f"human{number}", "human", late, text="bonjour " + chr(97 + number)))
    assert signs(rows) == {"fast": (True, False, False), "timer": (False, True, False), "same": (False, False, True)}


def test_few_posts_tell_nothing() -> None:
    assert signs([post(f"p{number}", "timer", hours(number), text="up") for number in range(19)]) == {}
