"""Computed styles: properties that no rule names are looked up without asking what they could be.

Most of what a box asks of its style is an initial or an inherited value.
"""


def install() -> None:
    from weasyprint.css import (
        INHERITED,
        INITIAL_NOT_COMPUTED,
        INITIAL_VALUES,
        PHYSICAL_FUNCTIONS,
        ComputedStyle,
    )

    own = {"page", "position", "float", "display"}  # computed in ways of their own
    plain = {n for n in INITIAL_VALUES if n not in own and not n.startswith(("__", "text_deco"))}
    inherited = {n for n in plain if n in INHERITED and n not in PHYSICAL_FUNCTIONS}
    initial = {n: INITIAL_VALUES[n] for n in plain - INHERITED - INITIAL_NOT_COMPUTED}
    logical = {
        function(block="ttb", inline=direction)
        for function in PHYSICAL_FUNCTIONS.values()
        for direction in ("ltr", "rtl")
    }
    slow = ComputedStyle.__missing__

    def missing(style, key):
        cascaded = style.cascaded
        if key not in cascaded:
            if key in initial:
                if key not in PHYSICAL_FUNCTIONS or logical.isdisjoint(cascaded):
                    value = style[key] = initial[key]
                    return value
            elif key in inherited and style.parent_style is not None:
                value = style[key] = style.parent_style[key]
                return value
        return slow(style, key)

    ComputedStyle.__missing__ = missing
