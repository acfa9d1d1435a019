"""connection: make, list, rotate and switch off connections of the PIM REST API."""

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from pim.actions.connections import (
    Credentials,
    create_connection,
    rotate_connection,
    set_connection,
)
from pim.content.actor import Actor
from pim.content.refusals import Refused
from pim.models import Connection
from pim.models.connections import MAX_LINES, MAX_PAGE

ACTOR = Actor("connection", "command")
LIMITS = {"page_limit": MAX_PAGE, "collection_limit": MAX_LINES, "rate_limit": 1_000_000}


class Command(BaseCommand):
    help = "Make, list, rotate and switch off connections of the PIM REST API."

    def add_arguments(self, parser):
        verbs = parser.add_subparsers(dest="verb", required=True)
        create = verbs.add_parser("create", help="make one; its credentials are shown this once")
        create.add_argument("code")
        create.add_argument("--label", default="")
        create.add_argument("--user", help="act as this user (default: a new one of its own)")
        create.add_argument("--reads", choices=["drafts", "published"], default="drafts")
        create.add_argument("--writes", choices=["draft", "publish"], default="draft")
        for name in LIMITS:
            create.add_argument(f"--{name.replace('_', '-')}", type=int)
        verbs.add_parser("list", help="show the connections there are")
        rotate = verbs.add_parser("rotate", help="give new credentials, void the old ones")
        rotate.add_argument("code")
        disable = verbs.add_parser("disable", help="switch one off")
        disable.add_argument("code")

    def handle(self, *args, verb, **options):
        getattr(self, f"_{verb}")(options)

    def _create(self, options):
        fields = {name: options[name] for name in ("label", "reads", "writes")}
        for name, most in LIMITS.items():
            if options[name] is None:
                continue
            if not (name != "rate_limit") <= options[name] <= most:
                raise CommandError(f"--{name.replace('_', '-')} is at most {most}")
            fields[name] = options[name]
        user = self._user(options["user"]) if options["user"] else None
        try:
            _connection, credentials = create_connection(
                options["code"], user=user, actor=ACTOR, at=timezone.now(), **fields
            )
        except Refused as refusal:
            raise CommandError(refusal.say()) from refusal
        self._show(credentials)

    def _list(self, options):
        for row in Connection.objects.select_related("user"):
            state = "enabled" if row.enabled else "disabled"
            used = f"{row.last_used_at:%Y-%m-%d %H:%M}" if row.last_used_at else "never"
            self.stdout.write(
                f"{row.code}  {row.client_id}  as {row.user.get_username()}  reads {row.reads}  "
                f"writes {row.writes}  {state}  last used {used}"
            )

    def _rotate(self, options):
        row = self._connection(options["code"])
        self._show(rotate_connection(row, actor=ACTOR, at=timezone.now()))

    def _disable(self, options):
        row = self._connection(options["code"])
        set_connection(row, enabled=False, actor=ACTOR, at=timezone.now())
        self.stdout.write("disabled")

    def _show(self, credentials: Credentials):
        self.stdout.write(f"client id  {credentials.client_id}")
        self.stdout.write(f"secret     {credentials.secret}")
        self.stdout.write(f"username   {credentials.username}")
        self.stdout.write(f"password   {credentials.password or '(the one of this user)'}")

    def _connection(self, code: str) -> Connection:
        row = Connection.objects.select_related("user").filter(code=code).first()
        if row is None:
            raise CommandError(f"there is no connection {code!r}")
        return row

    def _user(self, username: str):
        user = get_user_model().objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"there is no user {username!r}")
        return user
