"""Make, list and disable API keys."""

from django.core.management.base import BaseCommand, CommandError

from syndication.actions.api_keys import create_key
from syndication.models import ApiKey


class Command(BaseCommand):
    help = "Make, list and disable API keys for feeds and editions."

    def add_arguments(self, parser):
        verbs = parser.add_subparsers(dest="verb", required=True)
        create = verbs.add_parser("create", help="make a key; its text is shown this once")
        create.add_argument("name")
        create.add_argument("--channel", default="", help="only this channel (default: all)")
        create.add_argument("--audience", action="append", default=[], help="may be repeated")
        create.add_argument("--may-issue", action="store_true", help="may issue editions")
        verbs.add_parser("list", help="show the keys there are")
        disable = verbs.add_parser("disable", help="switch a key off")
        disable.add_argument("prefix")

    def handle(self, *args, verb, **options):
        getattr(self, f"_{verb}")(options)

    def _create(self, options):
        _key, text = create_key(
            options["name"],
            channel=options["channel"],
            audiences=options["audience"],
            may_issue=options["may_issue"],
        )
        self.stdout.write(text)

    def _list(self, options):
        for key in ApiKey.objects.all():
            scope = f"{key.channel or 'all channels'}: {', '.join(key.audiences) or 'public only'}"
            state = "enabled" if key.enabled else "disabled"
            self.stdout.write(f"{key.prefix}  {key.name}  {scope}  {state}")

    def _disable(self, options):
        if not ApiKey.objects.filter(prefix=options["prefix"]).update(enabled=False):
            raise CommandError(f"there is no key {options['prefix']!r}")
        self.stdout.write("disabled")
