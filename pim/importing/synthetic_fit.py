"""A synthetic catalogue beside content of one's own: what is there stays as it is.

The files are rewritten before they are read. Structure that exists is left out; an attribute or a
family of the same code that is something else is called `seed_…` in the files instead.
"""

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pim.content.structure import Structure

from .attribute_rows import KINDS
from .synthetic import Recipe

PREFIX = "seed_"
PLAIN_TEXTS = {"text", "textarea"}


def recipe_beside(recipe: Recipe, structure: Structure) -> Recipe:
    """Return the recipe with the languages and currencies of the installation's channels."""
    channels = structure.channels.values()
    locales = dict.fromkeys(code for channel in channels for code in channel.locales)
    currencies = dict.fromkeys(code for channel in channels for code in channel.currencies)
    return replace(
        recipe,
        locales=tuple(locales) or recipe.locales,
        currencies=tuple(currencies) or recipe.currencies,
    )


def fit_catalogue(folder: Path, structure: Structure) -> None:
    """Rewrite the files of a synthetic catalogue so that they change nothing that is there."""
    attributes = _Renamed(_foreign_attributes(folder, structure))
    families = _Renamed(_foreign_families(folder, structure))
    for name, codes in _held(structure).items():
        _rewrite(folder / f"{name}.csv", lambda r, codes=codes: r if r["code"] not in codes else {})
    _rewrite(folder / "attributes.csv", lambda r: r | {"code": attributes.code(r["code"])})
    _rewrite(folder / "options.csv", lambda r: _option(r, structure, attributes))
    _rewrite(folder / "families.csv", lambda r: _family(r, attributes, families))
    _rewrite(folder / "family_variants.csv", lambda r: _variant(r, families))
    _rewrite(folder / "product_models.csv", lambda r: attributes.columns(_variant(r, families)))
    _rewrite(folder / "products.csv", lambda r: attributes.columns(_named(r, families)))


class _Renamed:
    """Codes that have to give way, and what they are called in the files instead."""

    def __init__(self, codes: set[str]):
        self._codes = codes

    def code(self, code: str) -> str:
        return f"{PREFIX}{code}" if code in self._codes else code

    def codes(self, cell: str) -> str:
        return ",".join(self.code(code) for code in cell.split(","))

    def columns(self, row: dict[str, str]) -> dict[str, str]:
        return {self._column(title): cell for title, cell in row.items()}

    def _column(self, title: str) -> str:
        code, mark, rest = title.partition("-")
        return self.code(code) + mark + rest


def _held(structure: Structure) -> dict[str, object]:
    """Return {table: the codes that are there already}; attributes that differ are new ones."""
    return {
        "channels": structure.channels,
        "attribute_groups": structure.groups,
        "categories": structure.categories,
        "association_types": structure.association_types,
    }


def _foreign_attributes(folder: Path, structure: Structure) -> set[str]:
    """Return the codes of attributes that are there as something else; drop those that fit."""
    foreign, fitting = set(), set()
    for row in _read(folder / "attributes.csv"):
        there = structure.attributes.get(row["code"])
        if there is not None:
            kind, localizable = KINDS[row["type"]], row["localizable"] == "1"
            alike = kind == there.kind or {kind, there.kind} == PLAIN_TEXTS
            fits = alike and localizable == there.localizable and not there.scopable
            (fitting if fits else foreign).add(row["code"])
    _rewrite(folder / "attributes.csv", lambda r: r if r["code"] not in fitting else {})
    return foreign


def _foreign_families(folder: Path, structure: Structure) -> set[str]:
    """Return the codes of families that are there without the attributes of this catalogue."""
    foreign = set()
    for row in _read(folder / "families.csv"):
        there = structure.families.get(row["code"])
        if there is not None and not {*row["attributes"].split(",")} <= {*there.attributes}:
            foreign.add(row["code"])
    return foreign


def _option(row: dict, structure: Structure, attributes: _Renamed) -> dict[str, str]:
    attribute = attributes.code(row["attribute"])
    held = structure.options.get(attribute, {})
    return {} if row["code"] in held else row | {"attribute": attribute}


def _family(row: dict, attributes: _Renamed, families: _Renamed) -> dict[str, str]:
    return row | {
        "code": families.code(row["code"]),
        "attributes": attributes.codes(row["attributes"]),
    }


def _variant(row: dict, families: _Renamed) -> dict[str, str]:
    """Rename the family in a row of a family variant, or of a model that names one."""
    changed = dict(row)
    for column in {"code", "family_variant"} & row.keys():
        family, mark, rest = row[column].partition("_by_")
        changed[column] = families.code(family) + mark + rest
    return _named(changed, families)


def _named(row: dict, families: _Renamed) -> dict[str, str]:
    return row | {"family": families.code(row["family"])} if "family" in row else row


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source, delimiter=";"))


def _rewrite(path: Path, change: Callable[[dict[str, str]], dict[str, str]]) -> None:
    """Change the rows of a file one by one; empty ones are left out, and a file without any."""
    if not path.exists():
        return
    beside = path.with_suffix(".new")
    writer = None
    with (
        path.open(encoding="utf-8", newline="") as source,
        beside.open("w", newline="", encoding="utf-8") as out,
    ):
        for row in csv.DictReader(source, delimiter=";"):
            changed = change(row)
            if not changed:
                continue
            if writer is None:
                writer = csv.DictWriter(out, list(changed), delimiter=";", lineterminator="\n")
                writer.writeheader()
            writer.writerow(changed)
    beside.replace(path)
    if writer is None:
        path.unlink()
