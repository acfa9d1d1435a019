"""What a layout's HTML and CSS may hold: marks of text and boxes, its own pictures, no way out."""

import re
from collections.abc import Iterator, Set
from html.parser import HTMLParser

from django.utils.translation import gettext_noop as _

from .template import Branch, Condition, Placeholder, Template, TemplateFault

TAGS = frozenset(
    "div span p h3 h4 h5 b strong i em s u small sub sup br hr ul ol li dl dt dd table thead tbody"
    " tr th td img figure figcaption section header footer bdi".split()
)
EMPTY = {"br", "hr", "img"}
ATTRIBUTES = {"class", "lang", "dir", "alt", "src", "colspan", "rowspan", "scope"}
AT_RULES = {"media"}
OWN_FILE = re.compile(r"asset:([A-Za-z0-9][A-Za-z0-9._-]{0,80})\Z")
PICTURES = (".png", ".jpg", ".jpeg", ".svg", ".webp")
PLACE = "\ufffc"  # stands where a placeholder stands


def check_html(template: Template, *, files: Set[str]) -> None:
    """Raise TemplateFault where mark-up is not allowed, not closed, or names no file of `files`.

    Every branch of a condition must close what it opens, so that no choice breaks the card.
    """
    for text in _branches(template.root):
        reader = _Html(files)
        reader.feed(text)
        reader.finish()


def _branches(branch: Branch) -> Iterator[str]:
    parts = []
    for node in branch.nodes:
        if isinstance(node, Condition):
            yield from _branches(node.yes)
            yield from _branches(node.no)
        else:
            parts.append(PLACE if isinstance(node, Placeholder) else node)
    yield "".join(parts)


class _Html(HTMLParser):
    def __init__(self, files: Set[str]):
        super().__init__(convert_charrefs=True)
        self.files, self.open = files, []

    def fault(self, message: str, **params) -> None:
        raise TemplateFault(message, line=self.getpos()[0], **params)

    def handle_starttag(self, tag, attrs):
        if tag not in TAGS:
            self.fault(_("The tag <%(tag)s> is not allowed."), tag=tag)
        for name, value in attrs:
            self._attribute(tag, name, value or "")
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in EMPTY:
            self.open.pop()

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name not in ATTRIBUTES or (name == "src" and tag != "img"):
            self.fault(_("The attribute “%(name)s” is not allowed."), name=name)
        if name == "src":
            check_file(value, files=self.files, line=self.getpos()[0])

    def handle_endtag(self, tag):
        if tag in EMPTY:
            return
        if not self.open or self.open.pop() != tag:
            self.fault(_("</%(tag)s> closes what is not open here."), tag=tag)

    def handle_comment(self, data):
        self.fault(_("Write remarks as {# … #}."))

    def handle_decl(self, decl):
        self.fault(_("A layout is a part of a page: leave out the declaration."))

    unknown_decl = handle_decl
    handle_pi = handle_decl

    def finish(self) -> None:
        self.close()
        if self.open:
            self.fault(_("<%(tag)s> is not closed."), tag=self.open[-1])


def check_file(address: str, *, files: Set[str], line: int) -> None:
    """Raise TemplateFault unless an address is that of a picture in the layout's own folder."""
    found = OWN_FILE.match(address)
    if not found:
        message = _("“%(address)s” leads out of the layout; write asset:NAME for a file beside it.")
        raise TemplateFault(message, line=line, address=address[:80])
    if found[1] not in files or not found[1].lower().endswith(PICTURES):
        message = _("There is no picture “%(name)s” in the folder of the layout.")
        raise TemplateFault(message, line=line, name=found[1])


def check_css(css: str, *, files: Set[str]) -> None:
    """Raise TemplateFault where a style sheet does not parse, loads something or sets the page."""
    import tinycss2

    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if rule.type == "error":
            raise TemplateFault(
                _("The style sheet cannot be read: %(why)s."),
                line=rule.source_line, why=rule.message.rstrip("."),
            )  # fmt: skip
        if rule.type == "at-rule" and rule.lower_at_keyword not in AT_RULES:
            message = _("@%(name)s is not allowed: pages and fonts are the output’s.")
            raise TemplateFault(message, line=rule.source_line, name=rule.at_keyword)
        _check_tokens([*rule.prelude, *(rule.content or ())], files)


def _check_tokens(tokens, files: Set[str]) -> None:
    for token in tokens:
        if token.type == "url":
            check_file(token.value, files=files, line=token.source_line)
        elif token.type == "function" and token.lower_name in ("url", "image-set", "src"):
            inner = [t for t in token.arguments if t.type == "string"]
            check_file(inner[0].value if inner else "", files=files, line=token.source_line)
        elif token.type == "error":
            raise TemplateFault(
                _("The style sheet cannot be read: %(why)s."),
                line=token.source_line, why=token.message.rstrip("."),
            )  # fmt: skip
        _check_tokens(_inside(token), files)


def _inside(token) -> list:
    return getattr(token, "content", None) or getattr(token, "arguments", None) or []
