"""What answers a run's requests: first what was recorded, then the network, whose answers are kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from passerelle.errors import PasserelleError
from passerelle.vault.folder import Vault
from passerelle.vault.model import Attempt
from passerelle.vault.reading import RecordedRun
from passerelle.vault.writing import RunWriter

_NOT_THERE = 404


class Tape:
    """Recorded attempts by (fingerprint, ordinal), and a writer for new ones.

    Without a `writer` it replays: an attempt that was not recorded is an error, and so is one left over, unless the
    recording `is_less` than it was, since somebody was erased from it: then it says that there is nothing.
    """

    def __init__(
        self, vault: Vault, recorded: RecordedRun | None, writer: RunWriter | None, *, is_less: bool = False
    ) -> None:
        self._vault = vault
        self._recorded = recorded
        self._writer = writer
        self._is_less = is_less
        self._asked: Counter[str] = Counter()

    @property
    def replaying(self) -> bool:
        """Whether nothing may be asked of the network."""
        return self._writer is None

    def holds(self, fingerprint: str) -> bool:
        """Whether the next attempt of `fingerprint` is on record, so that the network is not asked."""
        entries = self._recorded.attempts.get(fingerprint, []) if self._recorded else []
        return self.replaying or self._asked[fingerprint] < len(entries)

    def next_ordinal(self, fingerprint: str) -> int:
        """Count one more attempt of `fingerprint` and give its ordinal."""
        self._asked[fingerprint] += 1
        return self._asked[fingerprint] - 1

    def recorded(self, fingerprint: str, ordinal: int, url: str) -> Attempt | None:
        """The attempt that was recorded; None when it must be asked live. Raises PasserelleError on a miss."""
        entries = self._recorded.attempts.get(fingerprint, []) if self._recorded else []
        if ordinal < len(entries):
            return self._vault.load(entries[ordinal])
        if self.replaying and self._is_less and self._recorded is not None:
            at = self._recorded.info.clock
            return Attempt(url=url, fingerprint=fingerprint, ordinal=ordinal, captured_at=at, status=_NOT_THERE)
        if self.replaying:
            raise PasserelleError(
                en=f"{self._vault.folder}: the recording does not hold {url} (attempt {ordinal + 1});"
                " replay with the campaign file it was made with",
                fr=f"{self._vault.folder} : l'enregistrement ne contient pas {url} (essai {ordinal + 1}) ;"
                " rejouez-le avec le fichier de campagne d'origine",
            )
        return None

    def on_record(self, fingerprint: str) -> Iterator[Attempt]:
        """What stands on record of a sequence of which nobody asks for the next: each attempt counts as asked for."""
        entries = self._recorded.attempts.get(fingerprint, []) if self._recorded else []
        while self._asked[fingerprint] < len(entries):
            yield self._vault.load(entries[self.next_ordinal(fingerprint)])

    def keep(self, attempt: Attempt) -> None:
        """Write down a live attempt."""
        if self._writer is not None:
            self._writer.add(attempt)

    def unused(self) -> list[str]:
        """The URL of each recorded attempt that nobody asked for."""
        if self._recorded is None or self._is_less:
            return []
        return [
            entry.url
            for fingerprint, entries in self._recorded.attempts.items()
            for entry in entries[self._asked[fingerprint] :]
        ]

    def close(self) -> None:
        """Close what was written without an end, so that the run can be restarted."""
        if self._writer is not None:
            self._writer.close()

    def end(self, status: str, at: datetime) -> None:
        """Close what was written, with how the run ended."""
        if self._writer is not None:
            self._writer.end(status, at)
