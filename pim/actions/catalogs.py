"""Catalogs of connections: asked for by machines, filled and switched on by people."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from pim.actions.products import ManyRefused
from pim.actions.rules.saving import record_setting
from pim.content.actor import Actor
from pim.content.refusals import InvalidValue, Refused, UnknownCode, _
from pim.content.structure import Structure
from pim.content.targets import DETAILS, Target, kept_mapping, read_targets, sources_of
from pim.models import Catalog, Connection
from pim.models.catalogs import MOST_CATALOGS
from pim.queries.catalogs import catalog_products
from pim.queries.rights import rights_of
from pim.queries.structure import load_structure

FIELDS = ("name", "enabled", "selection", "shown", "managed", "targets", "mapping")
_SHOWN = {"channels": "channel", "locales": "locale", "currencies": "currency"}
_MOST_CODES = 500


def create_catalog(
    connection: Connection, fields: Mapping[str, Any], *, actor: Actor, at: datetime
) -> Catalog:
    """Make a catalog of a connection, off unless the fields say else; raises what is wrong."""
    if connection.catalogs.count() >= MOST_CATALOGS:
        raise Refused(
            _("A connection has at most %(limit)s catalogs."),
            code="too_many", field="name", limit=MOST_CATALOGS,
        )  # fmt: skip
    catalog = Catalog(connection=connection)
    _set(catalog, fields, actor=actor, at=at)
    return catalog


def duplicate_catalog(
    catalog: Catalog, fields: Mapping[str, Any], *, actor: Actor, at: datetime
) -> Catalog:
    """Make a catalog like another, switched off."""
    held = {**_document(catalog), "enabled": False, **fields}
    return create_catalog(catalog.connection, held, actor=actor, at=at)


def set_catalog(catalog: Catalog, fields: Mapping[str, Any], *, actor: Actor, at: datetime) -> bool:
    """Change the named fields of a catalog; return whether anything was written.

    Where other targets are wanted, what fills those that stay is kept.
    """
    with transaction.atomic():
        held = Catalog.objects.select_for_update().get(pk=catalog.pk)
        held.connection = catalog.connection
        changed = _set(held, fields, actor=actor, at=at)
    for name in FIELDS:
        setattr(catalog, name, getattr(held, name))
    return changed


def close_catalog(catalog: Catalog, *, at: datetime) -> None:
    """Switch a catalog off whose selection means nothing any more."""
    with transaction.atomic():
        if Catalog.objects.filter(pk=catalog.pk, enabled=True).update(enabled=False):
            actor = Actor("catalogs", "api")
            record_setting(_subject(catalog), {"enabled": [True, False]}, actor=actor, at=at)
    catalog.enabled = False


def delete_catalog(catalog: Catalog, *, actor: Actor, at: datetime) -> None:
    """Delete a catalog."""
    with transaction.atomic():
        detail = {"@deleted": [_document(catalog), None]}
        record_setting(_subject(catalog), detail, actor=actor, at=at)
        catalog.delete()


def _set(catalog: Catalog, fields: Mapping[str, Any], *, actor: Actor, at: datetime) -> bool:
    before = _document(catalog) if catalog.pk else {}
    for name in FIELDS:
        if name in fields:
            setattr(catalog, name, fields[name])
    targets = read_targets(catalog.targets) if catalog.targets is not None else []
    catalog.mapping = kept_mapping(catalog.mapping, targets)
    _check(catalog, fields, targets)
    after = _document(catalog)
    pairs = {name: [before.get(name), after[name]] for name in FIELDS}
    detail = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if detail:
        catalog.save()
        record_setting(_subject(catalog), detail, actor=actor, at=at)
    return bool(detail)


def _check(catalog: Catalog, fields: Mapping[str, Any], targets: list[Target]) -> None:
    """Raise everything that is wrong with the fields that are set."""
    structure = load_structure()
    checks: dict[str, Callable[[], Any]] = {
        "name": lambda: _check_name(catalog.name),
        "managed": lambda: _check_managed(catalog.managed),
        "shown": lambda: _check_shown(catalog.shown, structure),
        "mapping": lambda: _check_mapping(catalog.mapping, targets, structure),
        "selection": lambda: catalog_products(catalog, rights=rights_of(catalog.connection.user)),
    }
    refused = []
    for check in (check for name, check in checks.items() if name in fields):
        try:
            check()
        except Refused as refusal:
            refused.append(refusal)
    if refused:
        raise ManyRefused(refused)


def _check_name(name: Any) -> None:
    if not isinstance(name, str) or not name.strip():
        raise InvalidValue(_("This value should not be blank."), code="blank", field="name")
    if len(name) > 255:
        raise InvalidValue(
            _("“%(name)s” has at most %(limit)s characters."),
            code="too_long", field="name", name="name", limit=255,
        )  # fmt: skip


def _check_managed(managed: Mapping[str, Any]) -> None:
    for name, codes in managed.items():
        if not _is_codes(codes):
            raise InvalidValue(
                _("“%(name)s” is a list of codes."),
                code="not_a_list", field=f"managed_{name}", name=f"managed_{name}",
            )  # fmt: skip


def _is_codes(codes: Any) -> bool:
    few = isinstance(codes, list) and len(codes) <= _MOST_CODES
    return few and all(isinstance(code, str) and 0 < len(code) <= 100 for code in codes)


def _check_shown(shown: Mapping[str, Iterable[str]], structure: Structure) -> None:
    for name, what in _SHOWN.items():
        known = getattr(structure, name)
        lost = [code for code in shown.get(name, ()) if code not in known]
        if lost:
            raise UnknownCode(what=what, name=lost[0], field=name)


def _check_mapping(
    mapping: Mapping[str, Mapping], targets: Iterable[Target], structure: Structure
) -> None:
    for target in targets:
        source = mapping.get(target.code)
        if source is None:
            continue
        code = source.get("source")
        if code == "" and source.get("default"):
            continue
        if code not in sources_of(target, structure.attributes):
            raise UnknownCode(what="attribute", name=str(code)[:100], field=target.code)
        details = {name: source[name] for name in source if name != "source"}
        if not all(n in DETAILS and isinstance(v, str) for n, v in details.items()):
            raise InvalidValue(code="bad_mapping", field=target.code)
        _check_place(target, code, details, structure)


def _check_place(
    target: Target, code: str, details: Mapping[str, str], structure: Structure
) -> None:
    """Raise unless a source says which channel and locale it is taken from, and knows them."""
    attribute = structure.attributes.get(code)
    needed = {
        "scope": bool(attribute and attribute.scopable),
        "locale": bool(attribute and attribute.localizable) and not target.by_locale,
    }
    names = {"scope": "channel", "locale": "locale", "label_locale": "locale"}
    for name, what in names.items():
        given = details.get(name, "")
        known = structure.channels if name == "scope" else structure.locales
        if given and given not in known:
            raise UnknownCode(what=what, name=given, field=target.code)
        if needed.get(name) and not given:
            raise InvalidValue(
                _("“%(name)s” is filled from “%(source)s”: say its channel and its locale."),
                code="needs_place", field=target.code, name=target.title, source=code,
            )  # fmt: skip


def _document(catalog: Catalog) -> dict[str, Any]:
    return {name: getattr(catalog, name) for name in FIELDS}


def _subject(catalog: Catalog) -> str:
    return f"catalog:{catalog.uuid}"
