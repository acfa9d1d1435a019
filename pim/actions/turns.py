"""Turns at writing: long work on SQLite lets those in who wait to write a little."""

import time

from django.db import connection

# SQLite has no queue. Who waits looks again every tenth of a second at the latest, and finds the
# lock taken where one writer begins its next transaction at once: a page may look for twenty
# seconds and never see the moment between two. https://www.sqlite.org/c3ref/busy_handler.html
PAUSE = 0.12
OFTEN = 2.0  # seconds of work from one pause to the next


class Turns:
    """The turns of one long work: made when it begins, asked between two transactions."""

    def __init__(self):
        self._since = time.monotonic()

    def give_way(self) -> None:
        """Wait, on SQLite, long enough for every other writer to have seen the lock free.

        Does nothing within a transaction, on other databases, and in the first seconds of work.
        """
        if connection.vendor != "sqlite" or connection.in_atomic_block:
            return
        if time.monotonic() - self._since >= OFTEN:
            time.sleep(PAUSE)
            self._since = time.monotonic()
