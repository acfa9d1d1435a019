"""The panel of a product's page that says how good it is, and what to mend."""

from pim.content.quality import grade
from pim.models import Quality
from pim.queries.finding_words import say
from pim.queries.findings import seen_findings
from pim.queries.seen_quality import seen_scores

from ..context import WorkingContext
from ..quality import tone
from .form import link_to_field, page_of_field
from .state import ProductState


def quality_panel(product, state: ProductState, context: WorkingContext) -> dict:
    """Return the scores of the channel's locales, and the findings of the one being edited.

    What the person may not see counts in neither.
    """
    rows = Quality.objects.filter(product=product, channel__code=context.channel)
    rows = seen_scores(rows, context.rights, state.structure)
    seen = list(rows.select_related("channel").order_by("locale"))
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
    shown = seen_findings([row], context.rights)[row.pk]
    return [
        {
            "text": say(finding, state.structure, context.locale),
            "href": _field(finding.attribute, state, context),
            "rule": finding.rule,
        }
        for finding in shown
    ]


def _field(attribute: str, state: ProductState, context: WorkingContext) -> str:
    """Return the address of the field to mend: on this page, or that of the model above."""
    holder = page_of_field(state, attribute)
    place = (context.channel, context.locale) if holder else ("", "")
    return link_to_field(attribute, *place, page=holder)
