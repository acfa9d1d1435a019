"""Live previews on the desk: of a product's page while it is edited, of an output's pages."""

import base64
import json
import time

from django.http import JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as translate

from syndication.actions.previews import Drawn, Wish, draw_preview, previewable
from syndication.actions.served import wake_for
from syndication.contract import said
from syndication.models import Output
from syndication.queries.reach import rights_of, seen_outputs
from syndication.refusals import Refused

from .base import kind_label

MOST_NOTES = 6
MOST_PRODUCTS = 2000


def previewed_outputs(rights, *, channel: str, locale: str) -> list[Output]:
    """Return the outputs that a product can be looked at in, those of the channel first."""
    rows = seen_outputs(rights, Output.objects.filter(enabled=True).select_related("brand"))
    found = [o for o in rows if locale in o.locales and rights.locale(locale) and previewable(o)]
    return sorted(found, key=lambda o: (o.channel != channel, o.name))


def preview_panel(product, *, context, request):
    """Return the panel of a product's page that shows it in print as the form has it."""
    outputs = previewed_outputs(context.rights, channel=context.channel, locale=context.locale)
    if not outputs:
        return ""
    wake_for(outputs[0].kind, context.locale)
    rows = [(output.code, f"{output.name} · {kind_label(output.kind)}") for output in outputs]
    values = {"outputs": rows, "product": product}
    return render_to_string("admin/syndication/product_preview.html", values, request)


def product_preview(request, *, identifiers: tuple, drafts: dict, context) -> JsonResponse:
    """Answer the preview of a product's family in the output that is asked for."""
    outputs = previewed_outputs(context.rights, channel=context.channel, locale=context.locale)
    asked = request.POST.get("preview_output", "")
    output = next((o for o in outputs if o.code == asked), outputs[0] if outputs else None)
    if output is None:
        return JsonResponse({"error": translate("No output shows this product.")})
    wish = Wish(
        output,
        context.locale,
        focus=identifiers,
        drafts=drafts,
        page=page_of(request),
        spread=request.POST.get("preview_spread") == "1",
        width=width_of(request),
        who=who_of(request),
    )
    return answer(wish, rights=context.rights)


def output_preview(request, output: Output, form) -> JsonResponse:
    """Answer a page of an output with the options as the posted form has them."""
    form.full_clean()
    locale = request.POST.get("preview_locale", "")
    wish = Wish(
        output,
        locale if locale in output.locales else next(iter(output.locales), ""),
        focus=(request.POST.get("preview_product", "")[:255],),
        page=page_of(request),
        spread=request.POST.get("preview_spread") == "1",
        width=width_of(request),
        who=who_of(request),
        options=form.options_chosen(),
        brand=chosen.tokens if (chosen := form.cleaned_data.get("brand")) else None,
    )
    return answer(wish, rights=rights_of(request.user))


def answer(wish: Wish, *, rights) -> JsonResponse:
    """Answer the drawn pages, or why there are none."""
    started = time.perf_counter()
    try:
        drawn = draw_preview(wish, rights=rights, at=timezone.now())
    except Refused as refused:
        return JsonResponse({"error": refused.say(translate)})
    response = JsonResponse(
        {
            "pictures": [picture_url(payload) for payload in drawn.pictures],
            "pages": drawn.pages,
            "shown": drawn.shown,
            "products": drawn.products[:MOST_PRODUCTS],
            "notes": _notes(drawn, wish),
            "seconds": round(time.perf_counter() - started, 2),
        }
    )
    response["Cache-Control"] = "no-store"
    return response


def picture_url(payload: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(payload).decode()


def _notes(drawn: Drawn, wish: Wish) -> list[str]:
    """Return what must be said beside the picture: warnings of the product, what is missing."""
    mine = [row for row in drawn.refusals if not wish.drafts or row[0] in wish.focus]
    told = [(row[0], said(row[3], row[5], translate)) for row in mine[:MOST_NOTES]]
    notes = [f"{name}: {text}" if name else text for name, text in told]
    if drawn.alone:
        notes.append(translate("Other products of the page are left out here."))
    return notes


def page_of(request) -> int:
    """Return the page that is asked for, 0 for that of the product."""
    text = request.POST.get("preview_page", "")
    return min(int(text), 100_000) if text.isascii() and text.isdigit() else 0


def who_of(request) -> str:
    """Return who looks and where: what they ask for next ends what is still drawn for them."""
    token = request.POST.get("preview_token", "")[:40]
    return f"{request.user.pk}:{token}" if token else ""


def width_of(request) -> int:
    text = request.POST.get("preview_width", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 900


def loads(text: str):
    """Return parsed JSON, None for anything else."""
    try:
        return json.loads(text)
    except ValueError:
        return None
