"""The pages of roles: the matrix reads and writes grants; nobody lifts their own limits."""

import json
import re

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.urls import reverse

from pim.actions.roles import save_role
from pim.models import Change, Role
from pim.queries.rights import rights_of
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write
from tests.factories.desk import posted, product_page, staff, superuser
from tests.factories.rights import grants

pytestmark = pytest.mark.django_db
FINNISH = grants(
    group={"data": "none", "@structure": "view"},
    locale={"*": "view", "fi": "edit", "": "view"},
    category={"outdoor": "none"},
)


@pytest.fixture(autouse=True)
def _catalogue():
    lamp_catalogue()


def role(*users, document=FINNISH, permissions=("pim.view_product", "pim.change_product")):
    return save_role(
        "finnish", grants=document, permissions=permissions, users=users, actor=ANNA, at=NOW
    )


def form_of(answer) -> dict:
    """Return what the matrix would post untouched."""
    data: dict = {"code": "finnish"}
    for tag in re.findall(r"<input\b[^>]*>", answer.content.decode()):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if " checked" not in tag or "name" not in given:
            continue
        data.setdefault(given["name"], []).append(given["value"])
    return data


def test_a_page_saved_untouched_changes_nothing(client):
    made = role(staff("timo"))
    client.force_login(superuser())
    before = list(Role.objects.values()), Change.objects.count()
    page = reverse("admin:pim_role_change", args=[made.pk])
    answer = client.post(page, form_of(client.get(page)))
    assert answer.status_code == 302
    assert (list(Role.objects.values()), Change.objects.count()) == before


def test_the_matrix_writes_what_was_chosen(client):
    made = role(staff("timo"))
    client.force_login(superuser())
    page = reverse("admin:pim_role_change", args=[made.pk])
    form = form_of(client.get(page)) | {"grant|locale|sv": "own", "grant|group|data": ""}
    client.post(page, form)
    made.refresh_from_db()
    assert made.grants["locale"] == {"*": "view", "fi": "edit", "": "view", "sv": "own"}
    assert made.grants["group"] == {"*": "publish", "@structure": "view"}
    assert list(made.group.user_set.values_list("username", flat=True)) == ["timo"]


def test_a_new_role_hides_what_nobody_chose(client):
    client.force_login(superuser())
    client.post(reverse("admin:pim_role_add"), {"code": "new", "permission": ["pim.view_product"]})
    made = Role.objects.get(code="new")
    assert made.grants == {
        area: {"*": "none"} for area in ("group", "locale", "channel", "category", "output")
    }


def test_who_has_limits_opens_no_role_and_no_user(client):
    user = staff("timo", "change_role", "view_role", "add_role", "change_user", "view_user")
    made = role(user)
    client.force_login(user)
    before = list(Role.objects.values())
    pages = [
        reverse("admin:pim_role_changelist"),
        reverse("admin:pim_role_change", args=[made.pk]),
        reverse("admin:auth_user_changelist"),
        reverse("admin:auth_user_change", args=[user.pk]),
    ]
    assert [client.get(page).status_code for page in pages] == [403] * 4
    assert client.post(pages[1], {"code": "finnish"}).status_code == 403
    assert list(Role.objects.values()) == before


