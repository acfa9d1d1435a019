"""Lines of text: what Pango needs of a style is made once, and a line is shaped once.

WeasyPrint drops the layout of a line when it has measured it, and makes it again to draw it.
"""

import re

from .places import replace

MOST = 8_000  # lines kept of one document: about 60 MB at the most
PARAGRAPH = re.compile("[\n\r\u2028\u2029]")


class Kept:
    """How many lines of the present document have kept their layout."""

    lines = 0


def begin() -> None:
    """Begin a document: it may keep its own lines."""
    Kept.lines = 0


def install() -> None:
    _share_settings()
    _keep_layouts()
    _keep_struts()


def _share_settings() -> None:
    """Let layouts of one style share context, font description and features."""
    from weasyprint.text import line_break as text

    ffi, pango, slow = text.ffi, text.pango, text.Layout.setup

    def learn(layout, style):
        slow(layout, style)
        if style["text_decoration_line"] == "none":  # else there are measures to be taken
            description = text.get_font_description(style)
            context = _context(text, style, layout.language)
            style.pango = (context, layout.language, description, _features(text, style))

    def setup(layout, style):
        known = style.__dict__.get("pango")
        if known is None:
            return learn(layout, style)
        layout.style, layout.first_line_direction = style, 0
        layout.ascent = layout.underline_position = layout.strikethrough_position = None
        context, layout.language, description, features = known
        layout.layout = ffi.gc(pango.pango_layout_new(context), text.gobject.g_object_unref)
        pango.pango_layout_set_auto_dir(layout.layout, False)
        pango.pango_layout_set_font_description(layout.layout, description)
        if features is not None:
            attributes = pango.pango_attr_list_new()
            pango.pango_attr_list_insert(attributes, features)
            pango.pango_layout_set_attributes(layout.layout, attributes)

    text.Layout.setup = setup


def _context(text, style, language):
    """Return a context of Pango as WeasyPrint makes one for every layout."""
    made = text.pango.pango_font_map_create_context(style.font_config.font_map)
    context = text.ffi.gc(made, text.gobject.g_object_unref)
    text.pango.pango_context_set_round_glyph_positions(context, False)
    direction = text.PANGO_DIRECTION[style["direction"]]
    text.pango.pango_context_set_base_dir(context, direction)
    if style["font_language_override"] != "normal" or style["lang"]:
        text.pango.pango_context_set_language(context, language)
    return context


def _features(text, style):
    """Return the attribute of Pango that stands for the font features of a style, or None."""
    names = "kerning variant_ligatures variant_position variant_caps variant_numeric"
    names += " variant_alternates variant_east_asian feature_settings"
    found = text.font_features(*(style[f"font_{name}"] for name in names.split()))
    key = ",".join(f"{name} {value}" for name, value in found.items()).encode()
    return style.font_config.font_features[key] if found else None


def _keep_layouts() -> None:
    """Let a line keep its layout from being measured to being drawn."""
    from weasyprint.text.line_break import Layout, pango

    drop, again, set_text = Layout.deactivate, Layout.reactivate, Layout.set_text

    def deactivate(layout):
        if layout.__dict__.get("drawn") or Kept.lines >= MOST:
            drop(layout)
        else:
            Kept.lines += 1

    def reactivate(layout, style):
        layout.drawn = True
        kept = "layout" in layout.__dict__ and layout.style is style
        if not kept or layout.justification_spacing or PARAGRAPH.search(layout.text):
            again(layout, style)

    def set_text_once(layout, text, justify=False):
        if not justify and not PARAGRAPH.search(text):
            # Drawing asks for it, and a change of mode would have the line shaped again.
            pango.pango_layout_set_single_paragraph_mode(layout.layout, True)
        set_text(layout, text, justify)

    Layout.deactivate, Layout.reactivate = deactivate, reactivate
    Layout.set_text = set_text_once


def _keep_struts() -> None:
    """Let a style know the height of its lines."""
    from weasyprint.text.line_break import strut as slow

    def strut(style):
        known = style.__dict__.get("strut")
        if known is None:
            known = style.strut = slow(style)
        return known

    replace(slow, strut)
