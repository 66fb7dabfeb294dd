"""Other people's servers, for tests: on this machine, under names that only the test knows."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from newsroom.outbound import vetting

CERTIFICATE = Path(__file__).parent / "fixtures" / "courrier.example.pem"
Page = bytes | str | Callable[[BaseHTTPRequestHandler], None]


class Server:
    """`pages` maps a path to what is answered there; `asked` holds (path, headers) of each request."""

    def __init__(self, *, tls: bool = False) -> None:
        self.pages: dict[str, Page] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.named: list[str | None] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server.asked.append((self.path, dict(self.headers)))
                page = server.pages.get(self.path)
                if page is None:
                    answer(self, b"nothing here", status=404)
                elif callable(page):
                    page(self)
                else:
                    answer(self, page)

            def log_message(self, *_args: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATE)
            context.sni_callback = lambda _socket, name, _context: self.named.append(name)
            self._http.socket = context.wrap_socket(self._http.socket, server_side=True)
        self.port = self._http.server_address[1]
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def address(self, path: str, *, host: str = "courrier.example", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"


def answer(handler: BaseHTTPRequestHandler, body: bytes | str, *, status: int = 200, **headers: str) -> None:
    data = body.encode() if isinstance(body, str) else body
    handler.send_response(status)
    for name, value in ({"Content_Type": "text/html; charset=utf-8"} | headers).items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)


def leading_to(address: str, *, status: int = 302) -> Page:
    return lambda handler: answer(handler, b"", status=status, Location=address)


def packed(data: bytes) -> Page:
    return lambda handler: answer(handler, gzip.compress(data), Content_Encoding="gzip")


def dripping(handler: BaseHTTPRequestHandler) -> None:
    """A byte now and then, for a minute."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    for _ in range(600):
        handler.wfile.write(b"a")
        handler.wfile.flush()
        time.sleep(0.1)


@pytest.fixture
def names(monkeypatch) -> dict[str, list[str]]:
    """What the resolver answers here. 127.0.0.1 counts as public while the test lasts, every other number as it is."""
    known = {"courrier.example": ["127.0.0.1"], "www.courrier.example": ["127.0.0.1"]}
    looked_up: list[str] = []
    known["asked"] = looked_up

    ask_really = socket.getaddrinfo

    def getaddrinfo(host: str, port: int, *how: int, **more: int) -> list[tuple]:
        if host[:1].isdigit() and host not in known:
            return ask_really(host, port, *how, **more)
        looked_up.append(host)
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port)) for number in known[host]]

    really = vetting.is_public
    monkeypatch.setattr(vetting.socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(vetting, "is_public", lambda number: str(number) == "127.0.0.1" or really(number))
    return known


@pytest.fixture
def elsewhere(names, monkeypatch):
    server = Server()
    monkeypatch.setattr(vetting, "PORTS", {80, 443, server.port})
    yield server
    server.close()


@pytest.fixture
def elsewhere_by_tls(names, monkeypatch):
    server = Server(tls=True)
    monkeypatch.setattr(vetting, "PORTS", {80, 443, server.port})
    yield server
    server.close()
