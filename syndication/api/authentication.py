"""API keys, taken from the Authorization header only."""

from rest_framework.authentication import BaseAuthentication


class ApiKeyAuthentication(BaseAuthentication):
    """Authenticate `Authorization: Bearer <prefix>.<secret>`."""

    def authenticate(self, request):
        return None
