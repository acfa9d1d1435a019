"""The translators' desk: texts of a locale that wait, side by side with their source."""

from difflib import SequenceMatcher
from itertools import islice
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from pim.actions.translation import (
    FORMATS,
    Translated,
    machine,
    queue_export,
    queue_learning,
    queue_machine,
    queue_return,
    write_translations,
)
from pim.actions.writing.batch import is_uuid
from pim.content.kinds.texts import plain_text
from pim.content.refusals import Refused
from pim.content.rights import Level, Rights
from pim.content.structure import Structure
from pim.models import OutdatedTranslation, Product
from pim.queries.rights import visible_products
from pim.queries.structure import load_structure
from pim.queries.translations import (
    CURRENT,
    MISSING,
    OUTDATED,
    Proposal,
    Unit,
    proposals,
    units,
)
from pim.tasks import ring_jobs

from ..context import label_of, working_context
from ..limits import actor_of, rights_of_request
from ..prose import prose_config, prose_media

SHOWN, LOOKED_AT = 20, 3000
STATE_WORDS = {MISSING: _("Missing"), OUTDATED: _("Outdated"), CURRENT: _("Current")}
TONES = {MISSING: "warn", OUTDATED: "info", CURRENT: "good"}


def translate_view(model_admin, request):
    """Show a page of texts to translate; POST saves them, or queues a file or a machine."""
    if not model_admin.has_view_or_change_permission(request):
        raise PermissionDenied
    structure = load_structure()
    targets = _targets(request, structure)
    target = request.GET.get("target", "")
    if targets and target not in targets:
        target = _nearest(targets, working_context(request, structure).locale)
    state = request.GET.get("state", "")
    state = state if state in STATE_WORDS else ""
    refused: dict[str, Translated] = {}
    if request.method == "POST" and target:
        if not model_admin.has_change_permission(request):
            raise PermissionDenied
        answer, refused = _act(request, structure, target)
        if answer:
            return answer
    shown, following = _page(request, structure, target, state) if target else ([], None)
    chosen = {"target": target, "state": state, "q": request.GET.get("q", "")}
    rights = rights_of_request(request)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": translate("Translation"),
        "targets": targets,
        "target": target,
        "source": structure.locales[target].source if target else "",
        "state": state,
        "states": list(STATE_WORDS.items()),
        "rows": [
            _row(unit, structure, target, refused, found)
            for unit, found in _proposed(shown, structure, target, rights)
        ],
        "next": following and f"?{urlencode({**chosen, **following})}",
        "outdated": OutdatedTranslation.objects.filter(locale=target).count() if target else 0,
        "formats": FORMATS,
        "has_machine": machine() is not None,
        "may_change": model_admin.has_change_permission(request),
        "prose_config": prose_config(),
        "media": prose_media(request),
        "words": chosen["q"],
    }
    return TemplateResponse(request, "admin/pim/product/translate.html", context)


def _targets(request, structure: Structure) -> list[str]:
    """Return the locales that are translated and that the person may edit."""
    rights = rights_of_request(request)
    return [
        code
        for code, locale in structure.locales.items()
        if locale.enabled and locale.source and rights.locale(code) >= Level.EDIT
    ]


def _nearest(targets: list[str], locale: str) -> str:
    return locale if locale in targets else targets[0]


def _page(request, structure, target: str, state: str) -> tuple[list[Unit], dict | None]:
    """Return (the next texts that wait, where to go on)."""
    rights = rights_of_request(request)
    source = structure.locales[target].source
    after = request.GET.get("after", "0")
    products = visible_products(Product.objects.all(), rights).filter(
        id__gt=int(after) if after.isdigit() else 0
    )
    if words := request.GET.get("q", "").strip():
        products = products.filter(identifier__icontains=words)
    if state == OUTDATED:
        waiting = OutdatedTranslation.objects.filter(locale=target)
        products = products.filter(id__in=waiting.values("product_id"))
    ids = list(products.order_by("id").values_list("id", flat=True)[:LOOKED_AT])
    states = (state,) if state else (MISSING, OUTDATED)
    found = units(ids, source=source, target=target, states=states, rights=rights)
    shown = list(islice(found, SHOWN))
    # A product's texts stay together: the last one is shown whole or not at all.
    if len(shown) == SHOWN and shown[0].product != shown[-1].product:
        last = shown[-1].product
        shown = [unit for unit in shown if unit.product != last]
    if len(shown) < SHOWN and len(ids) < LOOKED_AT and not next(found, None):
        return shown, None
    return shown, {"after": shown[-1].product if shown else ids[-1]}


