"""Quality scores of products per channel and locale, as grades."""

from collections.abc import Sequence

from pim.content.locales import to_posix
from pim.content.quality import grade
from pim.content.rights import Rights
from pim.content.structure import Structure
from pim.queries.quality import scores_of

from .contents import Content


def qualities_of(
    contents: Sequence[Content], structure: Structure, rights: Rights
) -> dict[int, list]:
    """Return {id: [{scope, locale, data}]} of the channels and locales that the rights show."""
    held = scores_of(content.state.id for content in contents)
    return {
        content.state.id: [
            {"scope": channel, "locale": to_posix(locale), "data": grade(score)}
            for (channel, locale), score in sorted(held.get(content.state.id, {}).items())
            if rights.channel(channel) and rights.locale(locale)
        ]
        for content in contents
    }
