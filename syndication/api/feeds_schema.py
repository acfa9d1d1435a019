"""The feeds in the OpenAPI document: they are plain views, so their part is written here."""

TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
PROBLEM = {"$ref": "#/components/schemas/Problem"}
PROBLEMS = {
    "400": "A parameter is not what it should be",
    "401": "The audience needs an API key, or the key is not valid",
    "403": "The key is not for this channel and audience",
    "404": "No such channel, locale, audience or product",
}
SCHEMAS = {
    "Problem": {
        "type": "object",
        "description": "RFC 9457; `code` never changes.",
        "required": ["type", "title", "status", "code"],
        "properties": {
            "type": TEXT, "title": TEXT, "status": NUMBER, "code": TEXT, "detail": TEXT,
        },
    },
    "ListingDocument": {
        "type": "object",
        "description": "A live listing: raw values with origin and language, facts beside it.",
        "required": ["uuid", "identifier", "state", "sequence", "values", "facts"],
        "properties": {
            "uuid": TEXT, "identifier": TEXT, "name": TEXT, "slug": TEXT, "role": TEXT,
            "parent": {"type": ["string", "null"]}, "root": TEXT, "family": TEXT,
            "image": {"type": ["string", "null"]},
            "categories": {"type": "array", "items": TEXT},
            "values": {
                "type": "object",
                "additionalProperties": {
                    "type": "array", "description": "[data, origin, language]", "items": {},
                },
            },
            "associations": {"type": "object"}, "assets": {"type": "object"},
            "records": {"type": "object"}, "facts": {"type": ["object", "null"]},
            "sequence": NUMBER, "state": {"const": "live"},
        },
    },
    "Tombstone": {
        "type": "object",
        "required": ["uuid", "identifier", "sequence", "state"],
        "properties": {
            "uuid": TEXT, "identifier": TEXT, "sequence": NUMBER, "state": {"const": "removed"},
        },
    },
}  # fmt: skip
LIVE = {"$ref": "#/components/schemas/ListingDocument"}
EITHER = {"oneOf": [LIVE, {"$ref": "#/components/schemas/Tombstone"}]}


def add_feeds(result: dict, generator, request, public) -> dict:
    """Add the addresses of the feeds to the document; a hook of drf-spectacular."""
    result["paths"].update(_paths())
    components = result.setdefault("components", {})
    components.setdefault("schemas", {}).update(SCHEMAS)
    components.setdefault("securitySchemes", {})["ApiKey"] = {
        "type": "http",
        "scheme": "bearer",
        "description": "`<prefix>.<secret>`, in Authorization only.",
    }
    return result


def _paths() -> dict:
    base = "/feeds/{channel}"
    return {
        base: _get("channel", "Which contexts of a channel may be read", {"type": "object"}),
        f"{base}/{{locale}}/products": _get(
            "products", "Live listings, page by page", _page(LIVE), lines=LIVE,
            query=(_query("cursor", TEXT, "what `next` gave"), *PAGING),
        ),
        f"{base}/{{locale}}/products/{{identifier}}": _get("product", "One live listing", LIVE),
        f"{base}/{{locale}}/changes": _get(
            "changes", "What changed after a number, removals too", _page(EITHER), lines=EITHER,
            gone="The number is older than the horizon or of another epoch: read in full",
            query=(_query("after", NUMBER, "the last `sequence` seen", required=True),
                   _query("epoch", NUMBER, "the epoch it was seen in"), *PAGING),
        ),
        f"{base}/{{locale}}/labels": _get(
            "labels", "Labels of attributes, options, units, categories and fields of records",
            {"type": "object"},
        ),
    }  # fmt: skip


def _query(name: str, schema: dict, description: str, **more) -> dict:
    return {"name": name, "in": "query", "schema": schema, "description": description, **more}


PAGING = (
    _query("limit", {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}, "a page"),
    _query("format", {"enum": ["json", "ndjson"]}, "instead of the Accept header"),
)
AUDIENCE = _query("audience", TEXT, "default: the channel's first public audience")


def _page(item: dict) -> dict:
    return {
        "type": "object",
        "required": ["items", "next", "sequence", "epoch"],
        "properties": {
            "items": {"type": "array", "items": item},
            "next": {"type": ["string", "null"]},
            "sequence": NUMBER,
            "epoch": NUMBER,
        },
    }


def _get(
    name: str, summary: str, schema: dict, *, lines: dict | None = None, gone: str = "", query=()
) -> dict:
    places = {"channel": ("channel",), "product": ("channel", "locale", "identifier")}
    path = [
        {"name": place, "in": "path", "required": True, "schema": TEXT}
        for place in places.get(name, ("channel", "locale"))
    ]
    content = {"application/json": {"schema": schema}}
    if lines:
        content["application/x-ndjson"] = {"schema": lines}
    problems = {**PROBLEMS, **({"410": gone} if gone else {})}
    if name == "product":
        problems["410"] = "The product is no longer shown in this context"
    return {
        "get": {
            "operationId": f"feed_{name}",
            "tags": ["feeds"],
            "summary": summary,
            "security": [{}, {"ApiKey": []}],
            "parameters": [*path, *([] if name == "channel" else [AUDIENCE]), *query],
            "responses": {
                "200": {"description": "As asked, with a strong ETag", "content": content},
                "304": {"description": "Unchanged since If-None-Match"},
                **{status: _problem(why) for status, why in problems.items()},
            },
        }
    }


def _problem(why: str) -> dict:
    return {"description": why, "content": {"application/problem+json": {"schema": PROBLEM}}}
