"""Small words that the desk's templates need."""

from django import template
from django.utils.translation import gettext as translate

register = template.Library()


@register.simple_tag
def yes_no_words():
    """Return the three answers of a yes-or-no value."""
    return [("", translate("not said")), ("true", translate("Yes")), ("false", translate("No"))]


@register.simple_tag
def minutes(seconds: int) -> str:
    """Return seconds as minutes:seconds."""
    return f"{seconds // 60}:{seconds % 60:02}"
