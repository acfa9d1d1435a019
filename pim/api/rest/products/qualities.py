"""Quality scores of products per channel and locale, as grades."""

from collections import defaultdict
from collections.abc import Sequence

from pim.content.locales import to_posix
from pim.content.quality import grade
from pim.content.rights import Rights
from pim.content.structure import Structure
from pim.models import Quality
from pim.queries.seen_quality import seen_scores

from .contents import Content


def qualities_of(
    contents: Sequence[Content], structure: Structure, rights: Rights
) -> dict[int, list]:
    """Return {id: [{scope, locale, data}]}, scores as the rights show them, in one query."""
    ids = [content.state.id for content in contents]
    rows = seen_scores(Quality.objects.filter(product_id__in=ids), rights, structure)
    found: dict[int, list] = defaultdict(list)
    for pk, channel, locale, score in rows.order_by("channel__code", "locale").values_list(
        "product_id", "channel__code", "locale", "score"
    ):
        found[pk].append({"scope": channel, "locale": to_posix(locale), "data": grade(score)})
    return {pk: found[pk] for pk in ids}
