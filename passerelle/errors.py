"""The few errors that a person may meet, each with its exit code and its sentence in two languages."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What a command returns to the shell."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    GATE = 3
    PARTIAL = 4
    LOCKED = 75
    INTERRUPTED = 130


class PasserelleError(Exception):
    """Something a person can act on: one line that says what happened, where, and what to do.

    `en` and `fr` are the same sentence, written by hand in both languages.
    """

    exit_code = ExitCode.FAILED

    def __init__(self, *, en: str, fr: str) -> None:
        super().__init__(en)
        self.en = en
        self.fr = fr

    def text(self, language: str) -> str:
        """The sentence in `language` (``fr`` or ``en``)."""
        return self.fr if language == "fr" else self.en


class UsageError(PasserelleError):
    """The command, the campaign file or an input file is not as it should be."""

    exit_code = ExitCode.USAGE


class GateError(PasserelleError):
    """A quality check failed: nothing was published."""

    exit_code = ExitCode.GATE


class PartialError(PasserelleError):
    """Some sources were lost; what was collected is kept."""

    exit_code = ExitCode.PARTIAL


class LockedError(PasserelleError):
    """Another run holds the lake's lock."""

    exit_code = ExitCode.LOCKED
