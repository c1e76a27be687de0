"""What a request carries of us, and where: nothing that is kept, logged or told holds it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from scrapy import Request
from w3lib.url import add_or_replace_parameter

_HIDDEN = b"-"
_TELLING = 8  # a shorter word may stand in any text


@dataclass(frozen=True, slots=True, repr=False)
class Token:
    """A secret `value`: in the header Authorization, or as the `parameter` of an address.

    A parameter is added by whoever sends the request, to a copy of it: the request itself has the address without.
    """

    value: str
    parameter: str = ""

    def goes_with(self, request: Request) -> None:
        """Have `request` carry it."""
        request.meta["token"] = self
        if not self.parameter:
            request.headers["Authorization"] = f"Bearer {self.value}"

    def on(self, url: str) -> str:
        """The address as it is sent."""
        return str(add_or_replace_parameter(url, self.parameter, self.value)) if self.parameter else url

    def out_of(self, data: bytes) -> bytes:
        """What came back (an address in it, say), without the token."""
        for written in {self.value, quote(self.value, safe=""), self.value.replace("/", "\\/")}:
            if self.parameter:
                name = f"{self.parameter}=".encode()
                data = data.replace(name + written.encode(), name + _HIDDEN)
            if len(written) >= _TELLING:
                data = data.replace(written.encode(), _HIDDEN)
        return data
