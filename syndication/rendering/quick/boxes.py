"""Boxes: measures and backgrounds that do not depend on where a box stands are kept by its style.

Nearly every box has plain lengths and no background, and shares its style with many others.
"""

from .places import replace

EDGES = [f"{what}_{side}" for what in ("margin", "padding") for side in
         ("left", "right", "top", "bottom")]  # fmt: skip
EXTENTS = [f"{least}{axis}" for axis in ("width", "height") for least in ("", "min_", "max_")]
WIDTHS = {"width", "min_width", "max_width"}
BORDERS = [f"border_{side}_width" for side in ("top", "right", "bottom", "left")]
RADII = [f"border_{v}_{h}_radius" for v in ("top", "bottom") for h in ("left", "right")]


def install() -> None:
    from weasyprint.layout import background, percent

    replace(percent.resolve_percentages, _resolver(percent.resolve_percentages))
    replace(background.layout_box_backgrounds, _painter(background.layout_box_backgrounds))


def _resolver(slow):
    from weasyprint.formatting_structure.boxes import Box

    def resolve_percentages(box, containing_block):
        style = box.style
        known = style.__dict__.get("measures")
        if known is None:
            known = style.measures = _measures(style)
        if not known or not isinstance(box, Box):  # a placeholder stands for a box
            return slow(box, containing_block)
        lengths, borders, shares = known
        own = box.__dict__
        own.update(lengths)
        for name in shares:
            _of_width(box, name, containing_block)
        if style["border_collapse"] == "collapse":  # widths may have been settled in the table
            for name, width in borders.items():
                own.setdefault(name, width)
        else:
            own.update(borders)

    return resolve_percentages


def _of_width(box, name: str, containing_block) -> None:
    from weasyprint.layout.percent import resolve_one_percentage

    width = getattr(containing_block, "width", None)
    resolve_one_percentage(box, name, containing_block[0] if width is None else width)


def _measures(style) -> tuple:
    """Return lengths, widths of borders, and the names of those that are shares of a width.

    () where other measures depend on the surroundings.
    """
    values = {name: style[name] for name in (*EDGES, *EXTENTS)}
    lengths = {n: v if v == "auto" else v.value for n, v in values.items() if _is_plain(v)}
    shares = tuple(values.keys() - lengths.keys())
    if style["box_sizing"] != "content-box" or not WIDTHS.issuperset(shares):
        return ()
    for name in ("min_width", "min_height"):
        lengths[name] = 0 if lengths.get(name) == "auto" else lengths.get(name)
    return lengths, {name: style[name] for name in BORDERS}, shares


def _is_plain(value) -> bool:
    return value == "auto" or getattr(value, "unit", None) == "px"


def _painter(slow):
    from weasyprint.formatting_structure.boxes import Box

    def layout_box_backgrounds(page, box, get_image, layout_children=True, style=None):
        own = box.style
        known = own.__dict__.get("bare")
        if known is None:
            known = own.bare = _is_bare(own)
        if not known or style is not None or box is page or not isinstance(box, Box):
            return slow(page, box, get_image, layout_children, style)
        box.__dict__.update(NOTHING)
        for child in box.all_children() if layout_children else ():
            layout_box_backgrounds(page, child, get_image)

    return layout_box_backgrounds


NOTHING = {"background": None, **dict.fromkeys(RADII, (0, 0))}


def _is_bare(style) -> bool:
    """Say whether a box has no background, picture of a border, shadow or round corner."""
    from weasyprint.draw.color import get_color

    pictures = (style["border_image_source"], style["mask_border_source"])
    return (
        all(picture[0] == "none" for picture in (*pictures, *style["background_image"]))
        and not style["box_shadow"]
        and style["visibility"] != "hidden"
        and get_color(style, "background_color").alpha == 0
        and all((0, "px") in style[name] for name in RADII)
    )
