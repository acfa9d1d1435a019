"""The bodies of our own API: JSON that can be kept and answered again, or a 400."""

import orjson
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class DocumentParser(JSONParser):
    """JSON without half characters, numbers beyond measure or hundreds of levels."""

    def parse(self, stream, media_type=None, parser_context=None):
        """Return the document of a body; raises 400."""
        try:
            found = orjson.loads(stream.read())
            orjson.dumps(found)  # what is too deep to be written is refused
        except (ValueError, TypeError) as error:
            raise ParseError(f"JSON parse error - {error}") from None
        return found
