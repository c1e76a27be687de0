"""Writing one run's file: warcinfo first, then every attempt as it comes, then the end."""

from __future__ import annotations

import fcntl
import os
import uuid
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter

from passerelle.vault.model import Attempt, RunInfo, warc_date
from passerelle.vault.reading import Entry

_WORTH_REFERRING = 256  # bytes: a revisit record of less would be longer than what it saves
END = "urn:passerelle:run-end"


class RunWriter:
    """Writes one new file of a run. `payloads` (digest -> first record with it) is shared by the whole vault."""

    def __init__(self, path: Path, info: RunInfo, part: int, payloads: dict[str, Entry]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.num_records = 0
        self._info = info
        self._part = part
        self._payloads = payloads
        draft = path.with_name(path.name + ".new")
        self._file = draft.open("wb")
        fcntl.flock(self._file, fcntl.LOCK_EX)  # says that the run is alive; the kernel lets go when we die
        self._warc = WARCWriter(self._file, gzip=True, warc_version="WARC/1.1")
        self._write_fields("warcinfo", "", info.clock, info.fields(part), {"WARC-Filename": path.name})
        os.link(draft, path)  # never over a file that is there; a run whose file exists says who it is
        draft.unlink()

    def add(self, attempt: Attempt) -> None:
        """Keep `attempt`; it is on its way to the disk when this returns."""
        extra = {"Passerelle-Fingerprint": attempt.fingerprint, "Passerelle-Ordinal": str(attempt.ordinal)}
        if attempt.failure is not None:
            fields = {"failure": attempt.failure, "detail": attempt.detail}
            self._write_fields("metadata", attempt.url, attempt.captured_at, fields, extra)
            return
        self._write_answer(attempt, extra)

    def end(self, status: str, at: datetime) -> None:
        """Say that the run came to its end (``complete``, ``partial`` or ``failed``) and close the file."""
        self._write_fields("metadata", END, at, {"status": status, "records": str(self.num_records)}, {})
        self.close()

    def close(self) -> None:
        """Close the file, whole or not; a file without an end belongs to a run that may be restarted."""
        if not self._file.closed:
            os.fsync(self._file.fileno())
            self._file.close()

    def _write_answer(self, attempt: Attempt, extra: Mapping[str, str]) -> None:
        digester = Digester("sha1")
        digester.update(attempt.body)
        digest, offset = str(digester), self._file.tell()
        headers = StatusAndHeaders(str(attempt.status), list(attempt.headers), protocol="HTTP/1.1")
        first = self._payloads.get(digest) if len(attempt.body) >= _WORTH_REFERRING else None
        common = {**self._common(attempt.captured_at), **extra}
        if first is not None:
            record = self._warc.create_revisit_record(
                attempt.url, digest, first.url, warc_date(first.captured_at), headers, common
            )
        else:
            payload = BytesIO(attempt.body)
            record = self._warc.create_warc_record(
                attempt.url,
                "response",
                payload=payload,
                length=len(attempt.body),
                http_headers=headers,
                warc_headers_dict=common,
            )
            self._payloads[digest] = Entry.of(attempt, self.path, offset, digest)
        self._flush(record)

    def _write_fields(
        self, kind: str, url: str, at: datetime, fields: Mapping[str, str], extra: Mapping[str, str]
    ) -> None:
        lines = "".join(f"{name}: {_one_line(value)}\r\n" for name, value in fields.items())
        payload = lines.encode("utf-8", "replace")
        record = self._warc.create_warc_record(
            url, kind, payload=BytesIO(payload), length=len(payload), warc_headers_dict={**self._common(at), **extra}
        )
        self._flush(record)

    def _common(self, at: datetime) -> dict[str, str]:
        # ids by name, not at random: the same run gives the same file
        name = f"{self._info.run_id}/{self._part}/{self.num_records}"
        identity = uuid.uuid5(uuid.NAMESPACE_URL, f"urn:passerelle:{name}")
        return {"WARC-Record-ID": f"<urn:uuid:{identity}>", "WARC-Date": warc_date(at)}

    def _flush(self, record: object) -> None:
        self._warc.write_record(record)
        self._file.flush()
        self.num_records += 1


def is_alive(path: Path) -> bool:
    """Whether some process is still writing the file."""
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _one_line(value: str) -> str:
    return " ".join(value.split())
