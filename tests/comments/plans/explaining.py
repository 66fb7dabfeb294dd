"""What the database does with the statements that are really sent: each is explained just before it runs.

On PostgreSQL a prepared statement (newsroom/prepared.py) is explained twice: as its first runs are planned, with their
values, and as it is planned once for all values. What Django sends with its values written out is explained so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import QuerySet

_EXPLAINED = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "(")
_NAMED = re.compile(r'(?:FROM|JOIN) "?(\w+)"? (?:AS )?"?(\w+)"?')
# What stands in a plan of SQLite beside tables: rows that the statement brings along or has just found.
_NO_TABLE = re.compile(r"CONSTANT|json_each|counted|part_\d+|gained|seen|\d+")
_SQLITE = re.compile(
    r"(?P<how>SEARCH|SCAN) (?P<table>\w+)(?: VIRTUAL TABLE INDEX \d+:(?P<words>\S*))?"
    r"(?: USING (?P<auto>AUTOMATIC )?(?:PARTIAL )?(?:COVERING )?"
    r"(?:INDEX (?P<index>\w+)|(?P<key>INTEGER PRIMARY KEY)|))?"
)


@dataclass(frozen=True)
class Read:
    """One table of a statement. Without an `index` all of it is read; unless `is_sought` all of that index."""

    table: str
    index: str
    is_sought: bool

    def __str__(self) -> str:
        return f"{self.table} {'by' if self.is_sought else 'through all of'} {self.index or 'the table'}"


@dataclass
class Plan:
    """Of one statement. `how` is "generic" or "custom" for a prepared one; `sorts` what is sorted, and by what."""

    sql: str
    how: str = ""
    lines: str = ""
    reads: list[Read] = field(default_factory=list)
    sorts: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.how} {self.sql[:1500]}\n{self.lines}"

    @property
    def indexes(self) -> set[str]:
        return {read.index for read in self.reads}

    def of(self, table: str) -> set[str]:
        """The indexes by which a table is read."""
        return {read.index for read in self.reads if read.table == table}


@contextmanager
def explained() -> Iterator[list[Plan]]:
    """The plans of what is asked inside, in the order of asking."""
    plans: list[Plan] = []
    asking = False

    def before(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        nonlocal asking
        if not asking and str(sql).lstrip().upper().startswith(_EXPLAINED):
            asking = True
            try:
                plans.extend(_plans(str(sql), params[0] if many else params, context["cursor"].cursor))
            finally:
                asking = False
        return execute(sql, params, many, context)

    with connection.execute_wrapper(before):
        yield plans


def plans_of(call: Callable[[], object]) -> list[Plan]:
    with explained() as plans:
        call()
    assert plans, "nothing was asked"
    return plans


def plan_of(rows: QuerySet[Any, Any]) -> Plan:
    """Of rows as Django asks for them."""
    (plan,) = plans_of(lambda: list(rows))
    return plan


def analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def as_a_large_table(*, in_order: bool = False) -> None:
    """PostgreSQL reads by an index, whatever so small a table would cost to read whole.

    `in_order`: and row by row, as its order tells, though so few rows would sooner be read together and sorted.
    """
    analyze()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            # What cannot be read otherwise counts as endless, and would be compiled for a second before it runs.
            cursor.execute("SET LOCAL jit = off")
            cursor.execute(f"SET LOCAL enable_bitmapscan = {'off' if in_order else 'on'}")


def _plans(sql: str, params: Any, sent_by: Any) -> list[Plan]:
    if connection.vendor == "sqlite":
        return [_on_sqlite(sql, params)]
    if type(sent_by).__name__ == "Prepared":
        return [_prepared(sql, params, sent_by, how) for how in ("custom", "generic")]
    plan = Plan(sql)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        _walk(cursor.fetchone()[0], plan)
    return [plan]


def _on_sqlite(sql: str, params: Any) -> Plan:
    plan = Plan(sql)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        lines = [row[3] for row in cursor.fetchall()]
    plan.lines = "\n".join(lines)
    if "VALUES" in sql and "SELECT" not in sql:
        # The rest is what foreign keys would ask after a row that hung below none: a new row never does.
        return plan
    names: dict[str, set[str]] = {}
    for table, alias in _NAMED.findall(sql):
        names.setdefault(alias, set()).add(table)
    for line in lines:
        if line.startswith("USE TEMP B-TREE"):
            plan.sorts.append(line)
        elif (found := _SQLITE.match(line)) and not _NO_TABLE.fullmatch(found["table"]):
            index = found["index"] or (found["key"] and "key") or ("words" if found["words"] else "")
            # An index that is made for one statement is made from the whole table.
            is_sought = (found["how"] == "SEARCH" and not found["auto"]) or bool(found["words"])
            tables = names.get(found["table"], {found["table"]})
            if len(tables) > 1:
                # One name for several tables in several parts of the statement: which is read whole, the program tells.
                tables = tables & (
                    _of_index(index) if found["index"] else tables if is_sought else _walked(sql, params)
                )
            plan.reads += [Read(table, index, is_sought) for table in sorted(tables)]
    return plan


def _walked(sql: str, params: Any) -> set[str]:
    """Tables that SQLite's program for the statement goes through from their first row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rootpage, name FROM sqlite_master WHERE type = 'table'")
        tables = dict(cursor.fetchall())
        cursor.execute(f"EXPLAIN {sql}", params)
        steps = cursor.fetchall()
    opened = {step[2]: tables[step[3]] for step in steps if step[1] in ("OpenRead", "OpenWrite") and step[3] in tables}
    return {opened[step[2]] for step in steps if step[1] in ("Rewind", "Last") and step[2] in opened}


