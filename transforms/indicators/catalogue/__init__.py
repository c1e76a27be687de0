"""Every weekly indicator there is: an unknown name is an error. What of them is public: `transforms.report.lines`.

One entry an indicator: the weekly table, the data dictionary, the table of docs/methods.md and the report read it. No
text on an indicator stands elsewhere but in sentences that speak of several.
"""

from __future__ import annotations

from transforms.indicators.catalogue.bridges import BRIDGES
from transforms.indicators.catalogue.entry import Fraction, Indicator, Kind
from transforms.indicators.catalogue.people import PEOPLE
from transforms.indicators.catalogue.responses import RESPONSES
from transforms.indicators.catalogue.spreading import SPREADING
from transforms.indicators.catalogue.ties import TIES
from transforms.indicators.catalogue.volume import VOLUME

INDICATORS = (*VOLUME, *TIES, *BRIDGES, *RESPONSES, *PEOPLE, *SPREADING)
EIGHT = "_8w"
"""How the name of a figure over 8 weeks ends."""
CATALOGUE = {indicator.name: indicator for indicator in INDICATORS}


def checked(name: str, stratum: str | None = None) -> Indicator:
    """The entry of an indicator, over 8 weeks too (``…_8w``). Raises KeyError for one, or a stratum of it, that is not
    listed.
    """
    one = CATALOGUE.get(name.removesuffix(EIGHT))
    if one is None or (stratum is not None and stratum not in one.strata):
        raise KeyError(f"no indicator {name} ({stratum or 'any stratum'}) in transforms/indicators/catalogue")
    return one


__all__ = ["CATALOGUE", "EIGHT", "INDICATORS", "Fraction", "Indicator", "Kind", "checked"]
