"""One request and its answer, to a number that was vetted, within bytes and seconds."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import urllib3
from django.utils.translation import gettext as _
from urllib3.connection import HTTPConnection, HTTPSConnection

from newsroom.outbound.vetting import NotFetched, Target, number_of

_CHUNK = 64 * 1024
_CONNECT_SECONDS = 5.0
_MEBIBYTE = 1024 * 1024
_COMPRESSED = ("gzip", "x-gzip", "deflate")
# What a server or a cut line makes urllib3, http.client and ssl raise; a socket closed by the deadline the last two.
_FAILURES = (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError, ValueError, AttributeError)


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer. `address` is where it came from after redirects; `kind` its media type, lower case, or empty."""

    address: str
    status: int
    kind: str
    data: bytes
    etag: str = ""
    last_modified: str = ""
    location: str = ""


def exchange(target: Target, *, headers: Mapping[str, str], largest: int, deadline: float) -> Fetched:
    """GET `target`. `largest` is in bytes, unpacked; `deadline` is of time.monotonic(). Raises NotFetched."""
    number = number_of(target, seconds=deadline - time.monotonic())
    connection = _connection(target, number, seconds=min(_CONNECT_SECONDS, max(deadline - time.monotonic(), 0.1)))
    try:
        with _until(deadline, connection):
            connection.connect()
            _wait_no_longer_than(connection, deadline)
            connection.request(
                "GET", target.path, headers=_sent(target, headers), preload_content=False, decode_content=False
            )
            response = connection.getresponse()
            data = _body(response, largest) if response.status == 200 else b""
    except NotFetched:
        raise
    except _FAILURES as error:
        raise NotFetched(_why(target, error, deadline)) from error
    finally:
        connection.close()
    if time.monotonic() > deadline:
        raise NotFetched(_why(target, TimeoutError(), deadline))
    kept = response.headers
    return Fetched(
        address=target.address,
        status=response.status,
        kind=kept.get("Content-Type", "").partition(";")[0].strip().lower(),
        data=data,
        etag=kept.get("ETag", "")[:300],
        last_modified=kept.get("Last-Modified", "")[:100],
        location=kept.get("Location", ""),
    )


def _sent(target: Target, headers: Mapping[str, str]) -> dict[str, str]:
    return {"Host": target.authority, "Accept-Encoding": "gzip", "Connection": "close", **headers}


def _connection(target: Target, number: str, *, seconds: float) -> HTTPConnection:
    """To the number; the certificate must be the host's. `seconds` are for connecting."""
    if target.scheme == "http":
        return HTTPConnection(number, target.port, timeout=seconds)
    return HTTPSConnection(
        number,
        target.port,
        timeout=seconds,
        ssl_context=ssl.create_default_context(),
        server_hostname=target.host,
    )


def _wait_no_longer_than(connection: HTTPConnection, deadline: float) -> None:
    connection.timeout = max(deadline - time.monotonic(), 0.1)
    if connection.sock:
        connection.sock.settimeout(connection.timeout)


@contextmanager
def _until(deadline: float, connection: HTTPConnection) -> Iterator[None]:
    """Closes the line at the deadline: a server that drips a byte a second never meets a time-out of its own."""

    def cut() -> None:
        try:
            if connection.sock:
                connection.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    watchdog = threading.Timer(max(deadline - time.monotonic(), 0), cut)
    watchdog.daemon = True
    watchdog.start()
    try:
        yield
    finally:
        watchdog.cancel()


def _body(response: urllib3.BaseHTTPResponse, largest: int) -> bytes:
    """Raises NotFetched as soon as what came, packed or unpacked, is more than `largest`."""
    packing = response.headers.get("Content-Encoding", "identity").strip().lower()
    if packing not in ("", "identity", *_COMPRESSED):
        raise NotFetched(_("The answer is packed in a way that was not asked for: %(how)s.") % {"how": packing[:40]})
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 32) if packing in _COMPRESSED else None
    pieces: list[bytes] = []
    came = held = 0
    for chunk in response.stream(_CHUNK, decode_content=False):
        came += len(chunk)
        piece = _unpacked(unpack, chunk, largest - held + 1) if unpack else chunk
        held += len(piece)
        if max(came, held) > largest:
            raise NotFetched(_("The answer is larger than %(most)s MB.") % {"most": f"{largest / _MEBIBYTE:g}"})
        pieces.append(piece)
    if unpack and came and not unpack.eof:
        raise NotFetched(_("The answer broke off."))
    return b"".join(pieces)


def _unpacked(unpack: zlib._Decompress, chunk: bytes, most: int) -> bytes:
    """At most `most` bytes: a bomb is never unpacked further than it takes to see that it is one."""
    try:
        return unpack.decompress(chunk, most)
    except zlib.error as error:
        raise NotFetched(_("The answer is damaged: it cannot be unpacked.")) from error


def _why(target: Target, error: Exception, deadline: float) -> str:
    if time.monotonic() >= deadline - 0.05 or isinstance(error, TimeoutError | urllib3.exceptions.TimeoutError):
        return _("The host %(host)s took too long to answer.") % {"host": target.host}
    if isinstance(error, ssl.SSLError | urllib3.exceptions.SSLError):
        return _("The host %(host)s has no valid certificate.") % {"host": target.host}
    if isinstance(error, urllib3.exceptions.NewConnectionError | ConnectionError):
        return _("The host %(host)s does not answer.") % {"host": target.host}
    return _("The answer broke off.")
