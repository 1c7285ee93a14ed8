"""What the log may not hold: the tokens of personal links and of one-time links."""

from __future__ import annotations

import logging
import re

_TOKEN = re.compile(r"(/l/|/sign-in/link/)[\w-]+")


class NoTokens(logging.Filter):
    """Writes three dots in place of every token in a line, its arguments and its traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record; let it through."""
        record.msg = without_tokens(record.getMessage())
        record.args = None
        if record.exc_info and not record.exc_text:
            record.exc_text = without_tokens(logging.Formatter().formatException(record.exc_info))
        return True


def without_tokens(text: str) -> str:
    """A text with three dots in place of each token."""
    return _TOKEN.sub(r"\1…", text)
