"""A pipeline that fails as a full disk does."""

from __future__ import annotations

import errno

from passerelle.records import Record


class FullDisk:
    """Takes nothing."""

    def process_item(self, item: Record) -> Record:
        raise OSError(errno.ENOSPC, "No space left on device")
