"""Answers that somebody else recorded, as a vault: pages of JSON beside a ``requests.json`` with their headers.

``requests.json`` lists, per page, `file`, `url`, `status` and `headers`. What such a recording does not hold
(robots.txt, the instance) is named in the run's warcinfo, so that a replay does not ask for it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from w3lib.url import url_query_parameter

from passerelle.errors import UsageError
from passerelle.vault import Attempt, RunInfo, Vault
from passerelle.vault.model import kept_headers
from spiders.asking.run import new_run_id
from spiders.asking.vault_handler import request_key
from spiders.platforms.mastodon.api import first_page


def import_recording(folder: Path, vault: Vault, hashtag: str) -> RunInfo:
    """Write the pages of one hashtag timeline in `folder` into `vault` as one run.

    The first page is filed under the URL that the spider asks for, whatever its recorder asked for; the others keep
    the URL that the Link headers lead to. Raises UsageError where `folder` holds no such recording.
    """
    pages = _pages(folder)
    host = urlsplit(pages[0]["url"]).netloc
    began = _captured(pages[0])
    info = RunInfo(
        run_id=new_run_id(began, host), source=host, clock=began, cursors={}, left_out=("robots", "instance", "parents")
    )
    writer, asked = vault.writer(info), Counter[str]()
    for page in pages:
        is_first = url_query_parameter(page["url"], "max_id") is None
        url = f"https://{host}{first_page(hashtag)}" if is_first else page["url"]
        writer.add(_attempt(folder, page, url, asked))
    writer.end("complete", _captured(pages[-1]))
    return info


def _attempt(folder: Path, page: Mapping[str, Any], url: str, asked: Counter[str]) -> Attempt:
    key = request_key(Request(url))
    asked[key] += 1
    return Attempt(
        url=url,
        fingerprint=key,
        ordinal=asked[key] - 1,
        captured_at=_captured(page),
        status=page["status"],
        headers=kept_headers({name.lower(): [value.encode()] for name, value in page["headers"].items()}),
        body=(folder / page["file"]).read_bytes(),
    )


def _captured(page: Mapping[str, Any]) -> datetime:
    return parsedate_to_datetime(page["headers"]["date"]).astimezone(UTC)


def _pages(folder: Path) -> list[dict[str, Any]]:
    try:
        requests = json.loads((folder / "requests.json").read_text("utf-8"))
        pages = [page for page in requests if "/api/v1/timelines/tag/" in page["url"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            en=f"{folder}: no requests.json with file, url, status and headers ({type(error).__name__})",
            fr=f"{folder} : pas de requests.json avec file, url, status et headers ({type(error).__name__})",
        ) from None
    if not pages:
        raise UsageError(
            en=f"{folder}/requests.json: no page of a hashtag timeline is listed there",
            fr=f"{folder}/requests.json : aucune page d'un fil de mot-dièse n'y figure",
        )
    return pages
