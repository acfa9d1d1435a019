"""Jobs: long work in the background that is claimed, followed, stopped and resumed."""

from .kinds import KINDS, JobKind
from .permits import publishes
from .progress import Lost, Progress, Skipped, Stopped, report_lines
from .queue import (
    fail_lost_jobs,
    leave_failed,
    queue_job,
    repeat_for_good,
    resumable,
    resume_job,
    stop_job,
    waiting_jobs,
)
from .run import run_job, run_job_now, run_waiting_jobs

__all__ = [
    "KINDS",
    "JobKind",
    "Lost",
    "Progress",
    "Skipped",
    "Stopped",
    "fail_lost_jobs",
    "leave_failed",
    "publishes",
    "queue_job",
    "repeat_for_good",
    "report_lines",
    "resumable",
    "resume_job",
    "run_job",
    "run_job_now",
    "run_waiting_jobs",
    "stop_job",
    "waiting_jobs",
]
