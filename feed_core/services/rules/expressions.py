"""Regular expressions that no text can make slow.

RE2 looks at every character once (github.com/google/re2/wiki/WhyRE2), so that neither an operator's
pattern nor a text written for it can hang a check; for that it knows no look-around and no
references back.
"""

from collections.abc import Iterator

import re2

MEMORY = 32 * 2**20  # bytes for one expression; RE2 gets slower when it needs more, not wrong


class Expression:
    """A compiled expression.

    Raises:
        ValueError: RE2 cannot read it; the message says what it trips over.
    """

    def __init__(self, pattern: str) -> None:
        options = re2.Options()
        options.max_mem, options.log_errors = MEMORY, False
        try:
            self._compiled = re2.compile(pattern, options)
        except re2.error as error:
            (problem,) = error.args
            raise ValueError(f"RE2 cannot read this: {problem.decode(errors='replace')}") from error

    def find(self, text: str) -> str | None:
        """What it finds first: its first group that took part, else all of it."""
        return next(self.all(text), None)

    def all(self, text: str) -> Iterator[str]:
        """All that it finds, as `find` gives it, in order."""
        for match in self._compiled.finditer(text):
            yield next((it for it in (*match.groups(), match[0]) if it is not None), "")

    def without(self, text: str) -> str:
        """The text with a space in place of all that it finds."""
        return self._compiled.sub(" ", text)
