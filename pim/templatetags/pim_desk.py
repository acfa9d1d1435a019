"""Small words that the desk's templates need."""

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as translate

from pim.content.locales import named_locales

register = template.Library()


@register.simple_tag
def yes_no_words():
    """Return the three answers of a yes-or-no value."""
    return [("", translate("not said")), ("true", translate("Yes")), ("false", translate("No"))]


@register.simple_tag
def minutes(seconds: int) -> str:
    """Return seconds as minutes:seconds."""
    return f"{seconds // 60}:{seconds % 60:02}"


@register.filter
def by_name(codes) -> list[tuple[str, str]]:
    """Return (code, name) of locales, named and ordered in the reader's language."""
    return named_locales(codes, language=get_language() or "en")
