"""The panel of a product's page that says how good it is, and what to mend."""

from collections import Counter

from pim.content.quality import Finding, grade
from pim.models import Quality
from pim.queries.quality import findings_of

from ..context import WorkingContext
from ..quality_words import say, tone
from .state import ProductState


def quality_panel(product, state: ProductState, context: WorkingContext) -> dict:
    """Return the scores of the channel's locales, and the findings of the one being edited.

    Findings about what the person may not see are left out; the score counts them.
    """
    rows = Quality.objects.filter(product=product, channel__code=context.channel)
    seen = [row for row in rows.order_by("locale") if context.rights.locale(row.locale)]
    here = next((row for row in seen if row.locale == context.locale), None)
    stale = not hasattr(product, "quality_state") or (
        product.quality_state.row_version != product.row_version
    )
    return {
        "locales": [
            {"code": row.locale, "score": row.score, "grade": grade(row.score),
             "tone": tone(row.score)}
            for row in seen
        ],
        "score": here and here.score,
        "grade": here and grade(here.score),
        "tone": here and tone(here.score),
        "findings": _findings(here, state, context) if here else [],
        "stale": stale,
    }  # fmt: skip


def _findings(row: Quality, state: ProductState, context: WorkingContext) -> list[dict]:
    shown = [f for f in findings_of(row) if _visible(f, state, context)]
    rules = Counter(finding.rule for finding in shown)
    return [
        {
            "text": say(finding, state.structure, context.locale),
            "href": f"#field-{finding.attribute}",
            "rule": finding.rule,
            "count": rules[finding.rule],
        }
        for finding in shown
    ]


def _visible(finding: Finding, state: ProductState, context: WorkingContext) -> bool:
    attribute = state.structure.attributes.get(finding.attribute)
    if attribute is None:
        return False
    channel = context.channel if attribute.scopable else ""
    locale = context.locale if attribute.localizable else ""
    return bool(state.holding.value(attribute, channel, locale))
