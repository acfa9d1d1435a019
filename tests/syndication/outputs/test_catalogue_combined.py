"""A combined catalogue: each card in all languages, once what they share."""

import re

from syndication.outputs.catalogue import Catalogue
from tests.factories import listings as samples
from tests.factories import pictures, printed

KIND = Catalogue()
LOCALES = ("en", "ar")


def issued(folder, locales=LOCALES):
    units = printed.together(3, locales, pictures=pictures.paint(folder, count=2))
    context = printed.combined(samples.context(KIND, locales[0], folder, layout="two"), locales)
    files, _ = printed.issue(KIND, units, context, folder)
    return units, files


def test_cards_have_names_and_labels_in_every_language(tmp_path):
    units, files = issued(tmp_path)
    assert list(files) == ["catalogue.en-ar.pdf"]
    found = printed.text(files["catalogue.en-ar.pdf"]).replace("\u202b", "").replace("\u202c", "")
    for unit in units:
        for locale in LOCALES:
            words = re.findall(r"\w+", unit.main(locale).body["name"])
            assert [word in found for word in words] == [True] * len(words)
    assert ("Weight" in found, "الوزن" in found) == (True, True)
    once = units[0].main("en").value("pieces")
    card = next(page for page in found.split("\f") if "BLANKET-001" in page)
    assert card.split().count(once) == 1


def test_card_depends_on_the_text_of_every_language(tmp_path):
    (unit,) = printed.together(1, LOCALES)
    context = printed.combined(samples.context(KIND, "en", tmp_path), LOCALES)
    before = KIND.reads(unit, context)
    unit.main("ar").body["values"]["intro"] = ["غير ذلك", "own", ""]
    assert KIND.reads(unit, context) != before


def test_first_language_alone_is_as_it_was(tmp_path):
    (unit,) = printed.together(1, LOCALES)
    alone = samples.context(KIND, "en", tmp_path)
    (single,) = samples.units(1, "en")
    assert KIND.fragment(unit, alone) == KIND.fragment(single, alone)
