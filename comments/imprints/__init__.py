"""An imprint of a text: texts of the same words have the same, nearly the same texts share a part of it.

MinHash (Broder, On the resemblance and containment of documents, 1997) over the four-letter pieces of the folded text:
two texts share a band with the probability that their rarest pieces agree. docs/decisions/0009-alike.md. No Django: a
process that knows nothing else makes them too (beside.py).
"""

from __future__ import annotations

from hashlib import blake2b
from itertools import chain
from struct import unpack
from sys import byteorder

from comments.screening.folding import folded_words

BANDS = 4
_PIECE = 4
# Minima a band: with three, 95 % of texts of a likeness of 85 and more share a band, and 0.08 % of others.
_MINIMA = 3
_HASHES = BANDS * _MINIMA


def imprint_of(text: str) -> int:
    """64 bits: four bands of 16, the first in the lowest bits. Texts of the same words have the same."""
    minima = _minima(_pieces(folded_words(text)))
    bands = (minima[start : start + _MINIMA] for start in range(0, _HASHES, _MINIMA))
    return sum(_sixteen_bits(band) << 16 * place for place, band in enumerate(bands))


class _LowHashes(dict[bytes | int, tuple[tuple[int, int], ...]]):
    """Of each piece met lately, its hashes below _LOW, each with its place: the minima of a text are among these.

    A language has some ten thousand pieces, and of a piece's twelve hashes one in sixteen is low.
    """

    def __missing__(self, piece: bytes | int) -> tuple[tuple[int, int], ...]:
        if len(self) > _MOST_PIECES:
            self.clear()
        low = tuple((place, value) for place, value in enumerate(_hashes(piece)) if value < _LOW)
        self[piece] = low
        return low


_MOST_PIECES = 65_536
_LOW = 1 << 32 - 4
_low_hashes = _LowHashes()


def _pieces(folded: str) -> set[bytes | int]:
    """The four-letter pieces of a text: four bytes as one number, read without a step of Python a letter."""
    if not folded.isascii() or len(folded) < _PIECE:
        return {folded[start : start + _PIECE].encode() for start in range(max(1, len(folded) - _PIECE + 1))}
    letters = memoryview(folded.encode())
    shifted = (letters[start : len(letters) - (len(letters) - start) % _PIECE] for start in range(_PIECE))
    return set().union(*(part.cast("I") for part in shifted))


def _minima(pieces: set[bytes | int]) -> list[int]:
    """For each hash, the lowest that any piece has."""
    minima = [_LOW] * _HASHES
    for place, value in chain.from_iterable(map(_low_hashes.__getitem__, pieces)):
        if value < minima[place]:
            minima[place] = value
    if _LOW not in minima:
        return minima
    # A short text: it has too few pieces for a low one of each.
    return [min(column) for column in zip(*map(_hashes, pieces), strict=True)]


def _hashes(piece: bytes | int) -> tuple[int, ...]:
    letters = piece.to_bytes(_PIECE, byteorder) if isinstance(piece, int) else piece
    return unpack(f"<{_HASHES}I", blake2b(letters, digest_size=4 * _HASHES).digest())


def _sixteen_bits(minima: list[int]) -> int:
    digest = blake2b(repr(minima).encode(), digest_size=2).digest()
    return int.from_bytes(digest, "little")
