"""The capture vault: a log of HTTP traffic in WARC, one file a run, written once and replayed as it was.

It is a log and no cache: every attempt is kept (429 and 5xx too; failures as ``metadata`` records), each with its
ordinal for (run, request fingerprint), so that replay meets the same answers in the same order.
"""

from passerelle.vault.folder import FAILED, Vault
from passerelle.vault.model import Attempt, RunInfo
from passerelle.vault.reading import RecordedRun
from passerelle.vault.rewriting import attempts_of, keep_erased, read_erased, rewrite
from passerelle.vault.tape import Tape
from passerelle.vault.writing import RunWriter

__all__ = [
    "FAILED",
    "Attempt",
    "RecordedRun",
    "RunInfo",
    "RunWriter",
    "Tape",
    "Vault",
    "attempts_of",
    "keep_erased",
    "read_erased",
    "rewrite",
]
