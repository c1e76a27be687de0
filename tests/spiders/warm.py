"""Imports what every crawl imports, but no reactor: each crawl chooses its own."""

from __future__ import annotations

import importlib
import sys

from scrapy.settings import default_settings

import pipelines.landing_pipeline  # noqa: F401
import spiders.crawl  # noqa: F401
import tests.spiders.kept  # noqa: F401

_COMPONENTS = (
    *default_settings.DOWNLOADER_MIDDLEWARES_BASE,
    *default_settings.SPIDER_MIDDLEWARES_BASE,
    *default_settings.EXTENSIONS_BASE,
    default_settings.STATS_CLASS,
    default_settings.SCHEDULER,
    default_settings.SCHEDULER_PRIORITY_QUEUE,
    default_settings.SCHEDULER_MEMORY_QUEUE,
    default_settings.DUPEFILTER_CLASS,
    default_settings.LOG_FORMATTER,
)
for _component in _COMPONENTS:
    importlib.import_module(str(_component).rpartition(".")[0])
if "twisted.internet.reactor" in sys.modules:
    raise ImportError("a reactor was installed before there was a crawl")
