r"""Naming rules of asset families as the original writes them: an expression and a link rule.

Ours is `{identifier}_{position}` and the attribute that the assets go into. There it is
`/^(?P<identifier>.+?)_(?P<position>\d{1,4})\.[^.]+$/i` on the name of the file, and a rule that
finds the product by `{{identifier}}`. What says more than ours can is refused.
"""

import re
from collections.abc import Mapping
from typing import Any

from pim.content.naming import check_pattern
from pim.content.refusals import Refused, _

MEDIA = "media"
_PLACE = re.compile(r"\{([a-z]*)\}")
_BODIES = {
    "identifier": ".+?",
    "attribute": r"[A-Za-z0-9_.\-]+?",
    "locale": r"[A-Za-z]{2,3}(?:[_-][A-Za-z0-9]{2,8})*",
    "channel": r"[A-Za-z0-9_.\-]+?",
    "position": r"\d{1,4}",
}
_ENDING = r"\.[^.]+"
# One step of an expression: a named group, anything at all, a sign, the ending of a file's name.
_STEP = re.compile(
    r"\(\?P?<(?P<name>\w+)>(?:\\.|[^()\\]|\((?:\?:)?(?:\\.|[^()\\])*\))*\)"
    r"|(?P<any>\.[*+]\??)"
    r"|(?P<ending>\\?\.(?:\w+|\\w[+*]|\[\^\.\][+*]|\.[+*]|\((?:\?:)?[\w|]+\))\$?$)"
    r"|\\(?P<escaped>[^\w])"
    r"|(?P<plain>[\w\- ])"
)
_TEMPLATE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_BY_NAME = ("=", "EQUALS", "IN")


def naming_out(pattern: str, attribute: str, *, main: str) -> dict[str, Any]:
    """Return {naming_convention, product_link_rules} of a rule; `main` is the identifier's code."""
    if not pattern:
        return {"naming_convention": {}, "product_link_rules": []}
    places = set(_PLACE.findall(pattern))
    found = {"field": main, "operator": "=", "value": "{{identifier}}"}
    goes = {
        "attribute": "{{attribute}}" if "attribute" in places else attribute,
        "mode": "add",
        "locale": "{{locale}}" if "locale" in places else None,
        "channel": "{{channel}}" if "channel" in places else None,
    }
    return {
        "naming_convention": {
            "source": {"property": MEDIA, "locale": None, "channel": None},
            "pattern": f"/^{_expression(pattern)}{_ENDING}$/i",
            "abort_asset_creation_on_error": False,
        },
        "product_link_rules": [
            {
                "product_selections": [{**found, "locale": None, "channel": None}],
                "assign_assets_to": [goes],
            }
        ],
    }


def _expression(pattern: str) -> str:
    parts, end = [], 0
    for match in _PLACE.finditer(pattern):
        name = match[1]
        body = _BODIES.get(name)
        parts += [re.escape(pattern[end : match.start()]), f"(?P<{name}>{body})" if body else ".*?"]
        end = match.end()
    return "".join([*parts, re.escape(pattern[end:])])


def naming_in(convention: Any, rules: Any, *, main: str) -> tuple[str, str]:
    """Return (pattern, code of the attribute or "") of what they say; raises `Refused`."""
    if not convention and not rules:
        return "", ""
    if not convention or not rules:
        raise _no_naming(
            _("A naming rule needs naming_convention and product_link_rules: send both, or none.")
        )
    selection, goes = _one_rule(rules)
    meant = {_named(selection.get("value")): "identifier"}
    for part in ("attribute", "locale", "channel"):
        if name := _named(goes.get(part)):
            meant[name] = part
    if selection.get("field") not in (main, "identifier") or "" in meant:
        raise _no_naming(
            _("A rule finds products here by their identifier: %(name)s = {{part}}."),
            name=main,
        )
    pattern = _pattern(_source(convention), meant)
    check_pattern(pattern)
    attribute = goes.get("attribute")
    return pattern, "" if "{attribute}" in pattern else str(attribute or "")


def _one_rule(rules: Any) -> tuple[Mapping, Mapping]:
    try:
        (rule,) = rules
        (selection,), (goes,) = rule["product_selections"], rule["assign_assets_to"]
        if selection.get("operator") in _BY_NAME:
            return selection, dict(goes)
    except (TypeError, ValueError, KeyError, AttributeError):
        pass
    raise _no_naming(
        _("A family has one rule here, with one product selection (=) and one assignment.")
    )


def _named(template: Any) -> str:
    """Return the name in {{name}}, also as the one item of a list; "" for anything else."""
    if isinstance(template, list) and len(template) == 1:
        template = template[0]
    match = _TEMPLATE.fullmatch(template) if isinstance(template, str) else None
    return match[1] if match else ""


def _source(convention: Any) -> str:
    source = convention.get("source") if isinstance(convention, dict) else None
    pattern = convention.get("pattern") if isinstance(convention, dict) else None
    if not isinstance(source, dict) or source.get("property") != MEDIA:
        raise _no_naming(_("Names of files are read here: the property of source is “media”."))
    if not isinstance(pattern, str):
        raise _no_naming(_("A naming convention needs its pattern."))
    return pattern


def _pattern(expression: str, meant: Mapping[str, str]) -> str:
    match = re.fullmatch(r"([/#~])(.*)\1[imsu]*", expression, re.DOTALL)
    text, parts, place = (match[2] if match else expression).removeprefix("^"), [], 0
    while place < len(text) and text[place:] != "$":
        step = _STEP.match(text, place)
        if step is None:
            raise _no_naming(
                _("The pattern cannot be read from “%(rest)s” on: use named groups, .* and signs."),
                rest=text[place : place + 40],
            )
        place = step.end()
        parts.append(_step(step, meant))
    return "".join(parts)


def _step(step: re.Match, meant: Mapping[str, str]) -> str:
    if name := step["name"]:
        return f"{{{meant.get(name, name if name == 'position' else 'any')}}}"
    if step["any"]:
        return "{any}"
    return "" if step["ending"] else step["escaped"] or step["plain"]


def _no_naming(sentence: str, **params: Any) -> Refused:
    return Refused(sentence, code="bad_naming", field="pattern", **params)
