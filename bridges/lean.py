"""A start without what libraries bring along for purposes that Jamfeed does not have."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

# Tracebacks in colour (structlog), a command line (httpx), webhooks (python-telegram-bot): a tenth
# of what a start imports. Each of these libraries does without where they are not installed.
UNUSED = ("click", "pygments", "rich", "tornado")


@contextmanager
def lean() -> Iterator[None]:
    """Whatever is imported meanwhile finds none of these; what is imported later does."""
    barred = [it for it in UNUSED if it not in sys.modules]
    for name in barred:
        # So an import fails: docs.python.org/3/reference/import.html#the-module-cache
        sys.modules[name] = None  # type: ignore[assignment]  # typeshed knows only modules
    try:
        yield
    finally:
        for name in barred:
            let_in(name)


def let_in(name: str) -> None:
    """Let this one be imported after all."""
    if name in sys.modules and sys.modules[name] is None:
        del sys.modules[name]
