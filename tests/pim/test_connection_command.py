"""The command that makes, lists, rotates and switches off connections."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from pim.actions.tokens import check_client
from pim.models import Connection

pytestmark = pytest.mark.django_db


def run(*arguments, **options) -> list[str]:
    out = StringIO()
    call_command("connection", *arguments, stdout=out, **options)
    return out.getvalue().splitlines()


def credentials(lines) -> dict:
    return dict(line.split(maxsplit=1) if " id" not in line else ("id", line.split()[-1])
                for line in lines)  # fmt: skip


def test_it_prints_credentials_that_work():
    made = credentials(run("create", "shop", page_limit=500))
    connection = check_client(made["id"], made["secret"])
    assert (connection.code, connection.page_limit) == ("shop", 500)
    assert connection.user.check_password(made["password"])
    assert run("list")[0].startswith(f"shop  {made['id']}  as {made['username']}")


def test_rotation_voids_what_was_before():
    before = credentials(run("create", "shop"))
    after = credentials(run("rotate", "shop"))
    assert check_client(before["id"], before["secret"]) is None
    assert check_client(after["id"], after["secret"]) is not None


def test_disabling_switches_off():
    run("create", "shop")
    assert run("disable", "shop") == ["disabled"]
    assert Connection.objects.get().enabled is False


@pytest.mark.parametrize(
    "arguments",
    [
        ["disable", "nope"],
        ["rotate", "nope"],
        ["create", "shop", "--user", "nobody"],
        ["create", "shop", "--page-limit", "5000"],
        ["create", "shop", "--collection-limit", "0"],
    ],
)
def test_what_cannot_be_is_said(arguments):
    with pytest.raises(CommandError):
        run(*arguments)
    assert Connection.objects.count() == 0


def test_a_code_is_taken_once():
    run("create", "shop")
    with pytest.raises(CommandError):
        run("create", "shop")
    assert Connection.objects.count() == 1