def test_only_superusers_make_superusers(client):
    user = staff("olga", "change_user", "view_user")
    client.force_login(user)
    page = reverse("admin:auth_user_change", args=[user.pk])
    data = {"username": "olga", "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    client.post(page, data | {"date_joined_0": "2026-11-26", "date_joined_1": "09:00:00"})
    user.refresh_from_db()
    assert user.is_superuser is False


def limited(client, **how):
    user = staff("timo")
    role(user, **how)
    client.force_login(user)
    return user


def test_the_product_page_shows_and_takes_what_the_role_allows(client):
    limited(client)
    write(
        wish(
            "L1",
            family="lamp",
            categories=["indoor"],
            at={"name||en": "Lamp", "name||fi": "Lamppu", "ean||": "4006381333931"},
        ),
        wish("L2", family="lamp", categories=["outdoor"]),
    )
    from pim.models import Product

    product, hidden = (Product.objects.get(identifier=name) for name in ("L1", "L2"))
    answer = client.get(product_page(product, locale="fi"))
    assert [tab.code for tab in answer.context["tabs"]] == ["texts"]
    cells = {cell.attribute.code: cell.locked for cell in answer.context["tabs"][0].cells}
    assert cells == {"name": False, "story": False, "notes": True}
    assert b"4006381333931" not in answer.content
    form = posted(answer) | {"v-name": "Valaisin", "v-notes": "forged", "v-notes-on": "1"}
    client.post(product_page(product, locale="fi"), form)
    values = {d.locale: d.values for d in product.drafts.all()}
    assert values["fi"] == {"name": {"": "Lamppu"}}  # refused whole, and the page says why
    client.post(product_page(product, locale="fi"), posted(answer) | {"v-name": "Valaisin"})
    values = {d.locale: d.values for d in product.drafts.all()}
    assert values == {
        "": {"ean": {"": "4006381333931"}},
        "en": {"name": {"": "Lamp"}},
        "fi": {"name": {"": "Valaisin"}},
    }
    assert client.get(product_page(hidden)).status_code == 404


def test_lists_counts_and_pickers_know_the_branches(client):
    limited(client)
    write(
        wish("L1", family="lamp", categories=["indoor"], at={"name||en": "Lamp"}),
        wish("L2", family="lamp", categories=["outdoor"], at={"name||en": "Lamp"}),
    )
    answer = client.get(reverse("admin:pim_product_changelist"))
    assert [p.identifier for p in answer.context["cl"].result_list] == ["L1"]
    assert client.get(reverse("admin:index")).context["content"]["products"]["total"] == 1
    picked = client.get(reverse("admin:pim_product_pick"), {"q": "Lamp"}).json()["results"]
    assert [card["code"] for card in picked] == ["L1"]
    branch = client.get(reverse("admin:pim_product_pick_branch"), {"of": "master", "counts": "1"})
    assert [(b["code"], b["count"]) for b in branch.json()["results"]] == [("indoor", 1)]


def test_a_filter_by_a_hidden_attribute_is_not_offered_and_finds_nothing_out(client):
    limited(client)
    write(wish("L1", family="lamp", categories=["indoor"], at={"color||": "red"}))
    page = reverse("admin:pim_product_changelist")
    answers = [client.get(page, {"attr_color": color}) for color in ("red", "blue")]
    assert [a.status_code for a in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]


def test_the_command_makes_roles_people_and_lists_them(tmp_path, capsys):
    row = {
        "code": "finnish",
        "labels": {"en": "Finnish"},
        "users": ["timo"],
        "permissions": ["pim.view_prod*"],
        "grants": FINNISH,
    }
    file = tmp_path / "roles.json"
    file.write_text(json.dumps({"roles": [row]}))
    call_command("roles", str(file))
    name, password = capsys.readouterr().out.split()
    user = User.objects.get(username="timo")
    assert (name, user.check_password(password), user.is_staff) == ("timo", True, True)
    assert user.has_perm("pim.view_product")
    assert not rights_of(user).unlimited
    call_command("roles", str(file))
    assert capsys.readouterr().out == ""
    call_command("roles")
    assert capsys.readouterr().out.split() == ["finnish", "Finnish", "timo"]


def test_the_command_refuses_what_is_no_role(tmp_path):
    file = tmp_path / "roles.json"
    bad = [{"code": "x", "grants": {"group": {"*": "everything"}}}]
    file.write_text(json.dumps({"roles": bad}))
    with pytest.raises(CommandError, match="everything"):
        call_command("roles", str(file))
    assert Role.objects.count() == 0
