"""The bodies of our own API: JSON that can be kept and answered again, or a refusal."""

import orjson
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from pim.content.nul import ESCAPED, refuse_nul

_ESCAPED_NUL = ESCAPED.encode()


def loads(text: bytes):
    """Return the JSON document; raises ValueError, and `HoldsNul` naming the place of a NUL."""
    found = orjson.loads(text)
    if _ESCAPED_NUL in text:
        refuse_nul(found)
    return found


class DocumentParser(JSONParser):
    """JSON without half characters or NUL, numbers beyond measure or hundreds of levels."""

    def parse(self, stream, media_type=None, parser_context=None):
        """Return the document of a body; raises 400, and 422 for a NUL."""
        try:
            found = loads(stream.read())
            orjson.dumps(found)  # what is too deep to be written is refused
        except (ValueError, TypeError) as error:
            raise ParseError(f"JSON parse error - {error}") from None
        return found
