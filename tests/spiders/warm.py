"""Imports what every crawl, clean and report import, but no reactor (each crawl chooses its own) and no help texts."""

from __future__ import annotations

import importlib
import sys

import great_expectations.expectations  # noqa: F401
from scrapy.settings import default_settings

import flows.analyse
import flows.clean
import flows.collect
import flows.publish  # noqa: F401
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
