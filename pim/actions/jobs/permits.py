"""Who may have which job done: what its kind needs, and what its parameters ask for."""

from pim.content.rights import NotAllowed
from pim.models import Job

from .kinds import CHANGE, KINDS, PUBLISH

_PUBLICATION = ("publish", "withdraw")


def refuse_job(user, job: Job) -> None:
    """Raise `NotAllowed` unless the user may have done what the job does, now and for good."""
    _refuse(user, _needs(job))


def refuse_taking_back(user, job: Job) -> None:
    """Raise `NotAllowed` unless the user may do what the job did, and what takes it back."""
    kind = KINDS.get(job.kind)
    back = KINDS[kind.undo].needs if kind else (CHANGE,)
    _refuse(user, _needs(job) | set(back))


def refuse_publishing(user, params: dict) -> None:
    """Raise `NotAllowed` where parameters publish and the user may not; machines may."""
    if user is not None and publishes(params):
        _refuse(user, {PUBLISH})


def publishes(params: dict) -> bool:
    """Return whether parameters of a job publish or withdraw."""
    steps = params.get("operations")
    return bool(params.get("publish")) or any(
        isinstance(step, dict) and step.get("op") in _PUBLICATION
        for step in (steps if isinstance(steps, list) else ())
    )


def _needs(job: Job) -> set[str]:
    kind = KINDS.get(job.kind)
    needs = set(kind.needs) if kind else set()
    if publishes(job.params):
        needs.add(PUBLISH)
    return needs | _needs(job.undoes) if job.undoes else needs


def _refuse(user, needs: set[str]) -> None:
    if not user.has_perms(sorted(needs)):
        raise NotAllowed()
