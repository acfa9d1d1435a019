"""Why items are left out of an edition, or warned of: reasons with how many, and what helps."""

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _

from syndication.models import Edition, ItemError
from syndication.registry import output_kind

from .listings import reason_texts

EXAMPLES = 3  # items that are named of each reason
LOOKED_AT = 8  # times as many errors: an item may have several
NO_PICTURE = _(
    "Add a picture to the product or to its model. One whose rights have ended is shown again "
    "when they are prolonged."
)
# What any kind may meet; a kind's own `cures` go first.
CURES = {
    "missing_image": NO_PICTURE,
    "missing_description": _("Fill the description in this language."),
    "no_prices": _(
        "Give the products prices in this currency, choose another one in the output, or let it "
        "show no prices."
    ),
    "picture_missing": NO_PICTURE,
    "picture_unusable": _("Replace the picture by a JPEG, PNG or WebP that opens elsewhere."),
    "bad_image": _("Replace the picture by a JPEG, PNG or WebP that opens elsewhere."),
    "text_shortened": _("Write a shorter text for this channel, or choose fewer products a page."),
    "characters_left_out": _("Take emoji and control characters out of the text."),
    "characters_without_glyph": _("Use other characters: no font at hand can print these."),
    "render_error": _("Look into the log of the worker; the product’s data is not what is wrong."),
    "render_crash": _("Look into the log of the worker; a damaged file may be the reason."),
    "timeout": _("Look for very long texts or very large files of the product."),
    "oom": _("Look for very long texts or very large files of the product."),
}


def reasons(edition: Edition, errors) -> list[dict]:
    """Return [{severity, code, count, examples, cure}] of an edition's item errors `errors`.

    Errors come first, the most frequent before others. `examples` are the item errors of a few
    such items. Warnings are counted whole, though only the first of each are kept as rows.
    """
    rows = list(errors.order_by().values("severity", "code").annotate(count=Count("id")))
    examples = _examples(errors)
    cures, counted = CURES | _cures(edition), edition.counts.get("warnings_by") or {}
    for row in rows:
        row["examples"] = examples[row["severity"], row["code"]]
        row["cure"] = cures.get(row["code"], "")
        if row["severity"] == "warning":
            row["count"] = max(row["count"], counted.get(row["code"], 0))
    return sorted(rows, key=lambda row: (row["severity"] != "error", -row["count"], row["code"]))


def _examples(errors) -> dict[tuple[str, str], list[ItemError]]:
    """Return the first errors of each severity and code, one of an item."""
    numbered = errors.order_by().annotate(
        nth=Window(RowNumber(), partition_by=[F("severity"), F("code")], order_by=F("id").asc())
    )
    found: dict[tuple[str, str], list[ItemError]] = {}
    for error in numbered.filter(nth__lte=EXAMPLES * LOOKED_AT).order_by("id"):
        rows = found.setdefault((error.severity, error.code), [])
        if len(rows) < EXAMPLES and error.identifier not in {row.identifier for row in rows}:
            rows.append(error)
    return found


def exclusions(edition: Edition) -> list[tuple[str, int]]:
    """Return why listings were not meant for the edition, in words, with how many."""
    counted = (edition.counts.get("excluded_by") or {}).items()
    return [
        (reason_texts([{"code": code.removeprefix("withheld:")}])[0], number)
        for code, number in sorted(counted)
    ]


def _cures(edition: Edition) -> dict:
    try:
        return dict(output_kind(edition.settings.get("kind") or edition.output.kind).cures)
    except (KeyError, ImportError, AttributeError):
        return {}
