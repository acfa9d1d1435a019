"""Contrast of colours by WCAG 2.2 (relative luminance, success criterion 1.4.3), and its cure."""

import colorsys

LEAST = 4.5  # of text on its ground, level AA


def rgb(hue: str) -> tuple[float, float, float]:
    """Return "#rrggbb" as three numbers from 0 to 1."""
    return tuple(int(hue[n : n + 2], 16) / 255 for n in (1, 3, 5))


def luminance(hue: str) -> float:
    """Return the relative luminance of "#rrggbb", 0 for black and 1 for white."""
    parts = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in rgb(hue)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21."""
    light, dark = sorted((luminance(one) + 0.05, luminance(other) + 0.05), reverse=True)
    return light / dark


def legible(text: str, grounds: list[str], *, least: float = LEAST) -> str:
    """Return the colour nearest to `text` that can be read on all the grounds, "" if none can.

    Its hue and saturation are kept, only its lightness moves.
    """
    hue, light, saturation = colorsys.rgb_to_hls(*rgb(text))
    for step in range(101):
        for lightness in (light - step / 100, light + step / 100):
            found = _hex(hue, min(1.0, max(0.0, lightness)), saturation)
            if all(contrast(found, ground) >= least for ground in grounds):
                return found
    return ""


def _hex(hue: float, light: float, saturation: float) -> str:
    parts = colorsys.hls_to_rgb(hue, light, saturation)
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)
