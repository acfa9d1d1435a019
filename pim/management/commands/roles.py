"""roles: show the roles there are, or make those of a file, with people to try them."""

import fnmatch
import json
import secrets
from pathlib import Path

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from pim.actions.roles import save_role
from pim.content.actor import Actor
from pim.content.refusals import Refused
from pim.models import Role

ACTOR = Actor("roles", "command")


class Command(BaseCommand):
    help = "Show the roles, or make those of a JSON file; new members get a password, shown once."

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, help="a document as docs/permissions.md")

    def handle(self, *, file, **_):
        if file is None:
            return self._show()
        try:
            document = json.loads(file.read_text("utf-8"))
            wanted = [(row["code"], row) for row in document["roles"]]
        except (OSError, ValueError, KeyError, TypeError) as fault:
            raise CommandError(f"{file} cannot be read as roles: {fault}") from fault
        for code, row in wanted:
            try:
                self._make(code, row)
            except Refused as refused:
                raise CommandError(f"{code}: {refused}") from refused

    def _show(self):
        for role in Role.objects.prefetch_related("group__user_set"):
            members = ", ".join(u.get_username() for u in role.group.user_set.all())
            self.stdout.write(f"{role.code:20} {role.label():30} {members or '–'}")

    def _make(self, code: str, row: dict):
        role = save_role(
            code,
            labels=row.get("labels"),
            grants=row.get("grants"),
            permissions=_matching(row.get("permissions", [])),
            actor=ACTOR,
            at=timezone.now(),
        )
        members = set(role.group.user_set.all())
        for name in row.get("users", []):
            members.add(self._user(name, desk=row.get("desk", True)))
        save_role(code, users=members, actor=ACTOR, at=timezone.now())

    def _user(self, name: str, *, desk: bool):
        users = get_user_model().objects
        user = users.filter(username=name).first()
        if user is None:
            password = secrets.token_urlsafe(9)
            user = users.create_user(name, password=password, is_staff=desk)
            self.stdout.write(f"{name}  {password}")
        return user


def _matching(patterns: list[str]) -> set[str]:
    """Return the permissions that the patterns ("pim.view_*") name."""
    rows = Permission.objects.values_list("content_type__app_label", "codename")
    names = [f"{app}.{codename}" for app, codename in rows]
    return {name for pattern in patterns for name in fnmatch.filter(names, pattern)}
