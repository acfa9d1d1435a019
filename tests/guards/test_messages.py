"""Every sentence shown to people is found by whoever translates, however the code calls it."""

import re
from io import BytesIO
from pathlib import Path
from unittest import mock

import pytest
from django.template import Context, Template

from deploy import messages
from deploy.django_messages import extract_django

ROOT = Path(__file__).resolve().parents[2]
CALL = re.compile(
    r"""\b(?:translate|gettext(?:_lazy|_noop)?|_)\(\s*(["'])(?P<text>[^"'\\\n]+)\1\s*[),]"""
)


@pytest.fixture(scope="module")
def found():
    ids = {message.id for message in messages.extracted() if message.id}
    return {i for known in ids for i in (known if isinstance(known, tuple) else (known,))}


@pytest.mark.parametrize("app", ["pim", "syndication"])
def test_no_marked_sentence_is_missed(app, found):
    files = (path for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)
    marked = {m["text"] for path in files for m in CALL.finditer(path.read_text())}
    assert len(marked) > 100
    assert marked - found == set()


def test_percent_signs_of_templates_are_doubled_as_they_are_looked_up():
    tags = b"""{% translate 'Page %(page)s' %}{% translate "5 %" context "tax" %}{{ _("6 %") }}"""
    ids = [what for _line, _kind, what, _comments in extract_django(BytesIO(tags), (), (), {})]
    assert ids == ["Page %%(page)s", ("tax", "5 %%"), "6 %%"]
    looked_up = []
    with mock.patch("django.template.base.gettext_lazy", looked_up.append):
        Template("{% load i18n %}{% translate 'Page %(page)s' %}").render(Context())
    assert looked_up == ids[:1]
