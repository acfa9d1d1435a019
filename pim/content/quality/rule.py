"""A rule of quality: what is looked at, where, and how much it weighs."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .subject import Subject

# Scripts that write words without spaces between them: Thai, Lao, Burmese, Khmer, Chinese,
# Japanese. A word of theirs is found wherever it stands.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_UNSPACED_LETTER = re.compile(f"[{_UNSPACED}]")


@dataclass(frozen=True)
class Rule:
    """One rule with its weight; `channels`, `families` and `locales` empty mean all.

    `attributes` are codes, `roles` semantic roles; `params` depend on the kind.
    """

    code: str
    kind: str
    weight: int = 10
    channels: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()
    locales: frozenset[str] = frozenset()
    attributes: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)

    def applies(self, subject: Subject) -> bool:
        """Return whether the rule speaks of the subject at all."""
        family = subject.family.code if subject.family else ""
        return (
            (not self.channels or subject.channel.code in self.channels)
            and (not self.locales or subject.locale in self.locales)
            and (not self.families or family in self.families)
        )

    def forbidden_in(self, chain: Iterable[str]) -> re.Pattern | None:
        """Return the pattern of the words forbidden in a locale, the first of its chain.

        A locale without words of its own has those of the locale of the same language that it
        falls back to.
        """
        chain = list(chain)
        language = chain[0].split("-")[0]
        same = [code for code in (*chain, language) if code.split("-")[0] == language]
        return next((self._forbidden[code] for code in same if code in self._forbidden), None)

    @cached_property
    def _forbidden(self) -> dict[str, re.Pattern]:
        """{locale: a pattern of its forbidden words}, whole words, whatever their case."""
        return {
            locale: re.compile("|".join(_whole_word(word) for word in words), re.IGNORECASE)
            for locale, words in (self.params.get("words") or {}).items()
            if words
        }


def _whole_word(word: str) -> str:
    """Return the pattern of a word or phrase, whatever spaces stand between its words."""
    parts = unicodedata.normalize("NFC", word).split()
    inside = r"\s+".join(re.escape(part) for part in parts)
    before = "" if _UNSPACED_LETTER.match(parts[0]) else r"(?<!\w)"
    after = "" if _UNSPACED_LETTER.match(parts[-1][-1]) else r"(?!\w)"
    return before + inside + after
