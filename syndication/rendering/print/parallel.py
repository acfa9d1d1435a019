"""The other languages of a combined edition beside the first: titles, headings, introductions."""

from collections.abc import Callable, Iterable

from django.utils.safestring import mark_safe

from syndication.contract import RenderContext

from ..richtext import clean_html
from ..tongues import Text, texts
from ..words import words
from .chapters import Chapter, title_of


class Parallel:
    """What furniture says in every language but the first; nothing where there is one."""

    def __init__(self, context: RenderContext):
        self.context = context
        self.locales = context.locales[1:]

    def texts(self, said: Callable[[str], str]) -> list[Text]:
        """Return what `said` gives for each of the locales, with how it is read."""
        return texts(self.locales, said)

    def word(self, key: str) -> list[Text]:
        return self.texts(lambda code: words(code)[key])

    def title(self, codes: Iterable[str]) -> list[Text]:
        """Return the title of a chapter or section."""
        known = tuple(codes)
        return self.texts(lambda code: title_of(known, self.context.labels[code], locale=code))

    def columns(self, chapter: Chapter) -> list[dict]:
        """Return what the opener of a chapter says in each language."""
        return [told | self._opener(chapter, told["locale"]) for told in self.title([chapter.code])]

    def _opener(self, chapter: Chapter, code: str) -> dict:
        labels = self.context.labels[code]
        named = [section.codes for section in chapter.sections if section.title]
        intro = labels.body["categories"].get(chapter.code, {}).get("intro") or ""
        return {
            "sections": [title_of(codes, labels, locale=code) for codes in named],
            "count": words(code)["products"] % len(chapter.entries),
            "intro": mark_safe(clean_html(intro)),
        }


def unlike(text: str, others: Iterable[Text]) -> list[Text]:
    """Return those of the others that say something that was not said yet."""
    found = {other["text"]: other for other in reversed(list(others)) if other["text"] != text}
    return list(reversed(found.values()))
