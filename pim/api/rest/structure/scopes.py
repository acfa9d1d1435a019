"""Locales and currencies: which there are, and which are in use."""

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse

from pim.content.locales import is_locale, to_bcp47, to_posix
from pim.models import Channel, Currency, Locale
from pim.queries.rights import rights_of
from pim.queries.structure import load_structure

from ..access import require
from ..answers import item_answer, url_of
from ..endpoints import endpoint
from ..errors import not_found
from ..paging import list_answer
from .search import filtered

_ENABLED = {"enabled": ("used", bool)}


def _locales(request: HttpRequest) -> QuerySet:
    """Return the locales that may be seen, with whether a channel uses them: are they active."""
    channels = Channel.objects.filter(locales=OuterRef("pk"), locales__enabled=True)
    rows = Locale.objects.annotate(used=Exists(channels)).order_by("code")
    rights = rights_of(request.user)
    if rights.unlimited:
        return rows
    return rows.filter(code__in=[code for code in load_structure().locales if rights.locale(code)])


def _locale(row: Locale) -> dict:
    return {"code": to_posix(row.code), "enabled": bool(row.used)}


def list_locales(request: HttpRequest) -> HttpResponse:
    require(request, "view", "locale")
    rows = filtered(request, _locales(request), fields=_ENABLED)
    return list_answer(
        request,
        rows,
        present=lambda found: [_locale(row) for row in found],
        href=lambda item: url_of(request, "locales", item["code"]),
    )


def get_locale(request: HttpRequest, code: str) -> HttpResponse:
    require(request, "view", "locale")
    row = _locales(request).filter(code=to_bcp47(code)).first() if is_locale(code) else None
    if row is None:
        raise not_found("locale", code)
    return item_answer(request, _locale(row))


def _currency(row: Currency) -> dict:
    return {"code": row.code, "enabled": row.enabled, "label": row.code}


def list_currencies(request: HttpRequest) -> HttpResponse:
    require(request, "view", "currency")
    rows = filtered(
        request, Currency.objects.order_by("code"), fields={"enabled": ("enabled", bool)}
    )
    return list_answer(
        request,
        rows,
        present=lambda found: [_currency(row) for row in found],
        href=lambda item: url_of(request, "currencies", item["code"]),
    )


def get_currency(request: HttpRequest, code: str) -> HttpResponse:
    require(request, "view", "currency")
    row = Currency.objects.filter(code=code).first()
    if row is None:
        raise not_found("currency", code)
    return item_answer(request, _currency(row))


locales, locale = endpoint(GET=list_locales), endpoint(GET=get_locale)
currencies, currency = endpoint(GET=list_currencies), endpoint(GET=get_currency)
