"""Attributes of reference entities and asset families, and the options of those that choose."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from pim.actions.rest_documents.forms import checked, same_code
from pim.actions.rest_documents.record_fields import (
    IGNORED,
    NAMES,
    OPTION_TYPES,
    TYPES,
    chosen_field,
    field_out,
    option_codes,
    options_out,
    read_field,
    with_option,
)
from pim.actions.upserts import CODE, StructureResult, upsert_structure
from pim.tasks import ring_followers

from ..access import actor_of, require
from ..answers import item_answer, json_answer, require_match, tag_of, url_of, written
from ..bodies import takes_document
from ..endpoints import endpoint
from ..errors import RestError, not_found, validation_error


@dataclass(frozen=True)
class Holder:
    """What has fields: its address, the rights on it, and its attributes that are always there.

    `shown` is the noun whose view permission counts, `noun` the one whose change permission
    does; `find` returns a row by code or raises 404; `kinds` are {their type: our kind} beside
    texts; `check_fixed` raises for a document of a fixed attribute that says what does not hold.
    """

    address: str
    kind: str
    noun: str
    shown: str
    find: Callable[[str], models.Model]
    kinds: Mapping[str, str]
    fixed: tuple[dict, ...]
    check_fixed: Callable[[dict], None]

    def attributes(self, owner: str) -> dict[str, dict]:
        """Return {code: document} of all attributes, the fixed ones first."""
        fields = self.find(owner).fields
        found = [*self.fixed, *(field_out(field, kinds=self.kinds) for field in fields)]
        return {attribute["code"]: attribute for attribute in found}

    def fields_to_change(self, owner: str) -> list[dict]:
        """Return the fields as they are until the transaction ends: nobody else changes them."""
        row = self.find(owner)
        if row.pk is None:
            message = f'"{owner}" is no family of its own: give attributes to one that is.'
            raise RestError(422, message)
        return type(row).objects.select_for_update().get(pk=row.pk).fields

    def keep(self, request: HttpRequest, owner: str, fields: list[dict]) -> StructureResult:
        """Store the fields; raises what refuses them."""
        how = {"actor": actor_of(request), "at": timezone.now(), "mode": "update"}
        result = upsert_structure(self.kind, [{"code": owner, "fields": fields}], **how)[0]
        if result.refusals:
            raise validation_error(result.refusals, names=NAMES)
        if result.outcome == "changed":
            transaction.on_commit(ring_followers)
        return result


def attributes_view(holder: Holder) -> Callable:
    """Return the endpoint of all attributes at once: this list has no pages."""

    def read(request: HttpRequest, owner: str) -> HttpResponse:
        require(request, "view", holder.shown)
        return json_answer(list(holder.attributes(owner).values()))

    return endpoint(GET=read)


def attribute_view(holder: Holder) -> Callable:
    """Return the endpoint of one attribute: GET it, PATCH it."""

    def read(request: HttpRequest, owner: str, code: str) -> HttpResponse:
        require(request, "view", holder.shown)
        found = holder.attributes(owner)
        if code not in found:
            raise not_found("attribute", code)
        return item_answer(request, found[code])

    @takes_document
    def change(request: HttpRequest, document: dict, owner: str, code: str) -> HttpResponse:
        require(request, "change", holder.noun)
        holder.find(owner)
        given = checked(same_code(document, code), types=TYPES, ignored=IGNORED)
        location = url_of(request, holder.address, owner, "attributes", code)
        if code in {one["code"] for one in holder.fixed}:
            holder.check_fixed(given)
            return written(location, created=False, changed=False)
        with transaction.atomic():
            held = {field["code"]: field for field in holder.fields_to_change(owner)}
            now = field_out(held[code], kinds=holder.kinds) if code in held else None
            _prepare(request, code, now)
            field = read_field(given, held.get(code), kinds=holder.kinds)
            result = holder.keep(request, owner, [*({**held, code: field}.values())])
        return written(location, created=now is None, changed=result.outcome != "unchanged")

    return endpoint(GET=read, PATCH=change)


def options_view(holder: Holder) -> Callable:
    """Return the endpoint of all options of an attribute: a list without pages."""

    def read(request: HttpRequest, owner: str, attribute: str) -> HttpResponse:
        require(request, "view", holder.shown)
        return json_answer(options_out(chosen_field(holder.find(owner).fields, attribute)))

    return endpoint(GET=read)


def option_view(holder: Holder) -> Callable:
    """Return the endpoint of one option: GET it, PATCH it."""

    def read(request: HttpRequest, owner: str, attribute: str, code: str) -> HttpResponse:
        require(request, "view", holder.shown)
        found = _option(chosen_field(holder.find(owner).fields, attribute), code)
        if found is None:
            raise not_found("option", code)
        return item_answer(request, found)

    @takes_document
    def change(
        request: HttpRequest, document: dict, owner: str, attribute: str, code: str
    ) -> HttpResponse:
        require(request, "change", holder.noun)
        given = checked(same_code(document, code), types=OPTION_TYPES)
        with transaction.atomic():
            fields = holder.fields_to_change(owner)
            field = chosen_field(fields, attribute)
            _prepare(request, code, _option(field, code))
            wish = with_option(field, given)
            kept = [wish if one["code"] == attribute else one for one in fields]
            result = holder.keep(request, owner, kept)
        return written(
            url_of(request, holder.address, owner, "attributes", attribute, "options", code),
            created=code not in option_codes(field),
            changed=result.outcome != "unchanged",
        )

    return endpoint(GET=read, PATCH=change)


def _option(field: dict, code: str) -> dict | None:
    return next((option for option in options_out(field) if option["code"] == code), None)


def _prepare(request: HttpRequest, code: str, now: dict | None) -> None:
    """Raise 412 for another state than the present one, and 422 for a new code that is none."""
    require_match(request, tag_of(now) if now else None)
    if now is None and not (CODE.fullmatch(code) and len(code) <= 100):
        raise RestError(
            422,
            "Validation failed.",
            errors=[
                {
                    "property": "code",
                    "message": "Codes have letters, digits, underscore, hyphen, full stop.",
                    "error_code": "bad_code",
                }
            ],
        )
