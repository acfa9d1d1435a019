"""Read the sentences of Django templates, for Babel's extraction."""

import re

_TRANS = re.compile(
    r"{%\s*trans(?:late)?\s+(?P<q>['\"])(?P<text>.*?)(?P=q)"
    r"(?:\s+context\s+(?P<cq>['\"])(?P<context>.*?)(?P=cq))?[^%]*%}"
)
_BLOCK = re.compile(
    r"{%\s*blocktrans(?:late)?(?P<options>[^%]*)%}(?P<body>.*?){%\s*endblocktrans(?:late)?\s*%}",
    re.DOTALL,
)
_INLINE = re.compile(r"""\b_\((?P<q>['"])(?P<text>.*?)(?P=q)\)""")
_PLURAL = re.compile(r"{%\s*plural\s*%}")


def extract_django(fileobj, keywords, comment_tags, options):
    """Yield (line, function, message, comments) for {% trans %}, {% blocktrans %} and _("…")."""
    source = fileobj.read().decode("utf-8")
    for match in _TRANS.finditer(source):
        yield from _one(source, match, match["text"], match["context"])
    for match in _INLINE.finditer(source):
        yield from _one(source, match, match["text"], None)
    for match in _BLOCK.finditer(source):
        yield from _block(source, match)


def _line(source, match) -> int:
    return source.count("\n", 0, match.start()) + 1


def _one(source, match, text, context):
    text = text.replace("%", "%%")  # as Django looks a literal of a template up
    if context:
        yield _line(source, match), "pgettext", (context, text), []
    else:
        yield _line(source, match), "gettext", text, []


def _block(source, match):
    trimmed = "trimmed" in match["options"].split()
    parts = [_tidy(part, trimmed) for part in _PLURAL.split(match["body"])]
    if len(parts) == 2:
        yield _line(source, match), "ngettext", tuple(parts), []
    else:
        yield _line(source, match), "gettext", parts[0], []


def _tidy(text: str, trimmed: bool) -> str:
    """Return the message id that Django makes of a block: {{ name }} becomes %(name)s."""
    text = text.replace("%", "%%")
    text = re.sub(r"{{\s*([\w.]+)\s*}}", r"%(\1)s", text)
    return " ".join(line.strip() for line in text.strip().splitlines()) if trimmed else text
