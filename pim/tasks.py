"""Background work on content: what the scheduler and the doors ask for.

Every task may be lost or doubled: each looks at the database for what is due.
"""

from celery import shared_task
from django.utils import timezone

from pim.actions.following import follow_structure
from pim.actions.publishing import run_due_publications


@shared_task
def publish_due():
    """Once a minute: publish what is planned and due, and follow changes of structure."""
    now = timezone.now()
    run_due_publications(at=now)
    follow_structure(at=now)


@shared_task
def follow():
    """Follow changes of structure at once: a bell for whoever has just made one."""
    follow_structure(at=timezone.now())
