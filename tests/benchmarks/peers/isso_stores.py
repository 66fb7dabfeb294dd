"""A store of isso's, filled; run by the Python of isso's own environment: `python isso_stores.py ask.json`.

Its comments are visible, four in ten of them answers, or wait. Writes the paths that approve those that wait, signed as
its own mails and admin page sign them.
"""

import json
import sqlite3
import sys
import time
from pathlib import Path
from random import Random

from isso.utils import Bloomfilter
from itsdangerous import URLSafeTimedSerializer

VISIBLE, PENDING = 1, 2
ANSWERS = 0.4


def main(file: Path) -> None:
    asked = json.loads(file.read_text())
    store = sqlite3.connect(asked["store"])
    thread = store.execute("INSERT INTO threads (uri, title) VALUES ('/pont/', 'Le pont')").lastrowid
    voters, since = bytes(Bloomfilter(iterable=["127.0.0.0"]).array), time.time() - 86_400
    chance, rows, top = Random(1), [], None
    for n in range(1, asked["comments"] + 1):
        answered = top if asked["visible"] and chance.random() < ANSWERS else None
        top = top if answered else n
        mode, text = VISIBLE if asked["visible"] else PENDING, asked["text"].replace("@N@", str(n))
        rows.append((thread, n, answered, since + n / 100, mode, text, f"lectrice{n % 5000}@example.org", voters))
    store.executemany(
        "INSERT INTO comments (tid, id, parent, created, mode, remote_addr, text, author, email, voters)"
        " VALUES (?, ?, ?, ?, ?, '10.0.0.0', ?, 'Lectrice', ?, ?)",
        rows,
    )
    store.commit()
    key = store.execute("SELECT value FROM preferences WHERE key = 'session-key'").fetchone()[0]
    signer = URLSafeTimedSerializer(key)
    paths = [f"/id/{n}/activate/{signer.dumps(n)}" for n in range(1, asked["comments"] + 1)]
    file.write_text(json.dumps({"paths": paths}))


main(Path(sys.argv[1]))
