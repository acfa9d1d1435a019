"""Kinds of text: one line, several lines, and rich text that is sanitised when written."""

import re
import unicodedata
from functools import lru_cache
from html import unescape
from typing import Any

from ..nul import NUL, HoldsNul
from ..refusals import _
from ..structure import AttributeDef, Structure
from .base import Kind, refuse

_MAX_LENGTH = {"text": 255, "textarea": 65_535, "richtext": 65_535}
# Control characters have no place in product texts and break XML outputs.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_TAG = re.compile(r"<[^>]*>")
# Paragraphs of bare text: what most rich texts are, and nothing that would need cleaning.
_PARAGRAPHS = re.compile(r"(?:<p>[^<>&\xa0]+</p>)+")
_BLOCK_END = re.compile(r"</(p|li|h[1-6]|tr|div|blockquote)>|<(br|ul|ol|table|p)\b[^>]*>", re.I)

ALLOWED_TAGS = frozenset(
    "p br strong b em i u s sub sup ul ol li h2 h3 h4 blockquote a table thead tbody tr th td hr"
    " code".split()
)
ALLOWED_ATTRIBUTES = {"a": {"href", "title"}, "th": {"scope", "colspan"}, "td": {"colspan"}}
ALLOWED_SCHEMES = frozenset({"http", "https", "mailto", "tel"})


class Text(Kind):
    """One line of text; line breaks become spaces."""

    code = "text"

    def clean(self, raw: Any, attribute: AttributeDef, structure: Structure) -> Any:
        text = _tidy(raw, attribute)
        if "\n" in text:
            text = " ".join(text.split("\n"))
        _check_text(text, attribute)
        return text or None


class TextArea(Kind):
    """Several lines of text; line ends are \\n."""

    code = "textarea"

    def clean(self, raw: Any, attribute: AttributeDef, structure: Structure) -> Any:
        text = _tidy(raw, attribute)
        _check_text(text, attribute)
        return text or None

    def plain(self, data: Any) -> str:
        return " ".join(str(data).split())


class RichText(Kind):
    """HTML of the allowed tags only; whatever else comes in is taken out."""

    code = "richtext"

    def clean(self, raw: Any, attribute: AttributeDef, structure: Structure) -> Any:
        html = sanitise(_tidy(raw, attribute))
        if not plain_text(html):
            return None
        _check_text(html, attribute)
        return html

    def plain(self, data: Any) -> str:
        return " ".join(plain_text(data).split())


def sanitise(html: str) -> str:
    """Return `html` with only the allowed tags, attributes and link schemes left.

    Sanitising twice gives the same bytes, so it is done when written and again when rendered.
    """
    import nh3

    if ("<" not in html and "&" not in html and ">" not in html) or _PARAGRAPHS.fullmatch(html):
        return html
    return nh3.clean(
        html,
        tags=set(ALLOWED_TAGS),
        attributes=ALLOWED_ATTRIBUTES,
        url_schemes=set(ALLOWED_SCHEMES),
        link_rel="noopener nofollow",
    ).strip()


def plain_text(html: str) -> str:
    """Return the text of sanitised HTML, its blocks on lines of their own."""
    text = unescape(_TAG.sub("", _BLOCK_END.sub("\n", html)))
    return "\n".join(line for line in (part.strip() for part in text.split("\n")) if line)


def _tidy(raw: Any, attribute: AttributeDef) -> str:
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        raw = str(raw)
    if not isinstance(raw, str):
        raise refuse(attribute, _("“%(attribute)s” needs a text."), code="not_a_text")
    if NUL in raw:
        raise HoldsNul(field=attribute.code, name=attribute.code)
    return tidy_text(raw)


def tidy_text(raw: str) -> str:
    """Return the text in one form: NFC, line ends as \\n, no control characters, no blank ends."""
    if raw.isprintable() and (raw.isascii() or unicodedata.is_normalized("NFC", raw)):
        return raw.strip()
    text = raw.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    return _CONTROL.sub("", unicodedata.normalize("NFC", text)).strip()


def _check_text(text: str, attribute: AttributeDef) -> None:
    rules = attribute.rules
    if not rules and len(text) <= 255:
        return
    limit = int(rules.get("max_length") or _MAX_LENGTH[attribute.kind])
    if len(text) > limit:
        raise refuse(
            attribute,
            _("“%(attribute)s” has %(length)s characters; at most %(limit)s are allowed."),
            code="too_long",
            length=len(text),
            limit=limit,
        )
    pattern = rules.get("pattern")
    if text and pattern and not _compiled(pattern).search(text):
        raise refuse(
            attribute,
            _("“%(attribute)s” does not match the pattern %(pattern)s."),
            code="pattern",
            pattern=pattern,
        )


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern:
    """Compile a rule's pattern; /…/ delimiters and the i flag of other systems are understood."""
    match = re.fullmatch(r"/(.*)/([imsu]*)", pattern, re.DOTALL)
    source, flags = match.groups() if match else (pattern, "")
    return re.compile(source, re.IGNORECASE if "i" in flags else 0)
