"""Load by wrk: so many clients, each of whom sends the next request as soon as the last is answered."""

from __future__ import annotations

import math
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.faults.machines import Missing

# A reader's words, as long as most comments are: about 260 characters.
TEXT = (
    "Douze mois annoncés, donc dix-huit : on nous l’avait promis pour l’été, et les riverains du quai bas attendent "
    "toujours la passerelle. Que fait la mairie ? Je passe là chaque matin avec mes enfants, et rien n’a changé "
    "depuis la dernière réunion. Avis numéro @N@."
)
# A request a line: path, headers (parted by |), body. @N@ is a number never used before, @A@ an address of its own.
_SCRIPT = """
local lines, n = {}, 0
for line in io.lines(os.getenv("REQUESTS")) do lines[#lines + 1] = line end
local start, again = os.getenv("START"), os.getenv("AGAIN") == "1"
local threads = {}
function setup(thread) threads[#threads + 1] = thread end
function request()
  n = n + 1
  if n > #lines and not again then wrk.thread:stop() end
  local line = string.gsub(lines[(n - 1) % #lines + 1], "@N@", start .. string.format("%07d", n))
  line = string.gsub(line, "@A@", string.format("10.%d.%d.%d", n / 65536 % 256, n / 256 % 256, n % 256))
  local path, told, body = string.match(line, "^(.-)\\t(.-)\\t(.*)$")
  local headers = {}
  for header in string.gmatch(told, "[^|]+") do
    local name, value = string.match(header, "^(.-): (.*)$")
    headers[name] = value
  end
  return wrk.format(body == "" and "GET" or "POST", path, headers, body)
end
function response(status) _G["s" .. status] = (_G["s" .. status] or 0) + 1 end
function done()
  for status = 100, 599 do
    local count = 0
    for _, thread in ipairs(threads) do count = count + (thread:get("s" .. status) or 0) end
    if count > 0 then print("status " .. status .. " " .. count) end
  end
end
"""
_ROUNDS = 3
# A page of which a second brings none takes so long, about; for eight clients of two workers a figure takes so many.
_SLOWEST, _TURNS = 2, 12
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True)
class Request:
    """`body` empty: a GET."""

    path: str
    headers: dict[str, str]
    body: str = ""

    def __str__(self) -> str:
        return "\t".join([self.path, "|".join(f"{name}: {value}" for name, value in self.headers.items()), self.body])


@dataclass(frozen=True)
class Pressed:
    """`a_second` counts answers 2xx and 3xx; `p50`, `p99` in ms; `cpu_ms`: what one took of the server's processes."""

    a_second: float
    p50: float
    p99: float
    answers: dict[str, int]
    cpu_ms: float


def press(
    address: str, requests: Iterable[Request], *, server: int, seconds: float, clients: int = 8, again: bool = False
) -> Pressed:
    """Send the requests one after the other for so many seconds, `again`: from the first one when they are out.

    `server` is the process whose work, with that of its children, is counted. Raises Missing.
    """
    if not shutil.which("wrk"):
        raise Missing("wrk is not installed here (Debian: apt-get install wrk)")
    with tempfile.TemporaryDirectory() as folder:
        script, lines = Path(folder) / "press.lua", Path(folder) / "requests"
        script.write_text(_SCRIPT)
        lines.write_text("\n".join(map(str, requests)))
        own = {"REQUESTS": str(lines), "AGAIN": "1" if again else "0", "START": f"{time.time_ns() // 10**6 % 10**9}"}
        words = ["wrk", "-t1", f"-c{clients}", f"-d{math.ceil(seconds)}s", "--timeout=30s", "--latency", "-s", script]
        before = _cpu_seconds(server)
        told = subprocess.run([*words, address], capture_output=True, text=True, env={**os.environ, **own}, check=True)
        return _read(told.stdout, _cpu_seconds(server) - before)


def press_in_rounds(
    address: str, requests: Sequence[Request], *, server: int, seconds: float, again: bool = False
) -> Pressed:
    """The median of three rounds of so many seconds: a machine has its moods. Each request is sent once, or `again`."""
    share = len(requests) // _ROUNDS
    rounds = [
        press(
            address,
            requests if again else requests[place * share :][:share],
            server=server,
            seconds=seconds,
            again=again,
        )
        for place in range(_ROUNDS)
    ]
    return sorted(rounds, key=lambda one: one.a_second)[_ROUNDS // 2]


def press_slow(address: str, request: Request, *, server: int, seconds: float) -> Pressed:
    """A page that may take seconds: in one go, for as long as eight of them wait for each other several times, since
    what is broken off the server makes all the same.
    """
    once = press(address, [request], server=server, seconds=1, clients=1, again=True)
    waits = once.p50 / 1000 if once.answers else _SLOWEST
    return press(address, [request], server=server, seconds=max(seconds, _TURNS * waits), again=True)


def _read(told: str, cpu_seconds: float) -> Pressed:
    answers = {status: int(count) for status, count in re.findall(r"^status (\d+) (\d+)$", told, re.MULTILINE)}
    seconds = _ms(re.search(r"requests in ([\d.]+\w+)", told)) / 1000
    good = sum(count for status, count in answers.items() if status[0] in "23")
    p50, p99 = (_ms(re.search(rf"\n\s+{rank}%\s+(\S+)", told)) for rank in (50, 99))
    return Pressed(good / seconds, p50, p99, answers, 1000 * cpu_seconds / max(1, sum(answers.values())))


def _ms(found: re.Match[str] | None) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", found[1]).groups() if found else ("0", "ms")  # type: ignore[union-attr]
    return float(number) * _UNITS[unit]


def _cpu_seconds(process: int) -> float:
    """Of a process and all below it, by Linux's own count; 0 elsewhere."""
    ticks = 0
    for one in _family(process):
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _family(process: int) -> Sequence[int]:
    found = [process]
    for one in found:
        for children in Path(f"/proc/{one}/task").glob("*/children"):
            found.extend(int(child) for child in children.read_text().split())
    return found
