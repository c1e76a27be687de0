"""Where another program finds how a live run is started; what it does stands with the collection."""

from spiders.collecting.starting import is_behind, live_run

__all__ = ["is_behind", "live_run"]
