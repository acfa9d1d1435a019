"""Design tokens: the one look that catalogue, landing page and kiosk share.

Warm Nordic: ink on paper, birch and linen grounds, one rust accent, one pine for depth; a
serif for what is read aloud, a sans for what is compared. Colours are sRGB, lengths of print in
points and millimetres, of screens in rem. These are the house's; a brand (see docs/brand.md)
overrides what it likes, and an output may override its brand's by its options.
"""

import hashlib
import json
from typing import Any

TOKENS: dict[str, Any] = {
    "brand": "",
    "tagline": {},  # {locale: text}; a plain text is said in every language
    # Digests of ingested pictures for light and dark ground; without them the brand is set as a
    # wordmark.
    "logo": "",
    "logo_dark": "",
    "colours": {
        "ink": "#22282a",
        "muted": "#63635c",
        "rule": "#d8cfc0",
        "paper": "#ffffff",
        "birch": "#faf7f1",
        "linen": "#efe8db",
        "accent": "#a0432a",
        "accent_soft": "#f3e1d8",
        "pine": "#26423b",
        "pine_soft": "#dfe8e1",
        "on_dark": "#fbf6ec",
    },
    # What a press prints for them, in per cent of cyan, magenta, yellow and black; small text in
    # black alone, which cannot blur. A colour without any is converted by the printer's profile.
    "cmyk": {
        "ink": [0, 0, 0, 92],
        "muted": [0, 0, 6, 68],
        "rule": [5, 8, 16, 13],
        "paper": [0, 0, 0, 0],
        "birch": [2, 3, 6, 0],
        "linen": [5, 7, 15, 2],
        "accent": [15, 82, 90, 22],
        "accent_soft": [2, 12, 12, 0],
        "pine": [75, 40, 55, 60],
        "pine_soft": [12, 4, 11, 2],
        "on_dark": [1, 2, 7, 0],
    },
    # Fonts that the brand brings along: {"code", "sha256", "family", "style"} each.
    "faces": [],
    "spots": {},  # {colour: {"name": ink as the printer knows it, "cmyk": what stands in for it}}
    "ink_limit": 300,  # per cent of all four inks together: more would not dry
    "fonts": {
        "sans": ["Noto Sans", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans CJK SC"],
        "serif": ["Noto Serif", "Noto Naskh Arabic", "Noto Serif Hebrew", "Noto Serif CJK SC"],
        "display": [
            "Noto Serif Display",
            "Noto Naskh Arabic",
            "Noto Serif Hebrew",
            "Noto Serif CJK SC",
        ],
        "last": ["Noto Sans Thai", "Noto Sans Devanagari", "Noto Color Emoji"],
    },
    "type": {  # screens, in rem: a scale of 1.25
        "small": 0.8,
        "body": 1.0,
        "lead": 1.25,
        "h3": 1.25,
        "h2": 1.5625,
        "h1": 2.441,
    },
    "space": [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6],  # screens, in rem
    "radius": 0.375,
    "print": {  # points and millimetres
        "text": 7.6,
        "wide": 9,
        "arabic": 8.4,
        "small": 6.6,
        "name": 11.5,
        "price": 11,
        "chapter": 40,
        "title": 46,
        "inner": 20,
        "outer": 15,
        "top": 24,
        "bottom": 19,
        "gutter": 7,
    },
}

OF_SCREENS = (
    "brand", "tagline", "logo", "logo_dark", "colours", "fonts", "type", "space", "radius",
)  # fmt: skip


def merged(*overrides: dict[str, Any] | None) -> dict[str, Any]:
    """Return the tokens with the `overrides` laid over them one after another, one level deep.

    A colour that is overridden without its inks loses those of the colour it was.
    """
    result = dict(TOKENS)
    for layer in overrides:
        result = _laid_over(result, layer or {})
    return result


def _laid_over(base: dict[str, Any], layer: dict[str, Any]) -> dict[str, Any]:
    result = dict(base)
    for key, value in layer.items():
        both = isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = {**result[key], **value} if both else value
    repainted = {n for n, hue in result["colours"].items() if base["colours"].get(n) != hue}
    for name in repainted:
        if name not in layer.get("cmyk", {}):
            result["cmyk"] = {n: c for n, c in result["cmyk"].items() if n != name}
        if name not in layer.get("spots", {}):
            result["spots"] = {n: s for n, s in result["spots"].items() if n != name}
    return result


def tagline(tokens: dict[str, Any], locale: str) -> str:
    """Return what the brand says of itself in a locale, "" where it says nothing."""
    said = tokens.get("tagline") or ""
    return said if isinstance(said, str) else said.get(locale) or ""


def font_stack(tokens: dict[str, Any], role: str) -> str:
    """Return the CSS font-family list of "sans", "serif" or "display"."""
    generic = "sans-serif" if role == "sans" else "serif"
    families = tokens["fonts"][role] + tokens["fonts"]["last"]
    return ", ".join([f'"{family}"' for family in families] + [generic])


def css_variables(tokens: dict[str, Any]) -> str:
    """Return the tokens as CSS custom properties for a screen: `:root { --ink: …; }`."""
    lines = [f"--{name.replace('_', '-')}: {hue};" for name, hue in tokens["colours"].items()]
    lines += [f"--font-{role}: {font_stack(tokens, role)};" for role in ("sans", "serif")]
    lines += [f"--display: {font_stack(tokens, 'display')};"]
    lines += [f"--type-{name}: {size}rem;" for name, size in tokens["type"].items()]
    lines += [f"--space-{n}: {size}rem;" for n, size in enumerate(tokens["space"], start=1)]
    return ":root { " + " ".join([*lines, f"--radius: {tokens['radius']}rem;"]) + " }"


def tokens_digest(tokens: dict[str, Any]) -> str:
    """Return the sha256 of the tokens: part of every fragment key."""
    packed = json.dumps(tokens, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(packed.encode()).hexdigest()
