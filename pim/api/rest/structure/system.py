"""GET system-information: which API this is compatible with, and what stands behind it."""

from importlib.metadata import PackageNotFoundError, version

from django.http import HttpRequest, HttpResponse

from ..answers import json_answer
from ..endpoints import endpoint

# The version of the original whose shapes are answered; connectors choose their way by it.
COMPATIBLE = "7.0.0"
PRODUCT = "pim-syndication"


def information(request: HttpRequest) -> HttpResponse:
    """Answer version and edition as connectors look them up, and the product's own."""
    return json_answer(
        {
            "version": COMPATIBLE,
            "edition": "CE",
            "product": {"name": PRODUCT, "version": _own_version()},
        }
    )


def _own_version() -> str:
    try:
        return version(PRODUCT)
    except PackageNotFoundError:
        # Run from its folder, as it usually is.
        return "0.1.0"


system_information = endpoint(GET=information)
