"""The talk page of a product: review, comments, tasks and the timeline of all that happened."""

from collections import Counter
from datetime import date

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from pim.actions.approval import slice_of_key
from pim.actions.workflow import (
    add_task,
    ask_review,
    comment,
    decide_review,
    finish_task,
    resolve_comment,
    withdraw_review,
)
from pim.actions.workflow.reviews import APPROVED, REJECTED, may_withdraw
from pim.actions.workflow.tasks import may_finish
from pim.content.diff import flatten
from pim.content.masks import visible_decisions, visible_slices
from pim.content.refusals import InvalidValue, Refused
from pim.content.rights import Level
from pim.models import Comment, Review, Task
from pim.queries.rights import rights_on
from pim.queries.structure import load_structure
from pim.queries.timeline import timeline, visible

from ..context import label_of, working_context
from ..differences import Words, difference_rows, words_for
from ..limits import actor_of, rights_of_request, seen_products
from ..shown import mask_locales
from ..words import action_word
from . import sections
from .form import link_to_field
from .state import load_states

PUBLISH, MODEL_BACKEND = "pim.publish_product", "django.contrib.auth.backends.ModelBackend"
TONES = {"publish": "good", "comment": "info", "review": "warn", "decision": "good", "task": "info"}
WORDS = {
    "comment": _("comment"),
    "review": _("review asked for"),
    "decision": _("review decided"),
    "taken_back": _("review taken back"),
    "task": _("task given"),
    "done": _("task done"),
}


def talk_view(model_admin, request, pk):
    """Show the page; POST adds a comment or a task, asks for a review, or decides one."""
    if not model_admin.has_view_or_change_permission(request):
        raise PermissionDenied
    product = get_object_or_404(seen_products(request).select_related("version"), pk=pk)
    if request.method == "POST":
        _act(request, product)
        return HttpResponseRedirect(request.path)
    structure = load_structure()
    context = working_context(request, structure)
    holding = rights_on([pk], rights_of_request(request))[pk]
    labels = {code: label_of(a, context.locale) for code, a in structure.attributes.items()}
    state = load_states([pk], structure, rights_of_request(request))[pk]
    differences = sections.unpublished_differences(product, state)
    moments = timeline(pk, holding=holding, structure=structure)
    told = [moment.detail for moment in moments if moment.kind != "decision"]
    words = words_for([differences, *told], structure, context.locale)
    comments = product.comments.select_related("author", "resolved_by")
    people = get_user_model().objects.filter(is_active=True, is_staff=True).order_by("username")
    page = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": f"{product.identifier} · {translate('Review and comments')}",
        "product": product,
        # Who may not publish is who asks: everything that the person sees can be asked for.
        "slices": sections.changed_slices(differences, state, context, least=Level.VIEW),
        "reviews": [
            _review(review, state, context, request.user, _by_slice(differences, words))
            for review in product.reviews.filter(state=Review.OPEN).select_related("asked_by")
            if visible_slices(review.slices, holding)
        ],
        "comments": [
            (row, _about(row.key, labels), _field(product, row.key)) for row in comments
            if visible(row.key, holding, structure)
        ],
        "keys": _keys(structure, holding, labels, state),
        "key": request.GET.get("key", ""),
        "tasks": [
            (task, may_finish(task, request.user))
            for task in mask_locales(
                product.tasks.select_related("assignee", "created_by"), request
            )
        ],
        "today": timezone.localdate(),
        "people": people[:500],
        "reviewers": people & get_user_model().objects.with_perm(PUBLISH, backend=MODEL_BACKEND),
        "moments": [
            (m, difference_rows(m.detail, words) if m.kind != "decision" else [],
             TONES.get(m.kind, "quiet"), WORDS.get(m.kind) or action_word(m.kind),
             _slices_of(m, state, context))
            for m in moments
        ],
        "may_publish": request.user.has_perm(PUBLISH),
    }  # fmt: skip
    return TemplateResponse(request, "admin/pim/product/talk.html", page)


def open_talk(product, state) -> dict:
    """Return how many reviews, comments and tasks of a product are open, hidden ones apart.

    `about` is {key of a value: how many of the comments are about it}.
    """
    comments = product.comments.filter(resolved_at=None).values_list("key", flat=True)
    keys = Counter(key for key in comments if visible(key, state.holding, state.structure))
    reviews = product.reviews.filter(state=Review.OPEN)
    return {
        "comments": keys.total(),
        "about": keys,
        "reviews": sum(bool(visible_slices(r.slices, state.holding)) for r in reviews),
        "tasks": product.tasks.filter(done_at=None).count(),
    }


