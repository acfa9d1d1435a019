"""A connection at our own API: known by its bearer token, counted against its limit.

Settings name these for every view, so this file is read while views are still being made and
must not import any.
"""

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.throttling import BaseThrottle

from pim.actions.requests import take_request
from pim.actions.tokens import TokenRefused, check_access
from pim.models import Connection

SCHEME = "bearer"


class TokenAuthentication(BaseAuthentication):
    """Authenticate `Authorization: Bearer …` by the token of a connection, as its user."""

    def authenticate(self, request):
        scheme, _space, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != SCHEME or not token.strip():
            return None
        try:
            connection = check_access(token.strip(), at=timezone.now())
        except TokenRefused as refusal:
            raise AuthenticationFailed(refusal.say(), code="invalid_token") from refusal
        return connection.user, connection

    def authenticate_header(self, request):
        return 'Bearer realm="pim"'


class ConnectionLimit(BaseThrottle):
    """Counts requests against the limit of the connection, as the PIM REST API does."""

    def allow_request(self, request, view) -> bool:
        """Take one request, and keep what is left for the headers of the answer."""
        self.allowance = None
        if isinstance(request.auth, Connection):
            self.allowance = take_request(request.auth, at=timezone.now())
        view.allowance = self.allowance
        return self.allowance is None or self.allowance.granted

    def wait(self) -> int:
        """Return the seconds until the next minute."""
        return self.allowance.reset
