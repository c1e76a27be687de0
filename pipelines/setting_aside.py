"""What quarantine may say of a thing that was set aside: where, in pseudonyms, and why, in known words."""

from __future__ import annotations

import re

from passerelle.identity import Pseudonyms
from pipelines.names_in_text import people
from pipelines.text import plain_text

MAX_REASON_CHARACTERS = 120

_PLACE = re.compile(r"(?:[a-z]{1,12}|\d{1,9})(?:[ ,:]{1,2}(?:[a-z]{1,12}|\d{1,9}))*")
_PSEUDONYM = re.compile(r"[ahlp][0-9a-f]{24}")
_ENDPOINT = re.compile(r"/(statuses|context|reblogged_by|favourited_by|lookup|timelines|instance|accounts)(?=[/?#]|$)")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|«[^»]*»|“[^”]*”")
_FIELD = re.compile(r"'[A-Za-z_][\w.\[\] -]{0,60}'")


def place(where: str, pseudonyms: Pseudonyms) -> str:
    """`where` without any identity: a line of a file as it is, anything else (a request, a post) by pseudonym."""
    if _PLACE.fullmatch(where) or _PSEUDONYM.fullmatch(where):
        return where
    request, _, native = where.partition("#")
    kinds = _ENDPOINT.findall(request)
    words = [kinds[-1] if kinds else "request", pseudonyms.link(request)]
    return " ".join([*words, pseudonyms.post(where)] if native else words)


def reason_told(reason: str, pseudonyms: Pseudonyms) -> str:
    """`reason` as it may be kept: no names, links, control characters, and of what is quoted only names of fields."""
    words = _QUOTED.sub(lambda match: match[0] if _FIELD.fullmatch(match[0]) else "'…'", reason)
    return plain_text(words, "plain", people("", (), pseudonyms)).replace("\n", " ")[:MAX_REASON_CHARACTERS]
