"""Roles: defined, given to people and taken away; every step stands in the change log."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from pim.content.actor import Actor
from pim.content.refusals import InvalidValue, _
from pim.content.rights import AREAS, WORDS, NotAllowed
from pim.models import Change, Role

_PREFIX = "role: "


def save_role(
    code: str,
    *,
    actor: Actor,
    at: datetime,
    labels: Mapping[str, str] | None = None,
    grants: Mapping[str, Mapping[str, str]] | None = None,
    permissions: Iterable[str] | None = None,
    users: Iterable | None = None,
) -> Role:
    """Create or change a role and return it; what is None stays as it is.

    `grants` is {area: {code: level word}}, `permissions` are "app.codename", `users` are user
    objects: together all of them, not additions. Only who has no limits may change roles:
    anybody else could lift their own.
    """
    if not actor.rights.unlimited:
        raise NotAllowed(_("Only people without limits of their own may change roles."))
    if grants is not None:
        _check(grants)
    with transaction.atomic():
        role = Role.objects.select_related("group").filter(code=code).first()
        before = _state(role) if role else {}
        role = role or Role(code=code, group=Group.objects.create(name=f"{_PREFIX}{code}"[:150]))
        role.labels = dict(labels) if labels is not None else role.labels
        role.grants = (
            {a: dict(levels) for a, levels in grants.items()} if grants is not None else role.grants
        )
        role.save()
        if permissions is not None:
            role.group.permissions.set(_permissions(permissions))
        if users is not None:
            role.group.user_set.set(users)
        _tell(code, before, _state(role), actor=actor, at=at)
    return role


def delete_role(role: Role, *, actor: Actor, at: datetime) -> None:
    """Delete a role; its members lose what it gave them."""
    if not actor.rights.unlimited:
        raise NotAllowed(_("Only people without limits of their own may change roles."))
    with transaction.atomic():
        before = _state(role)
        role.group.delete()
        _tell(role.code, before, {}, actor=actor, at=at)


def rename_in_grants(area: str, old: str, new: str) -> None:
    """Let grants follow a thing that gets another code."""
    for role in Role.objects.all():
        levels = role.grants.get(area, {})
        if old in levels:
            kept = {code: word for code, word in levels.items() if code != old}
            role.grants = {**role.grants, area: {**kept, new: levels[old]}}
            role.save(update_fields=["grants"])


def _check(grants: Mapping[str, Mapping[str, str]]) -> None:
    for area, levels in grants.items():
        wrong = [word for word in levels.values() if word not in WORDS]
        if area not in AREAS or wrong:
            raise InvalidValue(
                _("“%(value)s” is no grant."),
                code="bad_grant",
                field="grants",
                value=wrong[0] if wrong else area,
            )


def _permissions(names: Iterable[str]) -> list[Permission]:
    wanted = set(names)
    rows = Permission.objects.select_related("content_type")
    found = {f"{p.content_type.app_label}.{p.codename}": p for p in rows}
    unknown = sorted(wanted - set(found))
    if unknown:
        raise InvalidValue(
            _("There is no permission “%(value)s”."),
            code="unknown_permission",
            field="permissions",
            value=unknown[0],
        )
    return [found[name] for name in wanted]


def _state(role: Role) -> dict:
    rows = role.group.permissions.values_list("content_type__app_label", "codename")
    members = role.group.user_set.values_list("username", flat=True)
    return {
        "labels": role.labels,
        "grants": role.grants,
        "permissions": sorted(f"{app}.{name}" for app, name in rows),
        "users": sorted(members),
    }


def _tell(code: str, before: dict, after: dict, *, actor: Actor, at: datetime) -> None:
    """Write one change of what differs; nothing where nothing does."""
    keys = {*before, *after}
    detail = {k: [before.get(k), after.get(k)] for k in keys if before.get(k) != after.get(k)}
    if not detail:
        return
    action = "role" if before and after else "create" if after else "delete"
    Change.objects.create(
        subject=f"role:{code}"[:300],
        action=action,
        actor=actor.name,
        source=actor.source,
        at=at,
        detail=detail,
    )