def _by_slice(differences: dict, words: Words) -> dict[str, list[dict]]:
    """Return {"group|locale": rows published → draft}."""
    found: dict[str, dict] = {}
    for key, pair in differences.items():
        found.setdefault("|".join(slice_of_key(key, words.structure)), {})[key] = pair
    return {slot: difference_rows(held, words) for slot, held in found.items()}


def _review(review: Review, state, context, user, rows: dict) -> dict:
    keys = ["|".join(s) for s in visible_slices(review.waiting, state.holding)]
    waiting = [_slice(key, "", state, context) | {"rows": rows.get(key, [])} for key in keys]
    words = visible_decisions(review.decided, state.holding)
    return {
        "row": review,
        "waiting": waiting,
        "decided": [_slice(key, word, state, context) for key, word in words.items()],
        "may": any(one["may"] for one in waiting),
        "may_withdraw": may_withdraw(review, user, state.holding),
    }


def _slices_of(moment, state, context) -> list[dict]:
    """Return the slices that a review asks for, or what was decided on each."""
    if moment.kind == "decision":
        found = moment.detail.items()
    elif moment.kind == "review":
        found = (("|".join(s), "") for s in visible_slices(moment.row.slices, state.holding))
    else:
        found = ()
    return [_slice(key, word, state, context) for key, word in found]


def _slice(key: str, word: str, state, context) -> dict:
    group, _bar, locale = key.partition("|")
    return {
        "key": key,
        "label": sections.slice_label(group, state.structure, context),
        "locale": locale,
        "word": word,
        "may": state.holding.slice(group, locale) >= Level.PUBLISH,
    }


def _about(key: str, labels: dict) -> str:
    attribute, _bar, rest = key.partition("|")
    place = " ".join(part for part in rest.split("|") if part)
    return f"{labels.get(attribute, attribute)} {place}".strip()


def _field(product, key: str) -> str:
    """Return the address of the field that a comment is about."""
    attribute, channel, locale = [*key.split("|"), "", ""][:3]
    page = reverse("admin:pim_product_change", args=[product.pk])
    return link_to_field(attribute, channel, locale, page=page)


def _keys(structure, holding, labels: dict, state) -> list[tuple[str, str]]:
    """Return the values of the product that a comment can be about."""
    keys = [k for k in flatten(state.own.values) if visible(k, holding, structure)]
    return sorted(((key, _about(key, labels)) for key in keys), key=lambda pair: pair[1])


def _act(request, product) -> None:
    given, now = request.POST, timezone.now()
    how = {"user": request.user, "at": now}
    try:
        if "comment" in given:
            comment(product, given.get("text", ""), key=given.get("key", ""), **how)
        elif "resolve" in given:
            row = row_of(Comment, given["resolve"], product=product)
            resolve_comment(row, **how)
        elif "ask" in given:
            _ask(request, product, how)
        elif "decide" in given:
            _decide(request, product, how)
        elif "withdraw" in given:
            row = row_of(Review, given["withdraw"], product=product)
            withdraw_review(row, **how)
        elif "task" in given:
            _task(request, product, how)
        elif "finish" in given:
            finish_task(row_of(Task, given["finish"], product=product), **how)
    except Refused as refusal:
        messages.error(request, refusal.say(translate))


def _ask(request, product, how: dict) -> None:
    slices = [value.split("|", 1) for value in request.POST.getlist("slice")]
    note = request.POST.get("note", "")
    ask_review(product, slices, reviewer=person(request.POST.get("person")), note=note, **how)
    messages.success(request, translate("The review is asked for."))


def _decide(request, product, how: dict) -> None:
    if not request.user.has_perm(PUBLISH):
        raise PermissionDenied
    review = row_of(Review, request.POST["decide"], product=product)
    seen = request.POST.get("version", "")
    word = APPROVED if request.POST.get("word") == APPROVED else REJECTED
    decide_review(
        review, dict.fromkeys(request.POST.getlist("slice"), word), actor=actor_of(request),
        answer=request.POST.get("answer", ""),
        expected=int(seen) if seen.isdecimal() else None, **how,
    )  # fmt: skip
    messages.success(request, translate("Decided; what is approved is published."))


def _task(request, product, how: dict) -> None:
    due = parse_day(request.POST.get("due_on"))
    add_task(
        request.POST.get("title", ""),
        assignee=person(request.POST.get("person")),
        product=product,
        due_on=due,
        **how,
    )
    messages.success(request, translate("The task is given."))


def parse_day(text: str | None) -> date | None:
    """Return the day of a form, None for none; raise `InvalidValue`."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidValue(code="bad_date", field="due_on") from None


def row_of(model, pk: str, **which):
    """Return the row that a form names; 404 for what is no number, too."""
    if not pk.isdecimal():
        raise Http404
    return get_object_or_404(model, pk=int(pk), **which)


def person(name):
    """Return the active user of that name, None for none."""
    return get_user_model().objects.filter(username=name or "", is_active=True).first()
