"""API keys, taken from the Authorization header only."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed

from syndication.actions.api_keys import check_key
from syndication.models import ApiKey

SCHEME = "bearer"


class KeyHolder:
    """Who comes with an API key: authenticated, but no user of the admin."""

    is_authenticated = True
    is_active = True
    is_staff = False
    is_superuser = False
    is_anonymous = False
    pk = None

    def __init__(self, key: ApiKey):
        self.key = key
        self.username = f"key:{key.name}"

    def __str__(self):
        return self.username


class ApiKeyAuthentication(BaseAuthentication):
    """Authenticate `Authorization: Bearer <prefix>.<secret>`; `request.auth` is the key.

    A text without the dot is left to whoever knows the tokens of connections.
    """

    def authenticate(self, request):
        text = bearer(request)
        if text is None or "." not in text:
            return None
        key = check_key(text, at=timezone.now())
        if key is None:
            raise AuthenticationFailed(_("The API key is not valid."), code="invalid_key")
        return KeyHolder(key), key

    def authenticate_header(self, request):
        return 'Bearer realm="pim"'


def bearer(request) -> str | None:
    """Return the text after "Bearer" in the Authorization header, None without one."""
    scheme, _space, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return text.strip() if scheme.lower() == SCHEME else None
