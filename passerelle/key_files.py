"""Files that hold a pseudonym key: where the user's own lie, how they are read, written and told apart."""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from pathlib import Path

import click

from passerelle.errors import UsageError, french_reason
from passerelle.identity import Pseudonyms

VARIABLE = "PASSERELLE_KEY"


def fingerprint(pseudonyms: Pseudonyms) -> str:
    """16 hexadecimal digits that tell one key from another, and nothing about it."""
    return hashlib.blake2b(b"", key=pseudonyms.key, person=b"fingerprint", digest_size=8).hexdigest()


def keys_folder() -> Path:
    """The user's own folder of keys, for instance ``~/.config/passerelle/keys``."""
    return Path(click.get_app_dir("passerelle")) / "keys"


def kept_file(name: str, mark: str) -> Path:
    """Where the key with the fingerprint `mark` of the campaign `name` is kept, unless the campaign says otherwise."""
    return keys_folder() / f"{name}-{mark}.key"


def kept_key(mark: str) -> Path | None:
    """The file of the user's folder whose key has the fingerprint `mark`, whatever campaign its name tells."""
    return next(iter(sorted(keys_folder().glob(f"*-{mark}.key"))), None)


def read_key(path: Path) -> Pseudonyms:
    """The key in a file: its hexadecimal digits. Raises UsageError where it cannot be read or is none."""
    try:
        text = path.read_text("ascii")
    except OSError as error:
        raise UsageError(
            en=f"{path}: the key cannot be read ({error.strerror}); check the path and the rights",
            fr=f"{path} : la clé est illisible ({french_reason(error)}) ; vérifiez le chemin et les droits",
        ) from None
    except UnicodeDecodeError:
        text = ""
    return parse_key(text, str(path))


def parse_key(text: str, place: str) -> Pseudonyms:
    """The key that `text` writes in hexadecimal. Raises UsageError, naming its `place` but never the key."""
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if not 32 <= len(key) <= 64:
        raise UsageError(
            en=f"{place}: a pseudonym key is 64 to 128 hexadecimal digits; put your copy of the key back",
            fr=f"{place} : une clé de pseudonymes compte de 64 à 128 chiffres hexadécimaux ; remettez-y votre copie",
        )
    return Pseudonyms(key)


def make_key(path: Path | None, name: str) -> tuple[Pseudonyms, Path]:
    """A new key in the file `path`, else in the user's folder, for its owner's eyes only; one that is there stays.

    Raises UsageError where the file cannot be written.
    """
    pseudonyms = Pseudonyms(secrets.token_bytes(32))
    path = path or kept_file(name, fingerprint(pseudonyms))
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_secret(path, pseudonyms.key.hex() + "\n")
    except FileExistsError:
        return read_key(path), path
    except OSError as error:
        raise UsageError(
            en=f"{path}: the new pseudonym key cannot be kept there ({error.strerror}); name another file by "
            f"'key_file' in the campaign file, or set ${VARIABLE}",
            fr=f"{path} : la nouvelle clé des pseudonymes ne peut pas y être conservée ({french_reason(error)}) ; "
            f"nommez un autre fichier par « key_file » dans le fichier de campagne, ou définissez ${VARIABLE}",
        ) from None
    return pseudonyms, path


def _write_secret(path: Path, text: str) -> None:
    """Write a file whole or not at all, never over another one, and never for a moment readable by others."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent)  # its mode is 0600
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    finally:
        os.unlink(draft)
