"""GET /api/rest/v1: what addresses there are, open to all."""

from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver
from django.views.decorators.csrf import csrf_exempt

from .answers import BASE, json_answer
from .errors import RestError, error_response


@csrf_exempt
def listing(request: HttpRequest) -> HttpResponse:
    """Answer the addresses and their methods, under the names that clients know."""
    if request.method not in ("GET", "HEAD"):
        message = f"No route found for '{request.method} {request.path}': Method Not Allowed"
        return error_response(RestError(405, message, headers={"Allow": "GET, HEAD"}))
    token = {"route": "/api/oauth/v1/token", "methods": ["POST"]}
    return json_answer(
        {
            "host": f"{request.scheme}://{request.get_host()}",
            "authentication": {"fos_oauth_server_token": token},
            "routes": _routes(),
        }
    )


def _routes() -> dict[str, dict]:
    found = {}
    for pattern in get_resolver("pim.api.rest.urls").url_patterns:
        address = f"/{pattern.pattern}"
        methods = getattr(pattern.callback, "methods", ())
        if not address.startswith(f"{BASE}/") or address.endswith("/"):
            continue
        for method in methods:
            found[_name(address, method)] = {"route": _shown(address), "methods": [method]}
    return found


def _shown(address: str) -> str:
    return address.replace("<path:", "{").replace("<str:", "{").replace(">", "}")


def _name(address: str, method: str) -> str:
    """Return a stable name: pim_api_categories_list, pim_api_categories_partial_update, …"""
    parts = address.removeprefix(f"{BASE}/").split("/")
    nouns = [part.replace("-", "_") for part in parts if not part.startswith("<")]
    single = parts[-1].startswith("<")
    verbs = {
        "GET": "get" if single else "list",
        "POST": "create",
        "PUT": "replace",
        "PATCH": "partial_update" if single else "partial_update_list",
        "DELETE": "delete",
    }
    return "_".join(["pim_api", *nouns, verbs[method]])
