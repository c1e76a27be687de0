"""What became of every record that came: landed, refused or quarantined. Nothing else can happen to one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from passerelle.errors import GateError
from passerelle.policy import REASONS
from passerelle.records import CoverageRecord


@dataclass(slots=True)
class Counters:
    """Counts records by class (``post``, ``embedded_post``, ``account``, ``engagement``...) and fate.

    Beside that: the values that were left out of records that landed, by ``field: reason``, and the histories that
    were not asked for, by the wish that kept us from it.
    """

    fetched: Counter[str] = field(default_factory=Counter)
    landed: Counter[str] = field(default_factory=Counter)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    quarantined: Counter[tuple[str, str]] = field(default_factory=Counter)

    left_out: Counter[str] = field(default_factory=Counter)
    not_asked: Counter[str] = field(default_factory=Counter)

    def land(self, kind: str, left_out: Iterable[str], looks: int = 1) -> None:
        """Count a record (seen in `looks` looks) that landed without the values `left_out`."""
        self.landed[kind] += looks
        self.left_out.update(left_out)

    def note_coverage(self, coverage: CoverageRecord) -> None:
        """Count a history that was not asked for because the person, or the campaign, did not want it."""
        if coverage.scope == "history" and coverage.reason in REASONS:
            self.not_asked[coverage.reason] += 1

    def check(self) -> None:
        """Raise GateError unless, class by class, fetched = landed + refused + quarantined."""
        for name, fetched in sorted(self.fetched.items()):
            parts = [self.landed[name], _of_class(self.refused, name), _of_class(self.quarantined, name)]
            if fetched != sum(parts):
                shown = " + ".join(map(str, parts))
                raise GateError(
                    en=f"landing: {fetched} {name} records came but {shown} landed, were refused or set aside; "
                    "nothing was landed, please report this",
                    fr=f"réception : {fetched} enregistrements {name} reçus, mais {shown} retenus, refusés ou "
                    "écartés ; rien n'a été retenu, merci de le signaler",
                )

    def as_json(self) -> dict[str, object]:
        """For the manifest: totals, reasons, and the same by class."""
        return {
            "fetched": self.fetched.total(),
            "landed": self.landed.total(),
            "refused": self.refused.total(),
            "quarantined": self.quarantined.total(),
            "refused_by": _by_reason(self.refused),
            "quarantined_by": _by_reason(self.quarantined),
            "left_out": dict(sorted(self.left_out.items())),
            "histories_not_asked": dict(sorted(self.not_asked.items())),
            "by_class": {name: self._class_as_json(name) for name in sorted(self.fetched)},
        }

    def _class_as_json(self, name: str) -> dict[str, object]:
        refused = {reason: n for (kind, reason), n in sorted(self.refused.items()) if kind == name}
        return {
            "fetched": self.fetched[name],
            "landed": self.landed[name],
            "refused": sum(refused.values()),
            "quarantined": _of_class(self.quarantined, name),
            "refused_by": refused,
        }


def _of_class(counts: Mapping[tuple[str, str], int], name: str) -> int:
    return sum(n for (kind, _), n in counts.items() if kind == name)


def _by_reason(counts: Mapping[tuple[str, str], int]) -> dict[str, int]:
    reasons: Counter[str] = Counter()
    for (_, reason), n in counts.items():
        reasons[reason] += n
    return dict(sorted(reasons.items()))
