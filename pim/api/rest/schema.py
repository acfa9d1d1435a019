"""The PIM REST API in the OpenAPI document: plain views, so their part is made from the routes."""

import re
from collections.abc import Iterator

from django.urls import get_resolver

from .answers import BASE
from .bodies import COLLECTION
from .errors import JSON

_OBJECT = {"type": "object"}
_TEXT, _NUMBER = {"type": "string"}, {"type": "integer"}
_PLACE = re.compile(r"<(?:\w+:)?(\w+)>")
SCHEMAS = {
    "RestError": {
        "type": "object",
        "required": ["code", "message"],
        "properties": {
            "code": _NUMBER,
            "message": _TEXT,
            "errors": {"type": "array", "items": {"$ref": "#/components/schemas/RestReason"}},
            "_links": _OBJECT,
        },
    },
    "RestReason": {
        "type": "object",
        "required": ["property", "message"],
        "properties": {
            "property": _TEXT,
            "message": _TEXT,
            "error_code": _TEXT,
            "attribute": _TEXT,
            "locale": {"type": ["string", "null"]},
            "scope": {"type": ["string", "null"]},
        },
    },
    "RestPage": {
        "type": "object",
        "required": ["_links", "_embedded"],
        "properties": {
            "_links": _OBJECT,
            "current_page": _NUMBER,
            "items_count": _NUMBER,
            "_embedded": {
                "type": "object",
                "properties": {"items": {"type": "array", "items": _OBJECT}},
            },
        },
    },
}
# What is written many at once as a JSON list, as in the original.
_LISTS = ("/measurement-families", "/records", "/assets")
_PAGE = [
    ("limit", _NUMBER, "items of a page; 10 by default, at most those of the connection"),
    ("page", _NUMBER, "number of the page, from 1"),
    ("with_count", {"type": "boolean"}, "count all items"),
    ("search_after", _TEXT, "the cursor of the next page, from its link"),
    ("search", _TEXT, '{"property": [{"operator": …, "value": …}]}'),
]
_ERRORS = {
    "401": "No token, a wrong one or an expired one",
    "403": "The user's permissions or roles do not allow it",
    "404": "There is no such resource",
    "422": "What was sent does not fit; `errors` has every reason",
    "429": "Too many requests; Retry-After says when",
}


def add_rest(result: dict, generator, request, public) -> dict:
    """Add the addresses of the PIM REST API to the document; a hook of drf-spectacular."""
    for address, view in _addresses():
        result["paths"][address] = _path(address, view)
    result["paths"]["/api/oauth/v1/token"] = {"post": _token()}
    components = result.setdefault("components", {})
    components.setdefault("schemas", {}).update(SCHEMAS)
    schemes = components.setdefault("securitySchemes", {})
    schemes["RestToken"] = {"type": "http", "scheme": "bearer"}
    schemes["RestClient"] = {"type": "http", "scheme": "basic"}
    return result


def _addresses() -> Iterator[tuple[str, object]]:
    for pattern in get_resolver("pim.api.rest.urls").url_patterns:
        address = _PLACE.sub(r"{\1}", f"/{pattern.pattern}")
        ours = address.startswith(f"{BASE}/") and not address.endswith("/")
        if ours and getattr(pattern.callback, "methods", ()):
            yield address, pattern.callback


def _path(address: str, view) -> dict:
    return {method.lower(): _operation(address, method) for method in view.methods}


def _operation(address: str, method: str) -> dict:
    name = re.sub(r"\W+", "_", address.removeprefix(f"{BASE}/")).strip("_")
    found = {
        "operationId": f"rest_{name}_{method.lower()}",
        "tags": ["PIM REST"],
        "security": [{"RestToken": []}],
        "responses": {**_good(address, method), **_bad()},
    }
    places = re.findall(r"{(\w+)}", address)
    parameters = [_parameter(place, _TEXT, "", where="path") for place in places]
    if method == "GET" and not address.endswith("}"):
        parameters += [_parameter(*one) for one in _PAGE]
    if parameters:
        found["parameters"] = parameters
    if method in ("POST", "PUT", "PATCH"):
        found["requestBody"] = _body(address, method)
    return found


def _parameter(name: str, schema: dict, text: str, *, where: str = "query") -> dict:
    found = {"name": name, "in": where, "schema": schema, "required": where == "path"}
    return {**found, **({"description": text} if text else {})}


def _body(address: str, method: str) -> dict:
    if address.endswith("media-files"):
        content = {"multipart/form-data": {"schema": _upload(address)}}
    elif method in ("POST", "PUT") or address.endswith("}"):
        content = {JSON: {"schema": _OBJECT}}
    elif address.endswith(_LISTS):
        content = {JSON: {"schema": {"type": "array", "items": _OBJECT}}}
    else:
        content = {COLLECTION: {"schema": _TEXT}}
    return {"required": True, "content": content}


def _upload(address: str) -> dict:
    owners = () if "asset" in address else ("product", "product_model")
    names = {"file": {"type": "string", "format": "binary"}, **dict.fromkeys(owners, _TEXT)}
    return {"type": "object", "required": ["file"], "properties": names}


def _good(address: str, method: str) -> dict:
    if method == "POST" and not address.endswith("/search"):
        return {"201": {"description": "Made; Location names it"}}
    if method in ("PUT", "DELETE"):
        return {"204": {"description": "Deleted" if method == "DELETE" else "Kept"}}
    if address.endswith("}"):
        if method == "GET":
            return {"200": {"description": "It", "content": {JSON: {"schema": _OBJECT}}}}
        return {"201": {"description": "Made"}, "204": {"description": "Changed, or as it was"}}
    if method == "PATCH" and address.endswith(_LISTS):
        content = {JSON: {"schema": {"type": "array", "items": _OBJECT}}}
        return {"200": {"description": "One answer a document, in order", "content": content}}
    if method == "PATCH":
        content = {COLLECTION: {"schema": _TEXT}}
        return {"200": {"description": "One answer a line, in order", "content": content}}
    page = {"schema": {"$ref": "#/components/schemas/RestPage"}}
    return {"200": {"description": "A page", "content": {JSON: page}}}


def _bad() -> dict:
    content = {JSON: {"schema": {"$ref": "#/components/schemas/RestError"}}}
    return {code: {"description": text, "content": content} for code, text in _ERRORS.items()}


def _token() -> dict:
    names = ("grant_type", "username", "password", "refresh_token")
    schema = {"type": "object", "properties": dict.fromkeys(names, _TEXT)}
    form = "application/x-www-form-urlencoded"
    content = {kind: {"schema": schema} for kind in (JSON, form)}
    answer = {JSON: {"schema": _OBJECT}}
    return {
        "operationId": "rest_token",
        "tags": ["PIM REST"],
        "security": [{"RestClient": []}],
        "requestBody": {"required": True, "content": content},
        "responses": {
            "200": {"description": "access_token, refresh_token, expires_in", "content": answer},
            **{code: text for code, text in _bad().items() if code in ("422", "429")},
        },
    }
