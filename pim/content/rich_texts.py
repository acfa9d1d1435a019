"""Rich texts per locale that are no attribute's: introductions of categories."""

from typing import Any

from .kinds.texts import plain_text, sanitise, tidy_text
from .locales import is_locale
from .nul import refuse_nul
from .refusals import InvalidValue, _

LIMIT = 65_535


def clean_texts(texts: Any, *, field: str) -> dict[str, str]:
    """Return {locale: sanitised rich text}; what holds no words becomes "".

    Raises `InvalidValue` whose field is `field` for what is no such document.
    """
    if not isinstance(texts, dict):
        raise InvalidValue(_("“%(name)s” needs a text per locale."), field=field, name=field)
    return {locale: _clean(text, locale, field=field) for locale, text in texts.items()}


def _clean(text: Any, locale: str, *, field: str) -> str:
    if not is_locale(locale):
        raise InvalidValue(
            _("“%(value)s” is no locale, such as en or sv-FI."), field=field, value=str(locale)[:50]
        )
    if text is None:
        return ""
    if not isinstance(text, str):
        raise InvalidValue(_("“%(name)s” needs a text per locale."), field=field, name=field)
    refuse_nul(text, f"{field}.{locale}")
    html = sanitise(tidy_text(text))
    if len(html) > LIMIT:
        raise InvalidValue(
            _("“%(name)s” in %(locale)s has more than %(limit)s characters."),
            code="too_long",
            field=field,
            name=field,
            locale=locale,
            limit=LIMIT,
        )
    return html if plain_text(html) else ""
