"""Jobs that a client asks for by a name of its own: asked twice, queued once."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction

from pim.content.refusals import InvalidValue, _
from pim.models import Job
from pim.models.fields import canonical_json

_HALF = 32


def request_digest(address: str, body: Any) -> str:
    """Return what a request is about, as a short text."""
    return sha256(address.encode() + b"\n" + canonical_json(body)).hexdigest()[:_HALF]


def job_once(queue: Callable[[], Job], *, user, key: str, digest: str) -> tuple[Job, bool]:
    """Return (the job, whether it is new) of a request; without a key always a new one.

    The same key with another request raises `InvalidValue`.
    """
    if not key:
        return queue(), True
    name = sha256(key.encode()).hexdigest()[:_HALF]
    known = _known(user, name)
    if known is None:
        try:
            with transaction.atomic():
                job = queue()
                Job.objects.filter(pk=job.pk).update(key=name + digest)
                if _twice(user, name):
                    raise IntegrityError
            return job, True
        except IntegrityError:
            known = _known(user, name)
    if known is None or known.key != name + digest:
        raise InvalidValue(_("This Idempotency-Key was used for another request."), code="key_used")
    return known, False


def _known(user, name: str) -> Job | None:
    rows = Job.objects.select_related("created_by", "undoes")
    return rows.filter(created_by=user, key__startswith=name).order_by("id").first()


def _twice(user, name: str) -> bool:
    return Job.objects.filter(created_by=user, key__startswith=name).count() > 1
