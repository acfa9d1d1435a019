"""The picture of a structure row at the desk: which may be chosen, and how it is shown."""

from django.utils.html import format_html

from .assets import thumb_url


def only_pictures(form):
    """Let a form offer pictures alone for `image`, where it has that field."""
    image = form.base_fields.get("image")
    if image:
        image.queryset = image.queryset.filter(kind="image")


def picture(obj):
    """Return the picture of a row as an image, a dash without one."""
    if not obj or not obj.image:
        return "–"
    return format_html(
        '<img class="pm-preview" src="{}" alt="">', thumb_url(obj.image_id, obj.image.kind)
    )
