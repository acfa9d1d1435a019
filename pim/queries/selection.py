"""Selections: which products a job, a rule or an export is about, as a document that is kept.

One of `{"ids": […]}`, `{"search": {…}}`, `{"job": id}` (what that job changed) and
`{"all": true}`; beside it `"models"` (true: only models, false: only items), `"locale"` and
`"channel"` (of tests that name none) and `"except"` (ids that stay out).
"""

import uuid
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext, ngettext

from pim.content.refusals import Refused, _
from pim.content.rights import EVERYTHING, Rights
from pim.content.structure import Structure
from pim.models import ITEM, MODEL, Change, Product

from .rights import visible_products
from .search import find_products, read_search
from .search.filters import MOST_VALUES
from .search.words import filter_in_words
from .structure import load_structure

WAYS = ("ids", "search", "job", "all")
_NAMING = ("ids", "except")


class BadSelection(Refused):
    """A document that selects nothing that can be named."""

    code = "bad_selection"
    sentence = _("A selection is one of: ids, search, job, all.")


def select(document: Any, *, at: datetime | None = None, rights: Rights = EVERYTHING) -> QuerySet:
    """Return the products that the document means and `rights` show, as one statement.

    Raises `BadSelection`, or `SearchRefused` with every reason at once. What is selected by a
    search is looked up anew each time; keep ids where the set must stay.
    """
    way = _way(document)
    products = visible_products(_BY[way](document, at, rights), rights)
    if document.get("models") is not None and way != "search":
        products = products.filter(role=MODEL if document["models"] else ITEM)
    left_out = document.get("except")
    return products.exclude(_named(left_out)) if left_out else products


def counted(document: dict) -> dict:
    """Return a selection with the number of ids in their place: it is described in the same words.

    For what is kept only to be said: ids may be thousands.
    """
    short = {n: len(document[n]) for n in _NAMING if isinstance(document.get(n), list)}
    return {**document, **short}


def describe(document: Any, *, locale: str = "en", structure: Structure | None = None) -> str:
    """Return the selection in a sentence for people, in the language that is active."""
    way = _way(document)
    if way == "all":
        words = gettext("All products")
    elif way == "job":
        words = gettext("Products that job %(id)s changed") % {"id": document["job"]}
    elif way == "ids":
        count = _count(document["ids"])
        words = ngettext("%(count)s chosen product", "%(count)s chosen products", count)
        words %= {"count": count}
    else:
        words = _search_in_words(document, locale, structure or load_structure())
    left_out = _count(document.get("except") or ())
    if not left_out:
        return words
    return gettext("%(selection)s, without %(count)s") % {"selection": words, "count": left_out}


def _count(ids: Any) -> int:
    return ids if isinstance(ids, int) else len(ids)


def _way(document: Any) -> str:
    ways = [way for way in WAYS if way in document] if isinstance(document, dict) else []
    if len(ways) != 1:
        raise BadSelection()
    if document.get("models") not in (None, True, False):
        raise BadSelection(_("“models” is true or false."), code="needs_boolean")
    return ways[0]


def _by_ids(document: dict, at, rights) -> QuerySet:
    return Product.objects.filter(_named(document["ids"]))


def _named(names: Any) -> Q:
    """Return the test for ids, which are the numbers of the database or uuids."""
    if not isinstance(names, list) or len(names) > MOST_VALUES:
        raise BadSelection(
            _("Products are named in a list of at most %(limit)s ids: use a search for more."),
            code="ids",
            limit=MOST_VALUES,
        )
    numbers, uuids = [], []
    for name in names:
        if isinstance(name, int | str) and str(name).isdecimal() and int(name) < 2**63:
            numbers.append(int(name))
        else:
            uuids.append(_uuid(name))
    return Q(pk__in=numbers) | Q(uuid__in=uuids) if uuids else Q(pk__in=numbers)


def _uuid(name: Any) -> uuid.UUID:
    try:
        return uuid.UUID(str(name))
    except ValueError:
        raise BadSelection(
            _("“%(name)s” is neither a number nor a uuid."), code="ids", name=str(name)[:50]
        ) from None


def _by_search(document: dict, at, rights) -> QuerySet:
    return find_products(
        document["search"],
        locale=_code(document, "locale"),
        channel=_code(document, "channel"),
        models=document.get("models"),
        at=at,
        rights=rights,
    )


def _code(document: dict, name: str) -> str:
    code = document.get(name) or ""
    if not isinstance(code, str):
        raise BadSelection(_("“%(name)s” is a code."), code="needs_text", name=name)
    return code


def _by_job(document: dict, at, rights) -> QuerySet:
    job = document["job"]
    if type(job) is not int or not 0 < job < 2**63:
        raise BadSelection(_("“job” is the number of a job."), code="not_an_id")
    changed = Change.objects.order_by().filter(job_id=job, product__isnull=False)
    return Product.objects.filter(pk__in=changed.values("product_id"))


def _all(document: dict, at, rights) -> QuerySet:
    if document["all"] is not True:
        raise BadSelection(_("“all” is true or left out."), code="needs_boolean")
    return Product.objects.all()


_BY = {"ids": _by_ids, "search": _by_search, "job": _by_job, "all": _all}


def _search_in_words(document: dict, locale: str, structure: Structure) -> str:
    found = read_search(
        document["search"],
        locale=_code(document, "locale"),
        channel=_code(document, "channel"),
        structure=structure,
    )
    phrases = [filter_in_words(flt, structure=structure, locale=locale) for flt, _test in found]
    kinds = {True: gettext("Models"), False: gettext("Items"), None: gettext("Products")}
    subject = kinds[document.get("models")]
    if not phrases:
        return subject
    return gettext("%(products)s with %(tests)s") % {
        "products": subject,
        "tests": "; ".join(phrases),
    }
