"""What the libraries may log: nothing that holds the token or what people said."""

import logging

import structlog

logger = structlog.get_logger(__name__)


class _WithoutData(logging.Handler):
    """Passes on what the library says of a failure, but not the data it says it of."""

    def emit(self, record: logging.LogRecord) -> None:
        logger.error("telegram_library_failed", said=str(record.msg))  # its arguments stay out


def silence() -> None:
    """Keep the libraries from logging URLs, which hold the token, and people's words."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    library = logging.getLogger("telegram")
    library.setLevel(logging.CRITICAL)
    library.propagate = False
    library.handlers = [_WithoutData()]
