"""Previews: pages of an output drawn while people edit, by the service; nothing is written.

The picture shows what the next edition would: the listings there are, with the product that is
edited as its draft would list it, the options as they stand in a form, a brand as it is drafted.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from django.utils.translation import gettext_noop as _

from pim.published import Published, Rights, snapshots_seen, structure
from syndication import store
from syndication.models import Brand, Edition, Output
from syndication.queries.listings_draft import draft_batch
from syndication.queries.reach import Level, output_level
from syndication.refusals import NoPreview, NotFound
from syndication.registry import output_kind, targets

from .editions.context import NotConfigured, setting_of
from .editions.freeze import Frozen, frozen_lines
from .editions.issue import settings_of
from .editions.render import Entry, StaleFreeze, write_units
from .served import serve

SECONDS, MEMORY_MB = 10, 900
# Of a larger output, only the product itself is set on its page; of one drawn whole, so many are.
NEIGHBOURS, WHOLE = 1500, 80
WIDTHS = (400, 2400)


@dataclass(frozen=True)
class Wish:
    """What somebody wants to see: of an output in a locale, a product's page or a page.

    `focus` are identifiers, the likeliest first, `drafts` the snapshots of the family as edited;
    `options` go over the output's, and `brand` stands in for what is in use.
    """

    output: Output
    locale: str
    focus: tuple[str, ...] = ()
    page: int = 0
    spread: bool = False
    width: int = 900
    options: Mapping[str, Any] | None = None
    drafts: Mapping[int, Published] = field(default_factory=dict)
    brand: Mapping[str, Any] | None = None
    who: str = ""  # a newer wish of the same one ends this one


@dataclass(frozen=True)
class Drawn:
    """Pictures as PNG, and what they show; `alone` says that neighbours are left out."""

    pictures: list[bytes]
    pages: int
    shown: list[int]
    places: dict[str, list[str]]
    products: list[str]
    refusals: list[list]
    alone: bool = False


def previewable(output: Output) -> bool:
    """Say whether there is something to see of an output's kind."""
    return output.kind in targets() and bool(output_kind(output.kind).preview)


def draw_preview(wish: Wish, *, rights: Rights, at: datetime) -> Drawn:
    """Return the preview as somebody with these rights may see it.

    Raises `NoPreview` where it cannot be drawn, and says why.
    """
    _refuse_unseen(wish, rights)
    folder = store.scratch("preview")
    try:
        return _drawn(wish, folder, rights=rights, at=at)
    except (NotConfigured, StaleFreeze) as error:
        raise NoPreview(why=str(error)) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _refuse_unseen(wish: Wish, rights: Rights) -> None:
    seen = output_level(rights, wish.output) >= Level.VIEW and rights.locale(wish.locale)
    if not seen or wish.locale not in wish.output.locales:
        raise NotFound(what="output", name=wish.output.code)
    if not previewable(wish.output):
        raise NoPreview(why=_("There is nothing to see of this kind of output."))


def _drawn(wish: Wish, folder: Path, *, rights: Rights, at: datetime) -> Drawn:
    setting = setting_of(_edition(wish, at))
    alone, whole = _write_units(folder / "units", wish, setting.edition, rights=rights, at=at)
    width = min(max(wish.width, WIDTHS[0]), WIDTHS[1])
    spec = {
        "id": "preview",
        "job": "preview",
        "target": setting.target,
        "locales": [wish.locale],
        "context": str(setting.write(folder)),
        "input": str(folder / "units"),
        "output": str(folder / "drawn.json"),
        "folder": str(folder),
        "look": {"focus": list(wish.focus), "page": wish.page, "spread": wish.spread},
        "plan": {"number": 0, "issued_on": at.date().isoformat(), "data_version": 0, "items": 0},
        "width": width,
        "whole": whole,
        "memory_mb": MEMORY_MB,
        "seconds": SECONDS,
    }
    _code, why = serve(spec, folder, who=wish.who)
    if why:
        raise NoPreview(why=why)
    found = orjson.loads((folder / "drawn.json").read_bytes())
    pictures = [(folder / name).read_bytes() for name in found.pop("files")]
    return Drawn(pictures, alone=alone, **found)


def _edition(wish: Wish, at: datetime) -> Edition:
    """Return an edition that is never saved, with the settings of the wish."""
    output = Output.objects.select_related("brand").get(pk=wish.output.pk)
    if wish.brand is not None:
        output.brand = Brand(pk=-1, tokens=dict(wish.brand))
    if wish.options is not None:
        output.options = {**(output.options or {}), **wish.options}
    settings = settings_of(output, wish.locale)
    return Edition(output=output, number=0, locale=wish.locale, settings=settings, created_at=at)


def _write_units(
    path: Path, wish: Wish, edition: Edition, *, rights, at: datetime
) -> tuple[bool, bool]:
    """Write the units to be arranged; return whether neighbours of the product were left out, and
    whether these are all units of the edition."""
    kind = output_kind(edition.settings["kind"])
    mine = _family(wish, edition, rights=rights, at=at)
    lonely = kind.preview == "alone" or not rights.unlimited
    entries = [] if lonely and (mine or not rights.unlimited) else _entries(edition, kind, wish)
    lines = mine.unit_lines(whole=kind.unit == "model") if mine else []
    if mine:
        known = {subject.id for subject in mine.subjects.values()}
        entries = [entry for entry in entries if entry.unit not in known]
    most = WHOLE if kind.preview == "whole" else NEIGHBOURS
    crowd = bool(mine) and len(entries) > most
    if not (lines or entries):
        raise NoPreview(why=_("There is no product to show."))
    write_units(path, [] if crowd else entries[:most])
    with path.open("ab") as stream:
        stream.writelines(lines)
    whole = not (lonely or crowd) and len(entries) <= most
    return crowd or (lonely and kind.preview != "alone"), whole


def _entries(edition: Edition, kind, wish: Wish) -> list[Entry]:
    """Return what the output would freeze now; for a kind that shows one product, that one."""
    lines = frozen_lines(edition, kind, Frozen(), lambda: None)
    entries = [Entry("", "", True, *orjson.loads(line)) for line in lines]
    if kind.preview == "alone":
        return [e for e in entries if e.identifier in wish.focus][:1] or entries[:1]
    return entries


def _family(wish: Wish, edition: Edition, *, rights: Rights, at: datetime):
    """Return the product's family as somebody may see it, None where none is edited or named."""
    drafts = wish.drafts
    if not drafts and not rights.unlimited:
        drafts = next((d for one in wish.focus if (d := snapshots_seen(one, rights))), {})
    if not drafts:
        return None
    context = (edition.settings["channel"], edition.settings["audience"], wish.locale)
    return draft_batch(drafts, structure=structure(), context=context, at=at)
