"""What a person may still do with a job: repeat it for good, take it back, stop it."""

from pim.actions.jobs.aside import in_one_go
from pim.actions.jobs.permits import refuse_job, refuse_taking_back
from pim.actions.undo import refuse_undo
from pim.content.refusals import Refused
from pim.models import Job

from .limits import seen_jobs


def may_repeat(job: Job, user) -> bool:
    """Return whether what a preview has shown may be done for good."""
    if not job.dry_run or job.state != "done":
        return False
    return may_undo(job.undoes, user) if job.undoes else may_do(job, user)


def may_do(job: Job, user) -> bool:
    """Return whether the user may have such a job done."""
    try:
        refuse_job(user, job)
    except Refused:
        return False
    return True


def may_undo(job: Job, user) -> bool:
    """Return whether there is something that the user may take back."""
    try:
        refuse_undo(job)
        refuse_taking_back(user, job)
    except Refused:
        return False
    return True


def may_stop(job: Job) -> bool:
    """Return whether the job can be stopped now."""
    whole = in_one_go(job) and not job.dry_run
    return job.state == "queued" or (job.state == "running" and not whole)


def taken_back_by(job: Job, request) -> list[Job]:
    """Return the jobs that have taken it back, the newest first; those that may be seen."""
    return list(seen_jobs(request, job.undone_by.filter(dry_run=False)))
