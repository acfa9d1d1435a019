"""People at the desk, and the product page's form as a browser would post it."""

import html
import re

from django.contrib.auth.models import Permission, User
from django.urls import reverse


def superuser(name: str = "anna") -> User:
    """Return somebody who may do everything."""
    return User.objects.create_superuser(name, password="secret-enough")


def staff(name: str = "otto", *permissions: str) -> User:
    """Return somebody who may sign in and holds the permissions named "view_product" etc."""
    user = User.objects.create_user(name, password="secret-enough", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def product_page(product, *, locale: str = "en", channel: str = "web") -> str:
    """Return the address of a product's page in a context."""
    page = reverse("admin:pim_product_change", args=[product.pk])
    return f"{page}?channel={channel}&locale={locale}"


INPUT = re.compile(
    r"<(input|textarea|select)\b([^>]*)>(.*?)(?=<(?:input|textarea|select)\b|\Z)", re.S
)
ATTRIBUTE = re.compile(r'([\w@|:-]+)(?:="([^"]*)")?')
CHOSEN = re.compile(r'<option value="([^"]*)"[^>]*\bselected')


def posted(answer) -> dict:
    """Return what the product form of a page would post untouched."""
    text = answer.content.decode()
    form = text[
        text.index('id="product-form"') : text.index("</form>", text.index('id="product-form"'))
    ]
    data = {}
    for tag, raw, rest in INPUT.findall(form):
        given = {name: html.unescape(value or "") for name, value in ATTRIBUTE.findall(raw)}
        name = given.get("name")
        if not name or "disabled" in given:
            continue
        if given.get("type") in ("checkbox", "radio") and "checked" not in given:
            continue
        data[name] = _value(tag, given, rest)
    return data


def _value(tag: str, given: dict, rest: str) -> str:
    if tag == "textarea":
        return html.unescape(rest[: rest.index("</textarea>")])
    if tag == "select":
        inside = rest[: rest.index("</select>")]
        found = CHOSEN.search(inside)
        first = re.search(r'<option value="([^"]*)"', inside)
        return html.unescape((found or first)[1]) if (found or first) else ""
    return given.get("value", "on" if given.get("type") == "checkbox" else "")
