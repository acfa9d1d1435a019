"""Processor time beside the clock on the wall: on a busy machine only this can be compared."""

import os
from contextlib import suppress
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
OWN, BURIED = (11, 12), (13, 14)  # places of user and system time, own and of ended children


def processor(pids, *, places: tuple[int, ...] = OWN) -> float:
    """Return the processor seconds that these processes have taken so far."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += sum(int(fields[place]) for place in places)
    return total / TICKS


def backends(url: str) -> list[int]:
    """Return the processes of a PostgreSQL server of this machine that serve a database."""
    if not url.startswith("postgres"):
        return []
    import psycopg

    address, name = url.rsplit("/", 1)
    with psycopg.connect(f"{address}/postgres") as connection:
        rows = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = %s "
            "AND backend_type = 'client backend'",
            [name],
        )
        return [pid for (pid,) in rows]


def spent() -> float:
    """Return the seconds of this process, its children with theirs, and its database session."""
    from django.db import connection

    me = os.getpid()
    children = Path(f"/proc/{me}/task/{me}/children").read_text().split()
    total = processor([me]) + processor(children, places=OWN + BURIED)
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        with suppress(FileNotFoundError):  # a server elsewhere
            total += processor([connection.connection.info.backend_pid])
    return total
