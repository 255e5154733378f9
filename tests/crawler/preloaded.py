"""Imports all that a crawl imports, and no reactor: for the server that tests fork their crawls from."""

from importlib import import_module

from scrapy.settings import default_settings

import crawler.settings as project

_TABLES = (
    "EXTENSIONS_BASE",
    "DOWNLOADER_MIDDLEWARES_BASE",
    "SPIDER_MIDDLEWARES_BASE",
    "EXTENSIONS",
    "DOWNLOADER_MIDDLEWARES",
)
_CLASSES = ("DUPEFILTER_CLASS", "LOG_FORMATTER", "SCHEDULER_MEMORY_QUEUE", "SCHEDULER_PRIORITY_QUEUE", "STATS_CLASS")

_names = [name for source in (default_settings, project) for table in _TABLES for name in getattr(source, table, ())]
_names += [getattr(default_settings, name) for name in _CLASSES]
_names += ["scrapy.core.downloader.handlers.http11.X", "scrapy.extensions.feedexport.X", "crawler.resolver.X"]
_names += ["crawler.commands.X", "crawler.run.X", "crawler.spiders.hanweb.X", "crawler.spiders.ucap.X", "protego.X"]
for _name in _names:
    import_module(_name.rpartition(".")[0])
