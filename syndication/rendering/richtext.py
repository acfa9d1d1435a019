"""Rich text, cleaned again whenever it is rendered: safe HTML, or plain text."""

import re
from functools import lru_cache
from html import unescape

import nh3

TEXT_TAGS = {"p", "br", "strong", "b", "em", "i", "u", "s", "sub", "sup", "ul", "ol", "li"}
BLOCK_TAGS = {"h2", "h3", "h4", "blockquote", "table", "thead", "tbody", "tr", "th", "td"}
TAGS = frozenset(TEXT_TAGS | BLOCK_TAGS)
ATTRIBUTES = {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"}}
DROPPED_WHOLE = {"script", "style", "title", "iframe", "object", "template"}
BLOCK_END = re.compile(r"</(?:p|li|h[1-6]|tr|div|blockquote)>|<(?:br|ul|ol|table|p)\b[^>]*>", re.I)


@lru_cache(maxsize=2_000)
def clean_html(html: str, *, links: str = "") -> str:
    """Return only the mark-up that a page may show; `links` is "keep" to leave http(s) links."""
    tags, attributes = TAGS, dict(ATTRIBUTES)
    if links == "keep":
        tags, attributes = TAGS | {"a"}, attributes | {"a": {"href"}}
    return nh3.clean(
        html,
        tags=set(tags),
        attributes=attributes,
        clean_content_tags=DROPPED_WHOLE,
        url_schemes={"https", "http"},
    )


@lru_cache(maxsize=2_000)
def plain_text(html: str) -> str:
    """Return the text of rich text, one line per block."""
    parted = BLOCK_END.sub("\n", html)
    bare = nh3.clean(parted, tags=set(), clean_content_tags=DROPPED_WHOLE)
    lines = (" ".join(line.split()) for line in unescape(bare).splitlines())
    return "\n".join(line for line in lines if line)
