"""Files that the user already has, read line by line into the same records that a spider yields.

Formats: ``twarc1`` (one tweet of API v1.1 a line), ``twarc2`` (response pages or flattened tweets of API v2),
``rtweet`` (CSV), ``mapped`` (any CSV or JSONL, with a column mapping from the campaign file). Gzip or not.
"""

from spiders.archives.reading import Format, read_archives

__all__ = ["Format", "read_archives"]
