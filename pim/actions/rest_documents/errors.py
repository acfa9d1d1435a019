"""What is wrong with a document: the status, message and errors[] that clients know."""

import re
from collections.abc import Iterable

from django.conf import settings


class DocumentError(Exception):
    """A document that cannot be taken; in the API it ends a request, or one line of a collection.

    `errors` are [{property, message, …}]; a `documented` one links to the documentation.
    """

    def __init__(self, status: int, message: str, *, errors=(), documented=False, headers=None):
        super().__init__(message)
        self.status, self.message = status, message
        self.errors, self.documented = list(errors), documented
        self.headers = headers or {}

    def body(self) -> dict:
        """Return the error's members without its code: what a line of a collection says."""
        found: dict = {"message": self.message}
        if self.errors:
            found["errors"] = self.errors
        if self.documented:
            found["_links"] = {"documentation": {"href": f"{settings.PUBLIC_URL}/api/docs/"}}
        return found


def format_error(messages: Iterable[str]) -> DocumentError:
    """Return the 422 of a body whose form is wrong; it names everything that is.

    The first message is the error's, as clients of the original read it; where there are
    several, `errors` has them all.
    """
    listed = [as_form_error(message) for message in messages]
    errors = [{"property": _named(m), "message": m} for m in listed] if len(listed) > 1 else []
    return DocumentError(422, listed[0], errors=errors, documented=True)


def as_form_error(message: str) -> str:
    """Return what is wrong with a form as the original says it."""
    return f"{message} Check the expected format on the API documentation."


def _named(message: str) -> str:
    """Return the property that a message begins with, "" where it names none."""
    found = re.match(r'Property "([^"]*)"', message)
    return found[1] if found else ""
