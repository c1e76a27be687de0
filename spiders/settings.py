"""Scrapy's settings. Whatever its defaults trust (TLS, file://, redirects, huge answers) is refused here."""

BOT_NAME = "passerelle"
USER_AGENT = "passerelle/0.1 (research)"
SPIDER_MODULES = ["spiders.platforms"]
ITEM_PIPELINES = {"pipelines.landing_pipeline.LandingPipeline": 300}

# every attempt, retries too, passes the vault; only http and https exist
DOWNLOAD_HANDLERS = {
    "http": "spiders.asking.vault_handler.VaultHandler",
    "https": "spiders.asking.vault_handler.VaultHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
DOWNLOADER_MIDDLEWARES = {"spiders.asking.politeness.Politeness": 550}
RETRY_ENABLED = False
REDIRECT_ENABLED = False
METAREFRESH_ENABLED = False
COOKIES_ENABLED = False
COMPRESSION_ENABLED = False
TELNETCONSOLE_ENABLED = False
HTTPPROXY_ENABLED = False  # a proxy would look names up where nobody checks where they lead
EXTENSIONS = {"scrapy.extensions.remote_control.RemoteControl": None}
ROBOTSTXT_OBEY = True

DEFAULT_REQUEST_HEADERS = {"Accept": "application/json", "Accept-Encoding": "gzip"}
DOWNLOAD_VERIFY_CERTIFICATES = True
TWISTED_DNS_RESOLVER = "spiders.asking.guard.GuardedResolver"
DOWNLOAD_MAXSIZE = 32 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_DELAY = 0
CONCURRENT_REQUESTS_PER_DOMAIN = 1

# attempts of one request, and what is waited between them where the server does not say, doubled each time; no wait,
# stated or not, is longer than MAX_WAIT: a server that asks for more is not asked again in the same run
PASSERELLE_MAX_ATTEMPTS = 5
PASSERELLE_BACKOFF_SECONDS = 2.0
PASSERELLE_LIMIT_BACKOFF_SECONDS = 30.0
PASSERELLE_MAX_WAIT_SECONDS = 3600.0

LOG_LEVEL = "WARNING"
LOG_FORMAT = "%(levelname)s %(name)s: %(message)s"
LOG_SHORT_NAMES = True
STATS_DUMP = False
LOG_FORMATTER = "spiders.logs.Discreet"
