"""What the log says of an error: never the values of a row (promise 5)."""

from __future__ import annotations

import logging
import re
from typing import Any

# PostgreSQL adds to its refusal the row that it refuses, a reader's e-mail in it: up to the next exception or the end.
_VALUES = re.compile(
    r"^(DETAIL|CONTEXT):.*?(?=\n\n(?:The above exception was|During handling of the above)|\Z)",
    re.MULTILINE | re.DOTALL,
)


class WithoutValues(logging.Formatter):
    """One line a record; of a database's error its kind and place, and none of the values."""

    def formatException(self, ei: Any) -> str:
        return _VALUES.sub(r"\1: left out of the log", super().formatException(ei))