def _of_index(index: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tbl_name FROM sqlite_master WHERE name = %s", [index])
        return {table for (table,) in cursor.fetchall()}


def _prepared(sql: str, params: Any, sent_by: Any, how: str) -> Plan:
    from psycopg import postgres
    from psycopg._queries import PostgresQuery
    from psycopg.adapt import Transformer

    sent = PostgresQuery(Transformer(sent_by))
    sent.convert(sql, params)
    types = [_type(postgres.types.get(oid), oid) for oid in sent.types or ()]
    plan, told = Plan(sql, how), f"({', '.join(types)})" if types else ""
    places = f"({', '.join(['%s'] * len(types))})" if types else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL plan_cache_mode = force_{how}_plan")
        # Without parameters: a percent sign means itself.
        cursor.cursor.execute(f"PREPARE asked {told} AS {sent.query.decode()}")
        cursor.execute(f"EXPLAIN (FORMAT JSON) EXECUTE asked {places}", params or None)
        _walk(cursor.fetchone()[0], plan)
        cursor.execute("DEALLOCATE asked")
        cursor.execute("SET LOCAL plan_cache_mode = auto")
    return plan


def _type(known: Any, oid: int) -> str:
    """As PREPARE is told it: what psycopg leaves open, the statement tells."""
    if known is None:
        return "unknown"
    return f"{known.regtype}[]" if oid == known.array_oid else str(known.regtype)


def _walk(told: Any, plan: Plan) -> None:
    told = json.loads(told) if isinstance(told, str) else told
    plan.lines = json.dumps(told, indent=1)
    _node(told[0]["Plan"], plan, "")


def _node(node: dict[str, Any], plan: Plan, above: str) -> None:
    kind, table = node["Node Type"], node.get("Relation Name", above)
    if kind in ("Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Index Scan"):
        plan.reads.append(Read(table, node.get("Index Name", ""), "Index Cond" in node))
    elif kind in ("Sort", "Incremental Sort"):
        plan.sorts.append(", ".join(node["Sort Key"]))
    for below in node.get("Plans", []):
        _node(below, plan, table)
