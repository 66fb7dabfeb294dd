"""A store of isso's, filled; run by the Python of isso's own environment: `python isso_stores.py ask.json`.

Writes the paths that approve its pending comments, signed as its own mails and admin page sign them.
"""

import json
import sqlite3
import sys
import time
from pathlib import Path

from isso.utils import Bloomfilter
from itsdangerous import URLSafeTimedSerializer

PENDING = 2


def main(file: Path) -> None:
    asked = json.loads(file.read_text())
    store = sqlite3.connect(asked["store"])
    thread = store.execute("INSERT INTO threads (uri, title) VALUES ('/pont/', 'Le pont')").lastrowid
    voters, since = bytes(Bloomfilter(iterable=["127.0.0.0"]).array), time.time() - 86_400
    store.executemany(
        "INSERT INTO comments (tid, id, created, mode, remote_addr, text, author, email, voters)"
        " VALUES (?, ?, ?, ?, '10.0.0.0', ?, 'Lectrice', ?, ?)",
        (
            (
                thread,
                n,
                since + n / 100,
                PENDING,
                asked["text"].replace("@N@", str(n)),
                f"lectrice{n % 5000}@example.org",
                voters,
            )
            for n in range(1, asked["comments"] + 1)
        ),
    )
    store.commit()
    key = store.execute("SELECT value FROM preferences WHERE key = 'session-key'").fetchone()[0]
    signer = URLSafeTimedSerializer(key)
    paths = [f"/id/{n}/activate/{signer.dumps(n)}" for n in range(1, asked["comments"] + 1)]
    file.write_text(json.dumps({"paths": paths}))


main(Path(sys.argv[1]))
