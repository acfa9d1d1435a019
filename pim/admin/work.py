"""My work: reviews to decide, tasks to do, and what people have told me."""

from django.contrib import admin
from django.contrib.admin import display
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from pim.actions.workflow import finish_task
from pim.actions.workflow.notices import mark_read
from pim.content.rights import Level
from pim.models import Notice, Review, Task
from pim.queries.rights import rights_on

from .base import PimModelAdmin, ReadOnly, chip
from .limits import rights_of_request, seen_products
from .shown import SlicesChangeList, hides, mask_locales, mask_slices

SHOWN = 50
LOOKED_AT = 500
FEW = 4


@admin.register(Task)
class TaskAdmin(PimModelAdmin):
    """Tasks of everybody, and the page of one's own work."""

    list_display = ("title", "product_link", "assignee", "due_on", "state", "created_by")
    list_filter = (("done_at", admin.EmptyFieldListFilter), "assignee")
    list_select_related = ("product", "assignee", "created_by")
    search_fields = ("title", "product__identifier")
    autocomplete_fields = ("product",)
    fields = ("title", "note", "product", "locale", "assignee", "due_on")

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [path("mine/", wrap(self.mine), name="pim_task_mine"), *super().get_urls()]

    def get_queryset(self, request):
        seen = Q(product=None) | Q(product__in=seen_products(request))
        return super().get_queryset(request).filter(seen)

    def get_object(self, request, object_id, from_field=None):
        """The task; the language is told to who sees it."""
        task = super().get_object(request, object_id, from_field)
        if task is not None and task.locale in hides(request, "locale"):
            task.unseen, task.locale = task.locale, ""
        return task

    def save_model(self, request, obj, form, change):
        obj.locale = obj.locale or getattr(obj, "unseen", "")
        if not change:
            obj.created_by, obj.created_at = request.user, timezone.now()
        super().save_model(request, obj, form, change)

    def mine(self, request):
        """Everything that waits for the person who is logged in."""
        if not request.user.is_staff:
            raise PermissionDenied
        if request.method == "POST":
            return self._act(request)
        seen = Q(product=None) | Q(product__in=seen_products(request))
        asked = Review.objects.filter(seen, asked_by=request.user, state=Review.OPEN)
        notices = Notice.objects.filter(seen, user=request.user)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts if self.has_view_permission(request) else None,
            "title": translate("My work"),
            "tasks": mask_locales(_tasks(request)[:SHOWN], request),
            "reviews": _reviews(request),
            "asked": asked.select_related("product", "reviewer")[:SHOWN],
            "notices": notices.select_related("product")[:SHOWN],
            "today": timezone.localdate(),
        }
        return TemplateResponse(request, "admin/pim/work.html", context)

    def _act(self, request):
        now = timezone.now()
        if "read" in request.POST:
            mark_read(request.user, at=now)
        elif "finish" in request.POST:
            task = get_object_or_404(Task, pk=request.POST["finish"], assignee=request.user)
            finish_task(task, user=request.user, at=now)
        return HttpResponseRedirect(request.path)

    @display(description=_("product"), ordering="product__identifier")
    def product_link(self, obj):
        if obj.product is None:
            return "–"
        url = reverse("admin:pim_product_talk", args=[obj.product_id])
        return format_html('<a class="pm-link" href="{}">{}</a>', url, obj.product.identifier)

    @display(description=_("state"), ordering="done_at")
    def state(self, obj):
        if obj.done_at:
            return chip(_("done"), "good")
        late = obj.due_on and obj.due_on < timezone.localdate()
        return chip(_("overdue"), "bad") if late else chip(_("open"), "info")


@admin.register(Review)
class ReviewAdmin(ReadOnly, PimModelAdmin):
    """All reviews; they are decided on the talk page of their product."""

    list_display = ("product_link", "what", "asked_by", "reviewer", "state", "asked_at")
    list_filter = ("state",)
    list_select_related = ("product", "asked_by", "reviewer")
    search_fields = ("product__identifier",)
    list_display_links = None

    def get_queryset(self, request):
        return super().get_queryset(request).filter(product__in=seen_products(request))

    def get_changelist(self, request, **kwargs):
        return SlicesChangeList

    def get_object(self, request, object_id, from_field=None):
        found = super().get_object(request, object_id, from_field)
        return found and mask_slices([found], request)[0]

    @display(description=_("product"), ordering="product__identifier")
    def product_link(self, obj):
        url = reverse("admin:pim_product_talk", args=[obj.product_id])
        return format_html('<a class="pm-link" href="{}">{}</a>', url, obj.product.identifier)

    @display(description=_("slices"))
    def what(self, obj):
        return ", ".join(f"{group.lstrip('@')} {locale}".strip() for group, locale in obj.slices)


def waiting_for(request) -> dict:
    """Return the first reviews to decide and tasks to do of the person, for the overview."""
    reviews, tasks = _reviews(request)[:FEW], list(_tasks(request)[:FEW])
    today = timezone.localdate()
    return {"reviews": reviews, "tasks": tasks, "today": today, "any": bool(reviews or tasks)}


def _tasks(request):
    """Return the open tasks of the person."""
    seen = Q(product=None) | Q(product__in=seen_products(request))
    own = Task.objects.filter(seen, assignee=request.user, done_at=None)
    return own.select_related("product", "created_by")


def _reviews(request) -> list[Review]:
    """Return open reviews: those addressed to the person, and those to nobody they may decide."""
    mine = Q(reviewer=request.user)
    if request.user.has_perm("pim.publish_product"):
        mine |= Q(reviewer=None)
    rows = Review.objects.filter(mine, state=Review.OPEN, product__in=seen_products(request))
    found = list(rows.select_related("product", "asked_by")[:LOOKED_AT])
    held = rights_on({row.product_id for row in found}, rights_of_request(request))
    least = {row.pk: Level.VIEW if row.reviewer_id else Level.PUBLISH for row in found}
    return [
        row for row in found
        if any(held[row.product_id].slice(*s) >= least[row.pk] for s in row.waiting)
    ][:SHOWN]  # fmt: skip


def unread(request) -> str:
    """Return the number of unread notices for the sidebar, "" for none."""
    count = Notice.objects.filter(user=request.user, read_at=None).count()
    return str(count) if count else ""
