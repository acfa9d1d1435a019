"""What an export profile asks for, checked."""

from dataclasses import dataclass, fields
from typing import Any

from pim.content.refusals import InvalidValue, UnknownCode, _
from pim.content.structure import Structure

FORMATS = ("csv", "xlsx", "jsonl")
MACHINES, PEOPLE = "machines", "people"
PRODUCTS, STRUCTURE, CATALOGUE = "products", "structure", "catalogue"
CONTENTS = {
    PRODUCTS: _("products"),
    STRUCTURE: _("structure"),
    CATALOGUE: _("structure and products"),
}
DRAFT, PUBLISHED = "draft", "published"
PLACES = ("family", "family_variant", "parent", "categories", "groups", "enabled")
ROLE = "role"


@dataclass(frozen=True, slots=True)
class ExportSettings:
    """An export: `columns` are fields and attributes in their order, () all that occur.

    For `machines` the file is exact and imports back without a change; for `people` it has
    labels, typed numbers, values that are inherited, and no cell that a spreadsheet would run.
    `locales` and `channels` () mean all. `content` may be the structure, or structure and
    products together, `media` with their files: a zip for machines.
    """

    content: str = PRODUCTS
    media: bool = False
    format: str = "csv"
    audience: str = MACHINES
    columns: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    state: str = DRAFT
    associations: bool = True
    labels: bool = False
    header_locale: str = ""
    decimal_comma: bool = False
    separator: str = ";"
    gzip: bool = False

    @property
    def exact(self) -> bool:
        """Return whether the file is for machines."""
        return self.audience == MACHINES


def read_settings(document: Any, structure: Structure) -> ExportSettings:
    """Return the settings of a document; raise `InvalidValue` or `UnknownCode`."""
    if not isinstance(document, dict):
        raise _bad("settings")
    known = {f.name: f.default for f in fields(ExportSettings)}
    values: dict[str, Any] = {}
    for name, value in document.items():
        if name not in known or not _fits(value, known[name]):
            raise _bad(name)
        values[name] = tuple(value) if isinstance(known[name], tuple) else value
    settings = ExportSettings(**values)
    _check_choices(settings)
    _check_content(settings)
    _check_codes(settings, structure)
    return settings


def _fits(value: Any, default: Any) -> bool:
    if isinstance(default, tuple):
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return type(value) is type(default)


def _check_choices(settings: ExportSettings) -> None:
    for name, value, choices in (
        ("content", settings.content, CONTENTS),
        ("format", settings.format, FORMATS),
        ("audience", settings.audience, (MACHINES, PEOPLE)),
        ("state", settings.state, (DRAFT, PUBLISHED)),
        ("separator", settings.separator, (";", ",", "\t", "|")),
    ):
        if value not in choices:
            raise InvalidValue(
                _("“%(name)s” is one of: %(known)s."),
                code="bad_setting",
                field=name,
                name=name,
                known=", ".join(choices),
            )


def _check_content(settings: ExportSettings) -> None:
    if settings.content == PRODUCTS and not settings.media:
        return
    if not settings.exact or settings.format == "xlsx" or settings.gzip:
        raise InvalidValue(
            _("Structure and media are exported for machines, as a zip with CSV or JSON lines."),
            code="zip_only",
            field="content",
        )


def _check_codes(settings: ExportSettings, structure: Structure) -> None:
    columns = {*PLACES, ROLE, *structure.attributes}
    for what, codes, known in (
        ("column", settings.columns, columns),
        ("locale", settings.locales, structure.locales),
        ("channel", settings.channels, structure.channels),
        ("locale", filter(None, (settings.header_locale,)), structure.locales),
    ):
        for code in codes:
            if code not in known:
                raise UnknownCode(what=what, name=code, field="settings")


def _bad(name: str) -> InvalidValue:
    return InvalidValue(
        _("The export has no setting “%(name)s” of that kind."),
        code="bad_setting",
        field=name,
        name=name,
    )
