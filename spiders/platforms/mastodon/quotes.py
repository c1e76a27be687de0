"""Which post a post quotes, in every shape that servers of the family say it.

- Mastodon 4.4 and later: ``quote: {state, quoted_status}``, or ``{state, quoted_status_id}`` inside another quote.
- Akkoma, Fedibird: ``quote`` is the quoted post itself. Pleroma: ``pleroma: {quote, quote_id, quote_url}``.
- Fedibird, Firefish and others: ``quote_id``, ``quote_uri`` or ``quote_url`` beside the post's own fields.

A quote that its author does not allow (any state but ``accepted``), or that is not visible, is no quote.
"""

from __future__ import annotations

from collections.abc import Iterator

from passerelle.identity import canonical
from passerelle.values import is_identity
from spiders.collecting.values import Json, id_text

_WHOLE = ("quoted_status", "quote")
_IDS = ("quoted_status_id", "quote_id")
_URIS = ("quote_uri", "quoted_status_uri", "quote_url")


def quoted_status(status: Json) -> Json | None:
    """The whole post that `status` quotes, where the server shows it."""
    for place in _places(status):
        for name in _WHOLE:
            inner = place.get(name)
            if isinstance(inner, dict) and "account" in inner:
                return inner
    return None


def quoted_id(status: Json) -> str | None:
    """The server's id of the quoted post, where the server gives it without the post."""
    found = (id_text(place.get(name)) for place in _places(status) for name in _IDS)
    return next((native for native in found if native), None)


def quoted_uri(status: Json) -> str | None:
    """The URI of the quoted post, where the server gives it without the post."""
    found = (place.get(name) for place in _places(status) for name in _URIS)
    return next((canonical(str(uri)) for uri in found if is_identity(uri) and ":" in str(uri)), None)


def _places(status: Json) -> Iterator[Json]:
    """Where a quote may be told of, unless it is said not to be shown."""
    quote, pleroma = status.get("quote"), status.get("pleroma")
    is_post = isinstance(quote, dict) and "account" in quote
    if isinstance(quote, dict) and not is_post and quote.get("state") not in (None, "accepted"):
        return
    if isinstance(pleroma, dict) and pleroma.get("quote_visible") is False:
        return
    if isinstance(quote, dict) and not is_post:
        yield quote
    yield status
    if isinstance(pleroma, dict):
        yield pleroma
