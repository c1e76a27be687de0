"""Files that the user already has, read piece by piece into the same records that a spider yields.

Formats: ``twarc1`` (tweets of API v1.1, one by one or in pages of the search), ``twarc2`` (response pages, streams or
flattened tweets of API v2), ``rtweet`` (CSV), ``twitter_export`` and ``activitypub`` (what Twitter and servers of the
Mastodon family give a person of their own account), ``mapped`` (any table or JSON, with a column mapping from the
campaign file). Packed or not, in archives or not, told by their content and never by their names.
"""

from spiders.archives.reading import Format, read_archives
from spiders.archives.remarks import Tally

__all__ = ["Format", "Tally", "read_archives"]
