"""What people would pick instead, measured beside in the same run.

Each from an environment of its own, installed for it and forgotten afterwards. Nothing of them is kept here.
"""

from __future__ import annotations

import subprocess
import tempfile
import venv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ISSO, XTD = "isso", "django-comments-xtd"
# Seconds that one may take to install.
PATIENCE = 600
_PACKAGES = {ISSO: ("isso", "gunicorn", "setuptools<81"), XTD: ("django-comments-xtd", "gunicorn")}
Peers = Mapping[str, Path]
# People pick these too. This command installs from Python's registry alone.
_LEFT_OUT = (
    "Waline (a package of npm, on Node)",
    "Remark42 (a program in Go)",
    "Coral (on Node, with MongoDB and Redis)",
)


@contextmanager
def installed() -> Iterator[Peers]:
    """The Python of an environment with each of them, by name; those that do not install here are left out."""
    with tempfile.TemporaryDirectory(prefix="bench-peers-") as folder:
        yield {name: python for name in _PACKAGES if (python := _made(Path(folder, name), _PACKAGES[name]))}


def told(peers: Peers, *, were_asked_for: bool = True) -> str:
    """Who was measured and who was not, with the reason, in a sentence or three."""
    beside = f"Beside, in the same run: {', '.join(peers)}." if peers else "Nobody was measured beside."
    missing = ", ".join(name for name in _PACKAGES if name not in peers)
    why = "did not install here" if were_asked_for else "were not asked for (--without-peers)"
    return " ".join(
        [
            beside,
            *([f"Left out: {missing}, which {why}."] if missing else []),
            f"Not measured, for they are no packages of Python's: {', '.join(_LEFT_OUT)}.",
        ]
    )


def _made(folder: Path, packages: tuple[str, ...]) -> Path | None:
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    words = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
    try:
        subprocess.run(words, check=True, timeout=PATIENCE)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return None
    return python
