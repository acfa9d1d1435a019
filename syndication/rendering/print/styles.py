"""Style sheets of the catalogue: the design tokens filled in, sizes of type and of pages added."""

from functools import cache
from typing import Any

from django.utils.safestring import mark_safe

from syndication.contract import RenderContext

from .. import tokens as design
from ..formats import cldr_locale
from ..pages import render
from .fitting import STEPS, continued_cells
from .layouts.folders import Layout
from .layouts.template import Ready
from .sheet import Sheet

FINE, FINEST = 0.92, 0.84  # of the size of text: tables, numbers


def colours(context: RenderContext) -> dict[str, Any]:
    """Return the design tokens as the style sheets name them."""
    merged = design.merged(context.tokens)
    stacks = {role: design.font_stack(merged, role) for role in ("sans", "serif", "display")}
    # Naskh joins lam and alef in two glyphs: the text of the PDF can be searched and copied.
    stacks = {r: s.replace("Noto Sans Arabic", "Noto Naskh Arabic") for r, s in stacks.items()}
    rtl = cldr_locale(context.locale).text_direction == "rtl"
    sides = {"start": "right", "end": "left"} if rtl else {"start": "left", "end": "right"}
    return {**merged["colours"], **stacks, **sides, "print": _texts(merged["print"])}


def _texts(sizes: dict[str, float]) -> dict[str, str]:
    return {name: f"{size:g}" for name, size in sizes.items()}


def style(name: str, context: RenderContext, **values: str) -> str:
    """Return a style sheet of the catalogue with the tokens filled in."""
    key = tuple(sorted({**_flat(colours(context)), **values}.items()))
    return _style(name, key)


def _flat(values: dict) -> dict[str, str]:
    flat = {key: value for key, value in values.items() if isinstance(value, str)}
    return flat | {f"print_{key}": value for key, value in values["print"].items()}


@cache
def _style(name: str, values: tuple) -> str:
    # Tokens are the operator's own; quotes in font names must reach the style sheet as they are.
    return render(f"outputs/catalogue/{name}.css", {key: mark_safe(v) for key, v in values})


def card_css(layout: Layout, context: RenderContext, sheet: Sheet) -> str:
    """Return the style sheet of a layout's cards: shared rules, sizes, then those of its own."""
    tokens = {key: Ready(value) for key, value in _flat(colours(context)).items()}
    own = layout.css.fill(tokens)
    sizes = _pages(layout, sheet) + _type(layout, context)
    return "\n".join([style("cards", context), sizes, own])


def _pages(layout: Layout, sheet: Sheet) -> str:
    """Return a page for every cell that a card, or its continuation, may take."""
    cells = layout.manifest.cells
    rules = [_page(f"size{n}", sheet.extent(*cell)) for n, cell in enumerate(cells)]
    more = continued_cells(cells)
    rules += [_page(f"part{n}", sheet.extent(*cell)) for n, cell in enumerate(more)]
    return "\n".join(rules)


def _page(name: str, extent: tuple[float, float]) -> str:
    width, height = extent
    classes = f".card.part.size{name[4:]}" if name.startswith("part") else f".card.{name}"
    size = f"size: {width:.3f}pt {height:.3f}pt; margin: 0;"
    return f"@page {name} {{ {size} }} {classes} {{ page: {name}; }}"


def _type(layout: Layout, context: RenderContext) -> str:
    """Return the sizes of type: from that of the design down to the least that is allowed."""
    least = float(design.merged(context.tokens)["print"]["small"])
    sizes = scales(layout, context)
    rules = [f"html {{ font-size: {sizes[0]:.2f}pt; }}"]
    for n, size in enumerate(sizes):
        fine, finest = max(size * FINE, least), max(size * FINEST, least)
        rules.append(
            f".step{n} {{ font-size: {size:.2f}pt; }}"
            f" .step{n} th, .step{n} td, .step{n} .more {{ font-size: {fine:.2f}pt; }}"
            f" .step{n} .sku, .step{n} .fine {{ font-size: {finest:.2f}pt; }}"
        )
    return "\n".join(rules)


def scales(layout: Layout, context: RenderContext) -> list[float]:
    """Return the sizes of text of a layout in points, from the designed to the smallest."""
    sizes = design.merged(context.tokens)["print"]
    rtl = cldr_locale(context.locale).text_direction == "rtl"
    design_size = max(sizes["arabic"], sizes[layout.manifest.type]) if rtl else None
    size = float(design_size or sizes[layout.manifest.type])
    least = min(size, float(sizes["small"]))
    return [size - (size - least) * n / (STEPS - 1) for n in range(STEPS)]
