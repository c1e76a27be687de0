"""Where another program finds how a live run is started; what it does stands with the collection."""

from spiders.collecting.starting import live_run

__all__ = ["live_run"]
