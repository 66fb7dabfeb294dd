"""What a run showed, and whether it keeps the promises."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Container
from dataclasses import dataclass, field
from typing import Any

from tests.faults.site import Answer

ALLOWED = {409, 429, 503}
# More examples than this of one fault tell nothing new.
EXAMPLES = 5


@dataclass
class Ledger:
    """What the outside sent, what it was told, and what it saw. Written by many threads."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    sent: int = 0
    acknowledged: list[str] = field(default_factory=list)
    decided: list[str] = field(default_factory=list)
    approved: list[str] = field(default_factory=list)
    asked_for: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    answers: Counter[str] = field(default_factory=Counter)
    amiss: list[str] = field(default_factory=list)
    outages: int = 0
    looks: int = 0

    def note(self, answer: Answer | None, what: str, *, also: Container[int] = ()) -> None:
        """Every answer is one of those that the product may give, or `also` here, and never shows its insides."""
        with self.lock:
            self.answers[str(answer.status) if answer else "none"] += 1
            if answer is None:
                return
            self.outages += answer.status == 503
            if not (200 <= answer.status < 400 or answer.status in ALLOWED or answer.status in also):
                self.amiss.append(f"{what}: answered {answer.status}")
            if b"Traceback" in answer.body or b"OperationalError" in answer.body:
                self.amiss.append(f"{what}: showed a stack trace")
            if answer.status == 503 and not answer.retry_after:
                self.amiss.append(f"{what}: 503 without saying when to come back")

    def acknowledge(self, token: str) -> None:
        with self.lock:
            self.acknowledged.append(token)

    def decide(self, key: str, approved: str = "") -> None:
        """A decision that was told to be taken; of an approval, the comment's token."""
        with self.lock:
            self.decided.append(key)
            self.approved += [approved] if approved else []

    def saw(self, tokens: set[str]) -> None:
        """A comment may be seen once its approval has been asked for, and never before."""
        with self.lock:
            self.looks += 1
            self.seen |= tokens
            self.amiss += [f"unvalidated and seen: {token}" for token in sorted(tokens - self.asked_for)[:EXAMPLES]]

    def counted(self, visible: int, *, from_the_start: int) -> None:
        """A number tells as much as a text: never more than whose approval has been asked for."""
        with self.lock:
            if visible > from_the_start + len(self.asked_for):
                self.amiss.append(f"unvalidated and counted: {visible}")


@dataclass
class Result:
    scenario: str
    database: str
    figures: dict[str, Any]
    reds: list[str]
    sabotage: str = ""
    seconds: float = 0.0

    @property
    def is_green(self) -> bool:
        return not self.reds


def judged(scenario: str, database: str, ledger: Ledger, audit: dict[str, Any], **figures: Any) -> Result:
    """The ledger of the outside against the audit of the inside."""
    reds = [f"acknowledged and lost: {len(audit['lost'])}"] if audit["lost"] else []
    reds += [f"doubled: {len(audit['doubled'])}"] if audit["doubled"] else []
    reds += [f"decisions acknowledged and lost: {len(audit['undone'])}"] if audit["undone"] else []
    reds += [*audit["faults"][:EXAMPLES], *dict.fromkeys(ledger.amiss[: 20 * EXAMPLES])][: 4 * EXAMPLES]
    told = {
        "acknowledged": len(ledger.acknowledged),
        "lost": len(audit["lost"]),
        "doubled": len(audit["doubled"]),
        "unvalidated seen": sum(one.startswith("unvalidated") for one in ledger.amiss),
        "decisions": len(ledger.decided),
        "differ from a recount": len(audit["faults"]),
        "looks": ledger.looks,
        "answers": dict(sorted(ledger.answers.items())),
    }
    return Result(scenario, database, told | figures, reds)
