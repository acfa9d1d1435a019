"""Tasks: given to a person, done once, told to whoever has to know."""

from datetime import date, datetime

from django.db import transaction

from pim.content.refusals import InvalidValue, Refused, _
from pim.content.rights import NotAllowed
from pim.models import Product, Task

from .notices import may_see, tell


def add_task(
    title: str,
    *,
    user,
    at: datetime,
    assignee=None,
    product: Product | None = None,
    due_on: date | None = None,
    locale: str = "",
    note: str = "",
) -> Task:
    """Give a task; the assignee is told. One who may not see the product is refused."""
    title = title.strip()
    if not title:
        raise InvalidValue(_("A task needs a title."), code="no_title", field="title")
    if not may_see(user, product):
        raise NotAllowed
    if assignee is not None and not may_see(assignee, product):
        raise Refused(
            _("%(name)s may not see this product."),
            code="assignee_blind",
            field="assignee",
            name=assignee.get_username(),
        )
    with transaction.atomic():
        task = Task.objects.create(
            title=title[:200], note=note.strip(), product=product, locale=locale,
            assignee=assignee, created_by=user, due_on=due_on, created_at=at,
        )  # fmt: skip
        tell([assignee], "task", title, product=product, sender=user, at=at)
    return task


def finish_task(task: Task, *, user, at: datetime) -> None:
    """Mark a task as done, or as to be done again; whoever gave it is told."""
    if not may_finish(task, user):
        raise NotAllowed
    done = task.done_at is None
    task.done_at, task.done_by = (at, user) if done else (None, None)
    task.save(update_fields=["done_at", "done_by"])
    if done:
        tell([task.created_by], "done", task.title, product=task.product, sender=user, at=at)


def may_finish(task: Task, user) -> bool:
    """Return whether somebody may say that a task is done, or is to be done again."""
    return user in (task.assignee, task.created_by) or user.has_perm("pim.change_task")
