"""Who comes to our own API: a connection's bearer token or a session; and what they must say."""

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import APIException, PermissionDenied
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.views import APIView

from pim.content.actor import Actor
from pim.models import Connection
from pim.models.connections import PUBLISHED
from pim.queries.rights import rights_of

from .parsers import DocumentParser
from .tokens import ConnectionLimit, TokenAuthentication

# What reaches all content: only for who has no limits.
WHOLE = ("rule", "role", "connection")


class View(APIView):
    """A view of our own API; `noun` names the model whose permissions count.

    `shows` says what it answers from: "drafts" is refused to connections that read published
    content, "any" sees to it by itself or has nothing of either.
    """

    authentication_classes = [TokenAuthentication, SessionAuthentication]
    permission_classes = [IsAuthenticated]
    throttle_classes = [ConnectionLimit]
    allowance = None
    shows = "drafts"
    # Requests without a body come as forms from many a client.
    parser_classes = [DocumentParser, FormParser, MultiPartParser]
    noun = ""

    def initial(self, request, *args, **kwargs):
        """Refuse drafts to a connection that reads what is published."""
        super().initial(request, *args, **kwargs)
        if self.shows == "drafts" and reads_published(request):
            raise PublishedOnly()

    def finalize_response(self, request, response, *args, **kwargs):
        """Tell a connection where it stands with its limit."""
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in self.allowance.headers().items() if self.allowance else ():
            response[name] = value
        return response

    def require(self, request, *verbs: str, noun: str = "") -> None:
        """Raise 403 unless the person may do one of these to the noun: view, add, change, …"""
        names = [f"pim.{verb}_{noun or self.noun}" for verb in verbs]
        if not any(request.user.has_perm(name) for name in names):
            raise PermissionDenied(_("Your roles do not allow this."))
        if (noun or self.noun) in WHOLE and not rights_of(request.user).unlimited:
            raise PermissionDenied(_("Your roles do not allow this."))


def reads_published(request) -> bool:
    """Return whether a connection asks that is given published content only."""
    return isinstance(request.auth, Connection) and request.auth.reads == PUBLISHED


class PublishedOnly(PermissionDenied):
    """A connection that reads published content asks for what shows drafts."""

    default_code = "published_only"
    default_detail = _("This connection reads published content, and this shows drafts.")


class PreconditionRequired(APIException):
    """A change that does not say which state it is about (RFC 6585, section 3)."""

    status_code = 428
    default_code = "precondition_required"
    default_detail = _("Send If-Match with the ETag of what you have read.")


class PreconditionFailed(APIException):
    """Somebody else has changed it since it was read."""

    status_code = 412
    default_code = "precondition_failed"
    default_detail = _("Somebody else has changed this since you opened it.")


class BadQuery(APIException):
    """A parameter of the address, or a body, that is not understood."""

    status_code = 400
    default_code = "bad_request"


def actor_of(request) -> Actor:
    """Return who is writing, with what they may."""
    return Actor(request.user.get_username(), "api", rights_of(request.user))


def body_of(request) -> dict:
    """Return the body, an object; {} where there is none."""
    data = request.data
    if not isinstance(data, dict):
        raise BadQuery(_("The body is a JSON object."))
    return data.dict() if isinstance(data, QueryDict) else dict(data)


def etag(row) -> str:
    """Return the entity tag of a row that counts its versions."""
    return f'"{row.row_version}"'


def check_match(request, row) -> None:
    """Raise 428 without If-Match and 412 where it names another state."""
    given = request.headers.get("If-Match", "").strip()
    if not given:
        raise PreconditionRequired()
    tags = {tag.strip().removeprefix("W/") for tag in given.split(",")}
    if "*" not in tags and etag(row) not in tags:
        raise PreconditionFailed()


def check_none_match(request, row) -> None:
    """Raise 412 where If-None-Match: * asks that there be nothing yet."""
    if row is not None and request.headers.get("If-None-Match", "").strip() == "*":
        raise PreconditionFailed()
