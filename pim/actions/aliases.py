"""Keeping old codes understood after a renaming."""

from collections.abc import Sequence
from datetime import datetime

from pim.models import CodeAlias

Aliases = Sequence[Sequence[str]]  # (kind, owner, old, new)


def keep_aliases(aliases: Aliases, *, at: datetime) -> None:
    """Let every old code lead to the new one, those that led to the old one too.

    A code that is the new one of something is no longer an alias of anything.
    """
    for kind, owner, old, new in aliases:
        rows = CodeAlias.objects.filter(kind=kind, owner=owner)
        rows.filter(old=new).delete()
        rows.filter(code=old).update(code=new)
        if kind == "attribute":
            _move_options(old, new)
    CodeAlias.objects.bulk_create(
        [CodeAlias(kind=k, owner=o, old=old, code=new, at=at) for k, o, old, new in aliases],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["kind", "owner", "old"],
        update_fields=["code", "at"],
    )


def drop_aliases(aliases: Aliases) -> None:
    """Forget aliases that a renaming has made, when it is taken back."""
    for kind, owner, old, new in aliases:
        CodeAlias.objects.filter(kind=kind, owner=owner, old=old, code=new).delete()
        if kind == "attribute":
            _move_options(new, old)


def _move_options(old: str, new: str) -> None:
    """Let the old codes of an attribute's options come along to its new code."""
    moved = CodeAlias.objects.filter(kind="option", owner=old)
    known = list(moved.values_list("old", flat=True))
    CodeAlias.objects.filter(kind="option", owner=new, old__in=known).delete()
    moved.update(owner=new)
