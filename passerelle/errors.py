"""The few errors that a person may meet, each with its exit code and its sentence in two languages."""

from __future__ import annotations

import errno
import socket
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


_FRENCH_REASONS = {
    errno.ENOENT: "fichier ou dossier introuvable",
    errno.EISDIR: "c'est un dossier",
    errno.ENOTDIR: "un élément du chemin n'est pas un dossier",
    errno.EEXIST: "ce nom est déjà pris",
    errno.EACCES: "accès refusé",
    errno.ENOSPC: "disque plein",
    errno.EPERM: "opération interdite",
    errno.EROFS: "système de fichiers en lecture seule",
    errno.ENAMETOOLONG: "nom trop long",
    errno.ELOOP: "liens symboliques en boucle",
    errno.ECONNREFUSED: "connexion refusée",
    errno.ECONNRESET: "connexion coupée",
    errno.EHOSTUNREACH: "hôte injoignable",
    errno.ENETUNREACH: "réseau injoignable",
    errno.ETIMEDOUT: "délai dépassé",
    socket.EAI_NONAME: "nom d'hôte inconnu",
    socket.EAI_AGAIN: "nom d'hôte introuvable pour l'instant",
}


def french_reason(error: OSError) -> str:
    """Why the system refused, in French; in the system's own words where we know no better."""
    return _FRENCH_REASONS.get(error.errno or 0) or error.strerror or str(error)


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


class DamagedError(PasserelleError):
    """What the lake holds is not what was written there."""


class ReplayError(PasserelleError):
    """What was recorded does not replay, nor will it a little later."""


class LockedError(PasserelleError):
    """Another run holds the lake's lock."""

    exit_code = ExitCode.LOCKED
