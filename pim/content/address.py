"""Where a value lives: attribute, channel or none, locale or none."""

from typing import NamedTuple

from .refusals import InvalidValue, UnknownCode, _
from .structure import AttributeDef, Structure


class Address(NamedTuple):
    """The place of one value; "" stands for no channel and no locale."""

    attribute: str
    channel: str = ""
    locale: str = ""

    def key(self) -> str:
        """Return the form used in change logs: "name||fi"."""
        return "|".join(self)


def check_address(address: Address, structure: Structure) -> AttributeDef:
    """Return the attribute if the address fits its flags; raise `Refused` if not."""
    attribute = structure.attributes.get(address.attribute)
    if attribute is None:
        raise UnknownCode(what="attribute", name=address.attribute, field=address.attribute)
    _check_locale(attribute, address.locale, structure)
    _check_channel(attribute, address, structure)
    return attribute


def _check_locale(attribute: AttributeDef, locale: str, structure: Structure) -> None:
    if bool(locale) != attribute.localizable:
        sentence = (
            _("“%(attribute)s” has one value per locale: name the locale.")
            if attribute.localizable
            else _("“%(attribute)s” is the same in all locales: leave the locale out.")
        )
        raise InvalidValue(
            sentence, code="wrong_locale", field=attribute.code, attribute=attribute.code
        )
    if locale and locale not in structure.locales:
        raise UnknownCode(what="locale", name=locale, field=attribute.code)
    if locale and attribute.available_locales and locale not in attribute.available_locales:
        raise InvalidValue(
            _("“%(attribute)s” does not exist in %(locale)s."),
            code="wrong_locale",
            field=attribute.code,
            attribute=attribute.code,
            locale=locale,
        )


def _check_channel(attribute: AttributeDef, address: Address, structure: Structure) -> None:
    if bool(address.channel) != attribute.scopable:
        sentence = (
            _("“%(attribute)s” has one value per channel: name the channel.")
            if attribute.scopable
            else _("“%(attribute)s” is the same in all channels: leave the channel out.")
        )
        raise InvalidValue(
            sentence, code="wrong_channel", field=attribute.code, attribute=attribute.code
        )
    if not address.channel:
        return
    channel = structure.channels.get(address.channel)
    if channel is None:
        raise UnknownCode(what="channel", name=address.channel, field=attribute.code)
    if address.locale and address.locale not in channel.locales:
        raise InvalidValue(
            _("The channel %(channel)s has no locale %(locale)s."),
            code="wrong_locale",
            field=attribute.code,
            channel=address.channel,
            locale=address.locale,
        )
