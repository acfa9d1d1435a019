"""The admin theme's own sentences are in our catalogues, since it brings none."""

import sys
from pathlib import Path

import django
import pytest
import unfold
from babel.messages import extract, pofile

from deploy import messages, theme_messages
from deploy.django_messages import extract_django

LATER = sys.version_info >= (3, 12)
THEME, DJANGO = Path(unfold.__file__).parent, Path(django.__file__).parent
# Parts of the theme that stand for packages or widgets that are not used here.
UNUSED = (
    "import_export", "simple_history", "guardian", "constance", "location_field", "crispy",
    "hijack", "forms/array.html", "forms/helpers/toolbar.html", "dataset_model_admin",
    "nested_inlines", "reversion",
)  # fmt: skip
# A kind of field that is not used here, and a word for developers.
UNUSED_SENTENCES = {
    "Select currency",
    'Field <strong class="font-semibold">{field_name}</strong> is not an autocomplete field. '
    "Please add it to the `autocomplete_fields` list.",
}
READERS = {
    ".html": lambda file: [row[1:] for row in extract_django(file, (), (), {})],
    ".py": lambda file: extract.extract("python", file, messages.KEYWORDS),
}


def sentences_of_theme() -> set:
    found = set()
    for path in THEME.rglob("*.*"):
        if path.suffix in READERS and not any(part in str(path) for part in UNUSED):
            with path.open("rb") as file:
                found |= {row[1] for row in READERS[path.suffix](file)}
    return found


def known_to_django(language: str) -> set:
    apps = ("conf", "contrib/admin", "contrib/auth", "contrib/contenttypes")
    found = set()
    for app in apps:
        with (DJANGO / app / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
            catalogue = pofile.read_po(file, locale=language)
        found |= {m.id for m in catalogue if m.id and messages._translated(catalogue, m)}
    return found


@pytest.mark.parametrize("language", [code for code in messages.LANGUAGES if code != "en"])
def test_every_sentence_of_the_theme_is_djangos_or_ours(language):
    ours = {message.id for message in messages.extracted()}
    assert sentences_of_theme() - known_to_django(language) - ours <= UNUSED_SENTENCES


def test_list_holds_nothing_that_the_theme_no_longer_says():
    rows = extract.extract_from_file("python", messages.ROOT / "deploy/theme_messages.py")
    gone = {row[1] for row in rows} - sentences_of_theme()
    singular = {sentence for sentence in gone if isinstance(sentence, str)}
    assert len(gone - singular) == 1  # the count of results, with the blanks of either release
    of_other = set() if LATER else set(theme_messages.OF_LATER_RELEASE)
    assert {sentence for sentence in singular - of_other if "locked" not in sentence} == set()