def _proposed(
    shown: list[Unit], structure: Structure, target: str, rights: Rights
) -> list[tuple[Unit, list[Proposal]]]:
    """Return each text with what the memory proposes for it, nothing where it is current."""
    source = structure.locales[target].source if target else ""
    waiting = [unit for unit in shown if unit.state != CURRENT]
    found = iter(proposals(waiting, source=source, target=target, rights=rights))
    return [(unit, [] if unit.state == CURRENT else next(found)) for unit in shown]


def _row(
    unit: Unit, structure: Structure, target: str, refused: dict, proposed: list[Proposal]
) -> dict:
    attribute = structure.attributes[unit.attribute]
    name = f"{unit.uuid}:{unit.key}"
    failed = refused.get(name)
    return {
        "unit": unit,
        "name": name,
        "label": label_of(attribute, target),
        "source": plain_text(unit.source) if unit.rich else unit.source,
        "text": failed.text if failed else unit.target,
        "error": failed.refusal.say(translate) if failed and failed.refusal else "",
        "chip": STATE_WORDS[unit.state],
        "tone": TONES[unit.state],
        "long": attribute.kind != "text",
        "changed": _marked(unit) if unit.before else "",
        "limit": attribute.rules.get("max_length") or "",
        "proposals": [(alike, text) for alike, _source, text in proposed],
    }


def _marked(unit: Unit) -> str:
    """Return the source with what was taken out and put in since it was translated."""
    texts = (plain_text(t) if unit.rich else t for t in (unit.before, unit.source))
    before, after = (text.split() for text in texts)
    out = []
    for step, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, come = escape(" ".join(before[a:b])), escape(" ".join(after[c:d]))
        if step == "equal":
            out.append(come)
        else:
            out += [f"<del>{gone}</del>"] if gone else []
            out += [f"<ins>{come}</ins>"] if come else []
    return mark_safe(" ".join(out))


def _act(request, structure: Structure, target: str) -> tuple:
    """Do what was asked; return (where to go, texts that were refused)."""
    how = {"user": request.user, "actor": request.user.get_username()}
    try:
        if "export" in request.POST:
            return _queued(_export(request, target, how)), {}
        if "machine" in request.POST:
            return _queued(queue_machine({"all": True}, target=target, **how)), {}
        if "learn" in request.POST:
            return _queued(queue_learning(**how)), {}
        if "return" in request.POST and request.FILES.get("file"):
            return _queued(queue_return(request.FILES["file"], **how)), {}
    except Refused as refusal:
        messages.error(request, refusal.say(translate))
        return HttpResponseRedirect(request.get_full_path()), {}
    return _save(request, structure, target)


def _export(request, target: str, how: dict):
    """Queue the file of what the page lists: its state, and its words of the identifier."""
    words, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    named = {"search": {"identifier": [{"operator": "CONTAINS", "value": words}]}}
    return queue_export(
        named if words else {"all": True},
        target=target,
        form=request.POST.get("format", "xliff-2.1"),
        states=[state] if state in STATE_WORDS else None,
        **how,
    )


def _queued(job) -> HttpResponseRedirect:
    ring_jobs(job.pk)
    return HttpResponseRedirect(reverse("admin:pim_job_change", args=[job.pk]))


def _save(request, structure: Structure, target: str) -> tuple:
    """Save what was typed and what was confirmed; what is refused stays on the page."""
    source = structure.locales[target].source
    typed = {k[2:]: v.strip() for k, v in request.POST.items() if k.startswith("t:")}
    confirmed = {k[3:] for k in request.POST if k.startswith("ok:")}
    uuids = {u for name in typed if is_uuid(u := name.split(":", 1)[0])}
    ids = Product.objects.filter(uuid__in=uuids).values_list("id", flat=True)
    known = {
        f"{unit.uuid}:{unit.key}": unit
        for unit in units(
            list(ids), source=source, target=target, states=tuple(STATE_WORDS),
            rights=rights_of_request(request),
        )
    }  # fmt: skip
    wanted = [
        Translated(known[name], text)
        for name, text in typed.items()
        if name in known and text and (text != known[name].target or name in confirmed)
    ]
    done = write_translations(
        wanted, source=source, target=target, actor=actor_of(request), at=timezone.now()
    )
    saved = sum(one.outcome == "changed" for one in done)
    refused = {f"{one.unit.uuid}:{one.unit.key}": one for one in done if one.outcome == "refused"}
    if saved:
        messages.success(request, translate("%(count)s texts were saved.") % {"count": saved})
    if refused:
        words = translate("%(count)s texts were not saved: see below.")
        messages.error(request, words % {"count": len(refused)})
        return None, refused
    return HttpResponseRedirect(request.get_full_path()), {}
