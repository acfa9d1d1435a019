"""Who may see and issue editions: people of the desk by permission, keys by their scope."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission

from syndication.models import ApiKey, Edition, Output
from syndication.queries.editions import outputs_in_scope
from syndication.queries.reach import Level, output_level, rights_of, seen_outputs
from syndication.refusals import NotFound, UnknownOutput


class MayIssue(BasePermission):
    """Reads need an API key or the permission to view outputs; writes `may_issue` or to change."""

    def has_permission(self, request, view) -> bool:
        reads = request.method in SAFE_METHODS
        if isinstance(request.auth, ApiKey):
            return reads or request.auth.may_issue
        user = request.user
        needed = "syndication.view_output" if reads else "syndication.change_output"
        return bool(user and user.is_active and user.is_staff and user.has_perm(needed))


def visible_outputs(request):
    """Return the outputs that this request may know of: by its key, or by the person's roles."""
    if isinstance(request.auth, ApiKey):
        return outputs_in_scope(request.auth)
    return seen_outputs(rights_of(request.user))


def output_of(request, code: str) -> Output:
    """Return a visible output; UnknownOutput for any other.

    A person who would issue or decide needs to publish it: 403.
    """
    found = visible_outputs(request).filter(code=code).first()
    if found is None:
        raise UnknownOutput(output=code)
    decides = request.method not in SAFE_METHODS and not isinstance(request.auth, ApiKey)
    if decides and output_level(rights_of(request.user), found) < Level.PUBLISH:
        raise PermissionDenied
    return found


def edition_of(request, code: str, number: int) -> Edition:
    """Return an edition of a visible output."""
    output = output_of(request, code)
    found = output.editions.select_related("output").filter(number=number).first()
    if found is None:
        raise NotFound(what="edition", name=str(number))
    return found


def actor_of(request) -> str:
    """Return who acts, as editions and audit entries name them."""
    return request.user.username if request.user else ""


class ApiKeyScheme(OpenApiAuthenticationExtension):
    """API keys, as the schema describes them."""

    target_class = "syndication.api.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer", "description": "`<prefix>.<secret>`"}
