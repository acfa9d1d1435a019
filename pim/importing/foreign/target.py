"""What foreign content is to fit into: the attributes, locales and channels that are there."""

from collections import Counter
from dataclasses import dataclass

from pim.content.locales import to_bcp47, to_posix
from pim.content.structure import AttributeDef, Structure

# ISO 639-2 codes of catalogues, in both their forms, as BCP 47 has them.
_LANGUAGES = """
ara:ar bul:bg cat:ca ces:cs cze:cs dan:da deu:de ger:de ell:el gre:el eng:en est:et fin:fi fra:fr
fre:fr heb:he hrv:hr hun:hu ita:it jpn:ja kor:ko lav:lv lit:lt nld:nl dut:nl nob:nb nor:nb pol:pl
por:pt ron:ro rum:ro rus:ru slk:sk slo:sk slv:sl spa:es srp:sr swe:sv tur:tr ukr:uk zho:zh chi:zh
"""
LANGUAGES = dict(pair.split(":") for pair in _LANGUAGES.split())


@dataclass(frozen=True)
class Target:
    """The structure as it is, and what files mean that name no language or currency."""

    structure: Structure
    locale_asked: str = ""
    currency_asked: str = ""

    @property
    def locale(self) -> str:
        """The locale of texts without a language: that which most others follow."""
        if self.locale_asked:
            return to_bcp47(self.locale_asked)
        on = [code for channel in self.structure.channels.values() for code in channel.locales]
        rows = [self.structure.locales[code] for code in {*on} & self.structure.locales.keys()]
        followed = Counter(row.source or row.fallback for row in rows)
        return max(on or ["en"], key=lambda code: followed[code])

    @property
    def currency(self) -> str:
        """The currency of prices without one."""
        if self.currency_asked:
            return self.currency_asked.upper()
        used = [c for channel in self.structure.channels.values() for c in channel.currencies]
        return (used or ["EUR"])[0]

    def locale_of(self, language: str) -> str:
        """Return the locale for a language code: one that is in use before any other."""
        code = to_bcp47(LANGUAGES.get(language.lower(), language)) if language else ""
        if not code:
            return self.locale
        channels = self.structure.channels.values()
        used = [locale for channel in channels for locale in channel.locales]
        for locale in (*used, *self.structure.locales):
            if locale == code:
                return locale
        plain = code.split("-")[0]
        return next((locale for locale in used if locale.split("-")[0] == plain), code)

    def by_role(self, role: str) -> AttributeDef | None:
        """Return the attribute that carries a semantic role, or None."""
        code = self.structure.roles.get(role) if role else None
        return self.structure.attributes.get(code) if code else None

    def titles(self, code: str, locale: str, *, localizable: bool) -> list[str]:
        """Return the columns that hold a text of a locale: one per channel where it is scoped."""
        known = self.structure.attributes.get(code)
        if known is None:
            return [f"{code}-{to_posix(locale)}" if localizable else code]
        parts = [code, to_posix(locale)] if known.localizable else [code]
        if not known.scopable:
            return ["-".join(parts)]
        channels = self.structure.channels.values()
        fitting = [c.code for c in channels if not known.localizable or locale in c.locales]
        return ["-".join([*parts, channel]) for channel in fitting]
