"""The rights of a request on outputs and listings, and permissions of admin pages by them."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from unfold.contrib.filters.admin import RelatedDropdownFilter

from syndication.models import Output
from syndication.queries.reach import Level, output_level, rights_of, seen_outputs


def rights_of_request(request):
    """Return what the person at the desk may do with the content."""
    return rights_of(request.user)


def outputs_of_request(request):
    """Return the outputs that the person may see."""
    return seen_outputs(rights_of_request(request))


class OutputFilter(RelatedDropdownFilter):
    """A filter by output whose choices are the outputs that the person may see."""

    def field_choices(self, field, request, model_admin):
        return [(output.pk, str(output)) for output in outputs_of_request(request)]


def holds(request, output: Output | None, level: Level) -> bool:
    """Return whether the person has that level on an output (None: on some output at least)."""
    rights = rights_of_request(request)
    if rights.unlimited:
        return True
    if output is None:
        return any(output_level(rights, one) >= level for one in Output.objects.all())
    return output_level(rights, output) >= level


class UnlimitedOnly:
    """Pages of what reaches everything, such as keys and webhooks: closed to who has limits."""

    def _whole(self, request) -> bool:
        return rights_of_request(request).unlimited

    def has_module_permission(self, request):
        return super().has_module_permission(request) and self._whole(request)

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) and self._whole(request)

    def has_add_permission(self, request):
        return super().has_add_permission(request) and self._whole(request)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._whole(request)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._whole(request)


def output_for(request, pk: int, level: Level) -> Output:
    """Return an output; 404 if it is not seen, PermissionDenied below the level."""
    output = get_object_or_404(outputs_of_request(request), pk=pk)
    if not holds(request, output, level):
        raise PermissionDenied
    return output
