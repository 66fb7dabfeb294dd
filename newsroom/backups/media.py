"""The pictures of articles. A file's name is never used twice, so what is there is right."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

FOLDER = "media"


def copy(root: Path, to: Path) -> None:
    """Every file below the media folder."""
    for file in sorted(root.rglob("*")) if root.is_dir() else []:
        if file.is_file():
            _copy(file, to / file.relative_to(root))


def put_back(folder: Path, root: Path) -> None:
    """Files of the backup go where they were; others stay, since nothing shown names them."""
    copy(folder, root)


def _copy(file: Path, to: Path) -> None:
    """Whole or not at all: a picture is never seen half written."""
    to.parent.mkdir(parents=True, exist_ok=True)
    half = to.with_name(f".{to.name}.half")
    shutil.copyfile(file, half)
    os.replace(half, to)
