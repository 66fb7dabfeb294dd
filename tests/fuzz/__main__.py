"""python -m tests.fuzz [--mutations N] [--only FORMAT]: every reader of comments and of articles, on N mutations of
each fixture.

`make fuzz` runs 10,000 of each. What goes wrong is told with its number, and the file is kept: the same number gives
the same file.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from time import perf_counter

import django

SLOW = 5.0


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--mutations", type=int, default=10_000)
    asked.add_argument("--only", help="one format")
    options = asked.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from tests.fuzz import articles

    wrong = _comments(options.only, options.mutations)
    for name, (format, data) in articles.fixtures().items():
        if options.only in (None, format):
            read = partial(articles.read_mutated, format, data, name=name)
            wrong += _fuzz(name, data, options.mutations, read)
    return min(wrong, 1)


def _comments(only: str | None, mutations: int) -> int:
    from tests.fuzz.reading import fixtures, read_mutated

    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        for format, path in fixtures(Path(folder)):
            if only in (None, format):
                data = path.read_bytes()
                read = partial(read_mutated, format, data, Path(folder), name=path.name)
                wrong += _fuzz(f"comments: {path.name}", data, mutations, read)
    return wrong


def _fuzz(name: str, data: bytes, mutations: int, read: Callable[..., str]) -> int:
    """How many of the mutations of one fixture went wrong."""
    from tests.fuzz.mutations import mutated

    came: Counter[str] = Counter()
    began, slowest, short = perf_counter(), 0.0, Path(name).name
    for number in range(mutations):
        at = perf_counter()
        try:
            came[read(number=number)] += 1
        except Exception:
            came["WRONG"] += 1
            _tell(short, number, mutated(data, Random(f"{short} {number}")))
        slowest = max(slowest, perf_counter() - at)
    seconds = perf_counter() - began
    sys.stdout.write(f"{name:24} {dict(came)} in {seconds:.0f} s, the slowest {slowest:.2f} s\n")
    sys.stdout.flush()
    return came["WRONG"] + (slowest > SLOW)


def _tell(name: str, number: int, broken: bytes) -> None:
    kept = Path(tempfile.gettempdir(), f"fuzz-{number}-{name}")
    kept.write_bytes(broken)
    sys.stdout.write(f"{name}, mutation {number}, kept as {kept}:\n{traceback.format_exc(limit=-4)}\n")


if __name__ == "__main__":
    sys.exit(main())
