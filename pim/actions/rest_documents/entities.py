"""Reference entities as documents, and the attribute that all of them have."""

from .errors import DocumentError
from .forms import labels_in, renamed

LABEL = "label"


def read(document: dict) -> dict:
    """Return our document of theirs, without its attributes."""
    ours = renamed(document, {"code": "code"})
    if "labels" in document:
        ours["labels"] = labels_in(document["labels"])
    return ours


def check_label(given: dict) -> None:
    """Refuse a document of the attribute that is there always, unless it says what holds.

    Its labels are not kept: everybody knows what a label is.
    """
    fixed = {"type": "text", "value_per_locale": True, "value_per_channel": False}
    if any(given.get(name, value) != value for name, value in fixed.items()):
        raise DocumentError(422, "The attribute “label” is there always, a text per locale.")
