"""Whether a crawl ended well: Scrapy's exit code says nothing, so its statistics and what it left are looked at."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol, cast

from scrapy.crawler import Crawler

from passerelle.errors import ExitCode, PasserelleError
from passerelle.lake import MANIFEST, STATS, Lake
from passerelle.vault import FAILED
from passerelle.wording import english, french
from spiders.asking.politeness import Politeness
from spiders.asking.run import Run

_EXIT = {"complete": ExitCode.DONE, "partial": ExitCode.PARTIAL, "interrupted": ExitCode.INTERRUPTED}


@dataclass(slots=True)
class Verdict:
    """How a run ended (``complete``, ``partial``, ``failed``, ``interrupted``), why, and what it cost.

    `is_behind`: a stream that was cut before the present, which goes on from there.
    """

    run_id: str
    source: str
    outcome: str
    errors: dict[str, list[str]]
    exit_code: int
    policy: str = ""
    is_behind: bool = False
    requests: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    waited_seconds: float = 0.0
    counts: Mapping[str, int] = field(default_factory=dict)
    scrapy: Mapping[str, object] = field(default_factory=dict)


class JudgedSpider(Protocol):
    """What a spider tells of how it fared."""

    outcome: str
    trouble: PasserelleError | None
    policy: str
    counts: Mapping[str, int]
    lines: Sequence[tuple[str, str]]
    is_told_to_end: bool
    is_behind: bool


def conclude(crawler: Crawler, run: Run) -> Verdict:
    """Judge a crawl that has ended, keep the verdict beside what was staged, and end its recording."""
    politeness = crawler.get_downloader_middleware(Politeness)
    verdict = judge(crawler, run, politeness.waits.total if politeness else 0.0)
    _write(Lake(run.lake_root), verdict)
    if verdict.outcome == "interrupted":
        run.tape.close()  # left without an end: the next run takes it up again
    else:
        run.tape.end(verdict.outcome, run.now())
    return verdict


def judge(crawler: Crawler, run: Run, waited: float) -> Verdict:
    """The verdict on a crawl that has ended. Any error in the log, or no manifest, is a failure."""
    stats = crawler.stats.get_stats()
    spider = cast("JudgedSpider", crawler.spider)
    errors: dict[str, list[str]] = {"en": [], "fr": []}
    outcome = _outcome(stats, spider, run, errors)
    return Verdict(
        run_id=run.run_id,
        source=run.source,
        outcome=outcome,
        errors=errors,
        exit_code=_exit_code(outcome, spider),
        policy=spider.policy,
        is_behind=spider.is_behind,
        requests=int(stats.get("downloader/request_count", 0)),
        statuses=_statuses(stats),
        waited_seconds=round(waited, 3),
        counts=spider.counts,
        scrapy={name: value for name, value in stats.items() if isinstance(value, int | float | str)},
    )


def _write(lake: Lake, verdict: Verdict) -> None:
    path = lake.staging / verdict.run_id / STATS
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"schema": 1, **asdict(verdict)}, ensure_ascii=False, indent=1), "utf-8")


def _outcome(stats: Mapping[str, Any], spider: JudgedSpider, run: Run, errors: dict[str, list[str]]) -> str:
    if stats.get("finish_reason") == "shutdown":
        return "interrupted"
    if spider.trouble is not None:
        _add(errors, spider.trouble.en, spider.trouble.fr)
        return FAILED
    _log_errors(stats, errors)
    if not (Lake(run.lake_root).staging / run.run_id / MANIFEST).exists():
        _add(errors, "nothing was staged: there is no manifest", "rien n'a été préparé : il n'y a pas de manifeste")
    unused = run.tape.unused() if run.tape.replaying else []
    if unused:
        _add(
            errors,
            f"{english(len(unused), 'recorded answer')} not asked for, the first is {unused[0]}",
            f"{french(len(unused), 'réponse enregistrée')} sans demande, la première : {unused[0]}",
        )
    if errors["en"]:
        return FAILED
    for en, fr in spider.lines:
        _add(errors, en, fr)
    return spider.outcome


def _log_errors(stats: Mapping[str, Any], errors: dict[str, list[str]]) -> None:
    num_errors = stats.get("log_count/ERROR", 0) + stats.get("log_count/CRITICAL", 0)
    if num_errors or stats.get("spider_exceptions/count", 0):
        _add(
            errors,
            f"{english(num_errors, 'error')} in the log of the crawl",
            f"{french(num_errors, 'erreur')} dans le journal de la collecte",
        )
    if stats.get("finish_reason") != "finished":
        reason = stats.get("finish_reason")
        _add(errors, f"the crawl was stopped ({reason})", f"la collecte a été arrêtée ({reason})")


def _exit_code(outcome: str, spider: JudgedSpider) -> int:
    if spider.is_told_to_end and outcome != FAILED:
        return int(ExitCode.INTERRUPTED)
    return int(spider.trouble.exit_code if spider.trouble is not None else _EXIT.get(outcome, ExitCode.FAILED))


def _statuses(stats: Mapping[str, Any]) -> dict[str, int]:
    start = "downloader/response_status_count/"
    return {name.removeprefix(start): value for name, value in stats.items() if name.startswith(start)}


def _add(errors: dict[str, list[str]], en: str, fr: str) -> None:
    errors["en"].append(en)
    errors["fr"].append(fr)
