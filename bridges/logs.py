"""Logs: ids, never texts, never tokens."""

import logging
import re
import sys
from collections.abc import Sequence

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

QUIET = (
    *("httpx", "httpx2", "httpcore", "httpcore2", "openai", "urllib3"),  # lines with addresses
    *("aiosqlite", "chromadb", "alembic", "apscheduler", "dbos", "discord", "telegram", "PIL"),
)
TOKENS = re.compile(
    r"\d{6,12}:[A-Za-z0-9_-]{30,}|sk-[A-Za-z0-9_-]{16,}"
    r"|(?<=://)[^\s/@]+(?=@)|(?<=password=)\S+"  # who asks a server, and with which password
)
HIDDEN = "[hidden]"


def set_up(level: str, secrets: Sequence[str] = ()) -> None:
    """Send all logs to stderr, a line each, with every token taken out.

    Libraries that put addresses with tokens into their lines are kept to warnings.
    """
    hide = _Hiding(secrets)
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
                hide,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


class _Hiding:
    """Takes tokens out of a finished line, tracebacks included."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._secrets = [it for it in secrets if it]

    def __call__(self, logger: WrappedLogger, name: str, line: str | EventDict) -> str:
        shown = TOKENS.sub(HIDDEN, str(line))
        for secret in self._secrets:
            shown = shown.replace(secret, HIDDEN)
        return shown
