"""Files packed by gzip, unpacked while they are read, and no further than is sane."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from newsroom.importers.reach import Reach, opened
from newsroom.importers.source import MEBIBYTE, RefusedArticle

GZIP_SIGN = b"\x1f\x8b"
UNPACKED_MAX = 4096 * MEBIBYTE
# Exports shrink to a tenth, repetitive ones to a fiftieth; a bomb to a thousandth.
RATIO_MAX = 200
RATIO_COUNTS_FROM = 16 * MEBIBYTE


def unpacked(path: Path, reach: Reach) -> BinaryIO:
    """The file's own bytes, or what gzip packed. Reading raises RefusedArticle where the pack is broken or a bomb.

    `reach` follows how far the file itself is read.
    """
    file = opened(path, reach)
    sign = file.read(len(GZIP_SIGN))
    file.seek(0)
    return io.BufferedReader(_Unpacking(file), MEBIBYTE) if sign == GZIP_SIGN else file  # type: ignore[type-var]


class _Unpacking(io.RawIOBase):
    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self.file = file
        self.stream = gzip.GzipFile(fileobj=file)
        self.unpacked = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        try:
            data = self.stream.read(len(buffer))
        except (OSError, EOFError, zlib.error) as error:
            raise RefusedArticle(_("The packed file (gzip) is broken.")) from error
        self.unpacked += len(data)
        grown = self.unpacked > RATIO_COUNTS_FROM and self.unpacked > RATIO_MAX * max(self.file.tell(), 1)
        if grown or self.unpacked > UNPACKED_MAX:
            raise RefusedArticle(_("The packed file (gzip) unpacks to more than an export can be: a bomb."))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self.stream.close()
        self.file.close()
        super().close()
