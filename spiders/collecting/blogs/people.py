"""Who writes on a blog: a name on it, nobody twice where nobody signs."""

from __future__ import annotations

from passerelle.values import UnkeptError, is_identity
from spiders.collecting.blogs.entries import Written
from spiders.collecting.guests import guest, is_nobody


def identity(platform: str, host: str, entry: Written) -> str:
    """What names the author of `entry` on the blog at `host`: a post that nobody signs is the blog's own.

    Raises UnkeptError for a name that is none.
    """
    if is_nobody(entry.by) and not entry.on:
        return f"{platform}:{host}"
    found = f"{platform}:{host}/guest/{guest(entry.by, entry.id.rpartition('#')[2])}"
    if not is_identity(found):
        raise UnkeptError("post without author")
    return found
