"""The language of layout templates: closed placeholders, `if`, and nothing else.

    {{ name }}   {% if sku %}…{% else %}…{% endif %}   {% if not sku %}   {# a remark #}
    {% if option.pictures == "large" %}

There are no loops, no filters, no includes and no way to attributes of anything: a template can
say only what it is handed, as text that is escaped or as blocks that are ready.
"""

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from html import escape

from django.utils.translation import gettext_noop as _

TOKEN = re.compile(r"(\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\})", re.DOTALL)
NAME = re.compile(r"[a-z_]+(?:\.[a-z0-9_]+)?\Z")
CONDITION = re.compile(r'if\s+(not\s+)?([a-z0-9_.]+)(?:\s*(==|!=)\s*"([^"]*)")?\Z')
DEEP = 8  # conditions within conditions


class TemplateFault(ValueError):
    """What is wrong in a template; `line` is counted from 1."""

    def __init__(self, message: str, *, line: int = 0, **params):
        super().__init__(message % params if params else message)
        self.message, self.line, self.params = message, line, params


class Ready(str):
    """Mark-up that the product made itself: it is not escaped again."""


@dataclass(slots=True)
class Branch:
    """Nodes in order: text, the name of a placeholder, or a condition."""

    nodes: list = field(default_factory=list)


@dataclass(slots=True)
class Placeholder:
    """The place of a value."""

    name: str


@dataclass(slots=True)
class Condition:
    """Two branches and what chooses between them."""

    name: str
    negated: bool
    equals: str | None
    yes: Branch = field(default_factory=Branch)
    no: Branch = field(default_factory=Branch)

    def chosen(self, values: Mapping[str, str]) -> Branch:
        value = values.get(self.name) or ""
        holds = value == self.equals if self.equals is not None else bool(value)
        return self.no if holds == self.negated else self.yes


@dataclass(frozen=True)
class Template:
    """A template that was read; `names` are the placeholders it asks for, in order."""

    root: Branch
    names: tuple[str, ...]

    def fill(self, values: Mapping[str, str]) -> str:
        """Return the text with its places filled; what is not `Ready` is escaped."""
        return "".join(_filled(self.root, values))

    def flat(self) -> Iterator[str]:
        """Yield the placeholders of all branches in order, and "<" for text with tags."""
        yield from _flat(self.root)


def read(source: str, *, known: Set[str]) -> Template:
    """Return the template of `source`, which may name only what is `known`.

    TemplateFault says in which line it is not one.
    """
    return _Reader(known).read(source)


def _flat(branch: Branch) -> Iterator[str]:
    for node in branch.nodes:
        if isinstance(node, Placeholder):
            yield node.name
        elif isinstance(node, Condition):
            yield from _flat(node.yes)
            yield from _flat(node.no)
        elif "<" in node:
            yield "<"


def _filled(branch: Branch, values: Mapping[str, str]):
    for node in branch.nodes:
        if isinstance(node, str):
            yield node
        elif isinstance(node, Placeholder):
            value = values.get(node.name) or ""
            yield value if isinstance(value, Ready) else escape(value)
        else:
            yield from _filled(node.chosen(values), values)


class _Reader:
    def __init__(self, known: Set[str]):
        self.known, self.line = known, 1
        self.names: dict[str, None] = {}
        self.open: list[tuple[Condition, Branch, int]] = []

    def read(self, source: str) -> Template:
        root = self.here = Branch()
        for token in TOKEN.split(source):
            self._take(token)
            self.line += token.count("\n")
        if self.open:
            raise TemplateFault(_("“if” has no “endif”."), line=self.open[-1][2])
        return Template(root, tuple(self.names))

    def _take(self, token: str) -> None:
        inner = token[2:-2].strip()
        if not TOKEN.fullmatch(token):
            if "{{" in token or "{%" in token:
                raise TemplateFault(_("A bracket is opened and not closed."), line=self.line)
            self.here.nodes.append(token)
        elif token.startswith("{{"):
            self.here.nodes.append(Placeholder(self._name(inner)))
        elif token.startswith("{%"):
            self._tag(inner)

    def _name(self, name: str) -> str:
        if name not in self.known or not NAME.match(name):
            there = ", ".join(sorted(self.known))
            message = _("There is no placeholder “%(name)s”; there are: %(there)s.")
            raise TemplateFault(message, line=self.line, name=name[:60], there=there)
        self.names[name] = None
        return name

    def _tag(self, tag: str) -> None:
        if tag == "else" and self.open:
            if self.here is self.open[-1][0].no:
                raise TemplateFault(_("“else” stands here a second time."), line=self.line)
            self.here = self.open[-1][0].no
        elif tag == "endif" and self.open:
            _condition, self.here, _line = self.open.pop()
        elif found := CONDITION.match(tag):
            self._condition(found)
        else:
            message = _("“%(tag)s” is not known here; there are if, else and endif.")
            raise TemplateFault(message, line=self.line, tag=tag[:60])

    def _condition(self, found: re.Match) -> None:
        if len(self.open) == DEEP:
            raise TemplateFault(_("Conditions are nested too deep."), line=self.line)
        negated = bool(found[1]) != (found[3] == "!=")
        condition = Condition(self._name(found[2]), negated, found[4] if found[3] else None)
        self.here.nodes.append(condition)
        self.open.append((condition, self.here, self.line))
        self.here = condition.yes
