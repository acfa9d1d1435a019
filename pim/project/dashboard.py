"""The overview: the only page that shows figures of both apps."""

from pim.admin.dashboard import content_figures
from syndication.admin.dashboard import output_figures


def dashboard(request, context):
    """Add the figures of both apps to the admin's first page."""
    context["content"] = content_figures(request)
    context["publishing"] = output_figures(request)
    return context
