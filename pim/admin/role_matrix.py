"""The matrix of a role: one row per thing, one column per level, read from and into a document."""

from collections.abc import Mapping

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from pim.content.rights import COMMON, REST, WORDS
from pim.content.snapshot import STRUCTURE_SLICE
from pim.content.structure import Structure

from .context import label_of

LEVELS = [
    ("none", _("hidden")),
    ("view", _("sees")),
    ("edit", _("edits")),
    ("own", _("owns")),
    ("publish", _("publishes")),
]
AREAS = [
    ("group", _("Attribute groups"), _("Which values of a product.")),
    ("locale", _("Locales"), _("In which languages.")),
    ("channel", _("Channels"), _("For which channels.")),
    ("category", _("Category branches"), _("Which products. A branch goes for all below it.")),
    ("output", _("Outputs"), _("Which catalogues, feeds and pages.")),
]
SPECIAL = {
    ("group", STRUCTURE_SLICE): _("Structure: family, categories, associations, on or off"),
    ("locale", COMMON): _("What is the same in all languages"),
    ("channel", COMMON): _("What is the same in all channels"),
    ("category", COMMON): _("Products in no category"),
}
MOST_CATEGORIES = 400


def areas(grants: Mapping, structure: Structure, locale: str) -> list[dict]:
    """Return the areas with their rows: the rest first, then everything that can be granted."""
    return [
        {
            "code": area,
            "label": label,
            "help": text,
            "rows": _rows(area, grants.get(area, {}), structure, locale),
        }
        for area, label, text in AREAS
    ]


def read_matrix(post: Mapping) -> dict[str, dict[str, str]]:
    """Return the grants document of a posted matrix; what goes with the rest has no grant."""
    found: dict[str, dict[str, str]] = {area: {} for area, _label, _help in AREAS}
    for name, word in post.items():
        prefix, _bar, rest = name.partition("|")
        area, _bar, code = rest.partition("|")
        if prefix == "grant" and area in found and word in WORDS:
            found[area][code] = word
    for levels in found.values():
        levels.setdefault(REST, "none")
    return found


def in_words(grants: Mapping) -> list[tuple]:
    """Return [(area, level of the rest, how many things differ from it)], for lists."""
    words = dict(LEVELS)
    return [
        (label, words.get(held.get(REST, "none"), "–"), len(set(held) - {REST}))
        for area, label, _help in AREAS
        for held in (grants.get(area, {}),)
    ]


def _rows(area: str, held: Mapping, structure: Structure, locale: str) -> list[dict]:
    rows = [_row(area, REST, _("Everything else"), held)]
    for (where, code), label in SPECIAL.items():
        if where == area:
            rows.append(_row(area, code, label, held))
    things = _THINGS[area](structure, locale, held)
    rows += [_row(area, code, label, held, depth=depth) for code, label, depth in things]
    gone = set(held) - {row["code"] for row in rows}
    return rows + [_row(area, code, code, held) for code in sorted(gone)]


def _row(area: str, code: str, label, held: Mapping, *, depth: int = 0) -> dict:
    return {
        "code": code,
        "name": f"grant|{area}|{code}",
        "label": label,
        "level": held.get(code, "none" if code == REST else ""),
        "rest": code == REST,
        "indent": range(depth),
    }


def _groups(structure: Structure, locale: str, held) -> list[tuple]:
    ordered = sorted(structure.groups.values(), key=lambda g: (g.sort, g.code))
    return [(g.code, label_of(g, locale), 0) for g in ordered]


def _locales(structure: Structure, locale: str, held) -> list[tuple]:
    return [(code, code, 0) for code, one in structure.locales.items() if one.enabled]


def _channels(structure: Structure, locale: str, held) -> list[tuple]:
    return [(code, label_of(c, locale), 0) for code, c in structure.channels.items()]


def _categories(structure: Structure, locale: str, held) -> list[tuple]:
    """Return the categories as a tree; of a large one its upper levels and what has a grant."""
    known = structure.categories
    keys = {code: tuple((known[c].sort, c) for c in one.path) for code, one in known.items()}
    shown = sorted(known.values(), key=lambda c: keys[c.code])
    depth = 9
    while len(shown) > MOST_CATEGORIES and depth > 1:
        depth -= 1
        shown = [c for c in shown if len(c.path) <= depth or c.code in held]
    return [(c.code, label_of(c, locale), len(c.path) - 1) for c in shown]


def _outputs(structure: Structure, locale: str, held) -> list[tuple]:
    path = getattr(settings, "ADMIN_OUTPUT_CHOICES", "")
    return [(code, label, 0) for code, label in (import_string(path)() if path else ())]


_THINGS = {
    "group": _groups,
    "locale": _locales,
    "channel": _channels,
    "category": _categories,
    "output": _outputs,
}
