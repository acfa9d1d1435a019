"""The admin theme's own sentences are in our catalogues, since it brings none."""

from pathlib import Path

import django
import pytest
import unfold
from babel.messages import extract, pofile

from deploy import messages
from deploy.django_messages import extract_django

THEME, DJANGO = Path(unfold.__file__).parent, Path(django.__file__).parent
# Parts of the theme that stand for packages or widgets that are not used here.
UNUSED = (
    "import_export", "simple_history", "guardian", "constance", "location_field", "crispy",
    "hijack", "forms/array.html", "forms/helpers/toolbar.html", "dataset_model_admin",
    "nested_inlines",
)  # fmt: skip
UNUSED_SENTENCES = {"Select currency"}
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
    assert sentences_of_theme() - known_to_django(language) - ours == UNUSED_SENTENCES


def test_list_holds_nothing_that_the_theme_no_longer_says():
    rows = extract.extract_from_file("python", messages.ROOT / "deploy/theme_messages.py")
    listed = {row[1] for row in rows}
    gone = {sentence for sentence in listed - sentences_of_theme() if "locked" not in str(sentence)}
    assert gone == set()
