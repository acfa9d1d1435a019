"""Texts as people search them: capitals do not matter, on either database."""

import re

from django.db import connection
from django.db.models import Q

_LOOKUPS = {"=": "iexact", "STARTS WITH": "istartswith", "CONTAINS": "icontains"}
_PATTERNS = {"=": r"\A{}\Z", "STARTS WITH": r"\A{}", "CONTAINS": "{}"}
_POSITIVE = {"!=": "=", "DOES NOT CONTAIN": "CONTAINS"}


def text_test(name: str, operator: str, value: str) -> Q:
    """Return the test of a text column; for `!=` and `DOES NOT CONTAIN` what it negates.

    SQLite's own LIKE folds ASCII letters only: there the test is a pattern, which folds all.
    """
    operator = _POSITIVE.get(operator, operator)
    if connection.vendor == "sqlite":
        return Q(**{f"{name}__iregex": _PATTERNS[operator].format(re.escape(value))})
    return Q(**{f"{name}__{_LOOKUPS[operator]}": value})
