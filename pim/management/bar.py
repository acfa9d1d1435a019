"""A progress bar for the terminal: how far a job is, how fast, and for how long yet."""

import shutil
import time
from datetime import datetime
from typing import TextIO

from django.utils.timezone import now

from pim.models import Job

WIDTH = 28
SECONDS = 0.2


class Bar:
    """Draws one line over and over; `end` leaves the terminal clean."""

    def __init__(self, out: TextIO):
        self._out, self._drawn, self._any = out, 0.0, False

    def __call__(self, job: Job, name: str) -> None:
        if time.monotonic() - self._drawn >= SECONDS:
            self._drawn, self._any = time.monotonic(), True
            columns = shutil.get_terminal_size().columns - 1
            self._out.write(f"\r\x1b[K{line_of(job, name, at=now())[:columns]}")
            self._out.flush()

    def end(self) -> None:
        """Take the line away."""
        if self._any:
            self._out.write("\r\x1b[K")
            self._out.flush()


def line_of(job: Job, name: str, *, at: datetime) -> str:
    """Return the line: bar, share, units, rate, time left, and what is being worked at."""
    if not job.total:
        return f"{job.done:,} · {name}"
    share = min(job.done / job.total, 1)
    filled = round(share * WIDTH)
    left = job.seconds_left(at)
    parts = [
        f"[{'█' * filled}{'·' * (WIDTH - filled)}] {share:4.0%}",
        f"{job.done:,} of {job.total:,}",
        f"{job.rate(at):,.0f}/s",
        "" if left is None else f"{duration(left)} left",
        name,
    ]
    return " · ".join(part for part in parts if part)


def duration(seconds: int) -> str:
    """Return a duration as people say it: 45 s, 3:20 min, 1:05 h."""
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60}:{seconds % 60:02} min"
    return f"{seconds // 3600}:{seconds % 3600 // 60:02} h"
