"""Keep the message catalogues: extract, merge, report, compile, check that they are full.

messages.py                extract and merge, then say what is untranslated
messages.py --compile      make the .mo files of what has changed since
messages.py --check        fail when a sentence of the code is missing or untranslated
"""

import os
import sys
from copy import deepcopy
from pathlib import Path

from babel.messages import extract, pofile
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("en", "fi", "da", "pl", "de")
KEYWORDS = {
    **extract.DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "translate": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}
METHODS = [
    ("pim/**.py", "python"),
    ("syndication/**.py", "python"),
    ("deploy/theme_messages.py", "python"),
    ("templates/**.html", "deploy.django_messages:extract_django"),
]


def catalogue_path(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def extracted() -> Catalog:
    """Return every sentence that the code and the templates show to people."""
    found = Catalog(charset="utf-8")
    for file, line, message, comments, context in _messages():
        found.add(message, locations=[(file, line)], auto_comments=comments, context=context)
    return found


def _messages():
    options = {"deploy.django_messages:extract_django": {}}
    yield from extract.extract_from_dir(
        ROOT, METHODS, options, KEYWORDS, ("Translators:",), directory_filter=_wanted
    )


def _wanted(folder) -> bool:
    return Path(folder).name not in {"migrations", "node_modules", ".venv", "var", "tests"}


def read(language: str) -> Catalog:
    path = catalogue_path(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as stream:
        return pofile.read_po(stream, locale=language)


def missing(catalogue: Catalog, wanted: Catalog) -> list[str]:
    """Return the message ids that are absent, fuzzy or have an empty translation."""
    return [str(m.id) for m in wanted if m.id and not _translated(catalogue, m)]


def _translated(catalogue: Catalog, message) -> bool:
    held = catalogue.get(message.id, context=message.context)
    if held is None or held.fuzzy:
        return False
    return all(held.string) if isinstance(held.string, list | tuple) else bool(held.string)


def merge(language: str, wanted: Catalog) -> Catalog:
    """Bring the catalogue up to the code; English says what the code says."""
    catalogue = read(language)
    # Catalogues share the messages they are updated from; English must not fill the others.
    catalogue.update(deepcopy(wanted), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    if language == "en":
        for message in catalogue:
            if message.id and not _translated(catalogue, message):
                message.string = message.id
    path = catalogue_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        pofile.write_po(stream, catalogue, width=100, no_location=True, sort_output=True)
    return catalogue


def compile_catalogue(language: str) -> None:
    """Make the .mo file in one step, so that nobody who starts meanwhile reads half of it."""
    made = catalogue_path(language).with_suffix(".mo")
    half = made.with_suffix(f".{os.getpid()}")
    with half.open("wb") as stream:
        write_mo(stream, read(language))
    half.replace(made)


def compile_stale() -> list[str]:
    """Compile the catalogues that have changed since; return their languages."""
    stale = [language for language in LANGUAGES if _stale(catalogue_path(language))]
    for language in stale:
        compile_catalogue(language)
    return stale


def _stale(source: Path) -> bool:
    made = source.with_suffix(".mo")
    return not made.exists() or made.stat().st_mtime < source.stat().st_mtime


def main(arguments: list[str]) -> int:
    sys.path.insert(0, str(ROOT))
    if "--compile" in arguments:
        compile_stale()
        return 0
    wanted, failed = extracted(), 0
    for language in LANGUAGES:
        catalogue = read(language) if "--check" in arguments else merge(language, wanted)
        absent = missing(catalogue, wanted)
        failed += len(absent)
        print(f"{language}: {len(wanted)} sentences, {len(absent)} untranslated")
        for sentence in absent[:20]:
            print(f"    {sentence[:100]!r}")
    return 1 if failed and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
