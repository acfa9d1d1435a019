"""The options of an output, changed by machines: checked against what its kind declares."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pim.published import Conflict, InvalidValue, structure
from syndication.contract import Option
from syndication.models import AuditEntry, Output
from syndication.refusals import OptionsRefused
from syndication.registry import output_kind

MOST_ROWS = 200
LONGEST = 20_000


def options_of(output: Output) -> dict[str, Any]:
    """Return {code: value} of all options of the output's kind, defaults where nothing is set."""
    held = output.options or {}
    return {o.code: held.get(o.code, o.default) for o in output_kind(output.kind).options}


def change_options(
    output: Output, changes: dict[str, Any], *, row_version: int, actor: str, at: datetime
) -> Output:
    """Set options, null for the default; the next edition has them.

    Raises `OptionsRefused` with every reason, `Conflict` where somebody else changed the output
    since it was read; nothing is written then.
    """
    known = {option.code: option for option in output_kind(output.kind).options}
    refused: list[InvalidValue] = []
    for code, value in changes.items():
        option = known.get(code)
        if option is None:
            refused.append(_bad(_("There is no option “%(name)s”."), code, name=code[:100]))
        elif value is not None:
            refused += _wrong(option, value, output, place=code)
    if refused:
        raise OptionsRefused(refused)
    held = {**(output.options or {}), **changes}
    with transaction.atomic():
        rows = Output.objects.filter(pk=output.pk, row_version=row_version)
        kept = {code: value for code, value in held.items() if value is not None}
        if not rows.update(options=kept, row_version=row_version + 1):
            raise Conflict()
        note = ", ".join(sorted(changes))[:1000]
        AuditEntry.objects.create(output=output, actor=actor, action="options", note=note, at=at)
    output.refresh_from_db()
    return output


def _wrong(option: Option, value: Any, output: Output, *, place: str) -> Iterable[InvalidValue]:
    if option.kind == "rows":
        yield from _wrong_rows(option, value, output, place=place)
    elif option.kind == "boolean":
        if not isinstance(value, bool):
            yield _bad(_("“%(place)s” is true or false."), place)
    elif option.kind == "number":
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield _bad(_("“%(place)s” is a number."), place)
    elif not isinstance(value, str) or len(value) > LONGEST:
        yield _bad(_("“%(place)s” is a text."), place)
    elif value and (choices := _choices(option, output)) is not None and value not in choices:
        offered = ", ".join(sorted(choices)[:30])
        sentence = _("“%(place)s” has no choice “%(value)s”; it has: %(offered)s.")
        yield _bad(sentence, place, value=value[:100], offered=offered)


def _wrong_rows(option: Option, value: Any, output: Output, *, place: str):
    if not isinstance(value, list) or len(value) > MOST_ROWS:
        sentence = _("“%(place)s” is a list of at most %(limit)d rows.")
        yield _bad(sentence, place, limit=MOST_ROWS)
        return
    columns = {column.code: column for column in option.columns}
    for n, row in enumerate(value, 1):
        if not isinstance(row, dict) or not row.get(option.columns[0].code):
            sentence = _("Row %(row)d of “%(place)s” needs “%(column)s”.")
            yield _bad(sentence, place, row=n, column=option.columns[0].code)
            continue
        for code, cell in row.items():
            here = f"{place}[{n}].{code}"
            if code not in columns:
                yield _bad(_("There is no column “%(place)s”."), here)
            elif cell is not None:
                yield from _wrong(columns[code], cell, output, place=here)


def _choices(option: Option, output: Output) -> set[str] | None:
    if option.kind == "choice":
        return {code for code, _label in option.choices}
    if option.kind == "attribute":
        return set(structure().attributes)
    return set(output.locales) if option.kind == "locale" else None


def _bad(sentence, place: str, **params) -> InvalidValue:
    return InvalidValue(sentence, code="bad_option", field=place, place=place, **params)
