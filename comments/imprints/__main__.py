"""The process that makes imprints beside an import: lines of JSON, a list of texts in and a list of imprints out.

It ends with its standard input: however whoever asks has ended, nothing is left behind.
"""

from __future__ import annotations

import json
import sys

from comments.imprints import imprint_of


def main() -> None:
    for line in sys.stdin.buffer:
        sys.stdout.buffer.write(json.dumps([imprint_of(text) for text in json.loads(line)]).encode() + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
