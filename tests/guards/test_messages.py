"""Every sentence shown to people is found by whoever translates, however the code calls it."""

import os
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


def test_a_catalogue_that_changed_is_compiled_at_the_next_start(tmp_path, monkeypatch):
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    source = messages.catalogue_path("fi")
    for language in messages.LANGUAGES:
        messages.catalogue_path(language).parent.mkdir(parents=True)
        messages.catalogue_path(language).write_text('msgid "Lamp"\nmsgstr "Lamppu"\n')
    assert messages.compile_stale() == list(messages.LANGUAGES)
    assert messages.compile_stale() == []
    made = source.with_suffix(".mo")
    os.utime(made, (1, 1))
    assert messages.compile_stale() == ["fi"]
    assert b"Lamppu" in made.read_bytes()
    assert sorted(p.name for p in made.parent.iterdir()) == ["django.mo", "django.po"]
