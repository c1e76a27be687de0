"""Passerelle: how help travels through weak ties when people mobilise under a hashtag.

The public Python API is small: :func:`open_lake` gives read access to every table of a campaign as Arrow.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from passerelle.lake import Lake, open_lake

__all__ = ["Lake", "open_lake"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Import the lake only when it is asked for: `passerelle --help` must stay light."""
    if name in __all__:
        from passerelle import lake

        return getattr(lake, name)
    raise AttributeError(f"module 'passerelle' has no attribute {name!r}")
