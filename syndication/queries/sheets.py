"""The data sheet of a product that every visitor of its page may open, as it is served now."""

from typing import NamedTuple
from urllib.parse import quote

from syndication.models import EditionArtefact, Output, Pointer
from syndication.rendering.data_sheet.names import sheet_name
from syndication.rendering.press.stage import PRESS, SCREEN

from .pages import Site


class Sheet(NamedTuple):
    """A sheet's address, which stays when another edition is served, and its size in bytes."""

    path: str
    size: int


def served_sheet(site: Site, identifier: str, *, locale: str) -> Sheet | None:
    """Return the sheet of a root product in a locale, None where no open output has one.

    The page's own audience comes first. An edition keeps the audience it was issued for: where
    the output has another one by now, its sheets are not for everybody to open. One query, none
    where the channel has no public output of data sheets.
    """
    names = {o: name for o in site.sheets if (name := _name(o, identifier, locale))}
    if not names:
        return None
    served = Pointer.objects.filter(output__in=list(names)).values("edition")
    links = EditionArtefact.objects.filter(edition__in=served, name__in=set(names.values()))
    rows = links.order_by("edition__number").values_list(
        "edition__output_id", "name", "audience", "artefact__size"
    )
    found = {(output, name): (audience, size) for output, name, audience, size in rows}
    for output, name in names.items():
        audience, size = found.get((output.pk, name), ("", 0))
        if audience == output.audience:
            return Sheet(f"/out/{quote(output.code, safe='')}/{quote(name)}", size)
    return None


def _name(output: Output, identifier: str, locale: str) -> str:
    """Return what the output calls the sheet, "" where it is not for reading in this locale."""
    form = (output.options or {}).get("form") or SCREEN
    if locale not in output.locales or form == PRESS:
        return ""
    tag = "-".join(output.locales) if output.combined else locale
    return sheet_name(identifier, tag=tag, form=form)
