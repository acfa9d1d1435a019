"""The bodies of our own API: JSON that can be kept and answered again, or a 400."""

import re

import orjson
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def loads(text: bytes):
    """Return the JSON document; raises ValueError where texts hold a NUL."""
    found = orjson.loads(text)
    if b"\\u0000" in text and _NUL.search(text):
        raise ValueError("a text holds a NUL")
    return found


class DocumentParser(JSONParser):
    """JSON without half characters or NUL, numbers beyond measure or hundreds of levels."""

    def parse(self, stream, media_type=None, parser_context=None):
        """Return the document of a body; raises 400."""
        try:
            found = loads(stream.read())
            orjson.dumps(found)  # what is too deep to be written is refused
        except (ValueError, TypeError) as error:
            raise ParseError(f"JSON parse error - {error}") from None
        return found
