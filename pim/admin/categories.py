"""The category tree page: expand, add a child, move by keyboard, button or drag."""

from django.contrib import admin
from django.contrib.admin import display
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from pim.actions.categories import place_category
from pim.content.refusals import Refused
from pim.content.seen import shown_categories
from pim.models import Category, Product
from pim.queries.structure import load_structure

from .base import StructureAdmin
from .limits import (
    actor_of,
    rights_of_request,
    seen_by_product,
    seen_count,
)
from .pictures import only_pictures, picture
from .prose import prose_media

LIST_PARAMETERS = {"q", "list", "p", "o", "_changelist_filters"}


@admin.register(Category)
class CategoryAdmin(StructureAdmin):
    """Category trees as trees; a search shows a plain list."""

    log_kind = "category"
    list_display = ("name", "code", "parent", "products_count")
    list_select_related = ("parent",)
    search_fields = ("code", "labels")
    fields = ("code", "labels", "parent", "image", "picture_shown", "intro")
    readonly_fields = ("picture_shown",)
    autocomplete_fields = ("parent", "image")

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(size=seen_count(request, "products"))

    @display(description=_("products"), ordering="size")
    def products_count(self, obj):
        return obj.size

    @display(description=_("preview"))
    def picture_shown(self, obj):
        return picture(obj)

    def render_change_form(self, request, context, **kwargs):
        # Beside the form's own: the editor's scripts carry the nonce of this very page.
        context["media"] = mark_safe(f"{context['media']}{prose_media(request)}")
        return super().render_change_form(request, context, **kwargs)

    def get_urls(self):
        wrap = self.admin_site.admin_view
        mine = [
            path("branch/", wrap(self.branch), name="pim_category_branch"),
            path("<int:pk>/place/", wrap(self.place), name="pim_category_place"),
        ]
        return mine + super().get_urls()

    def changelist_view(self, request, extra_context=None):
        """Show the trees, unless somebody searches or picks for a popup."""
        if request.method == "POST" or "_popup" in request.GET:
            return super().changelist_view(request, extra_context)
        if LIST_PARAMETERS & set(request.GET):
            return super().changelist_view(request, extra_context)
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": translate("Categories"),
            "opts": self.opts,
            "nodes": branch(None, request),
            "may_add": self.has_add_permission(request),
            "may_move": self.has_change_permission(request),
            "add_url": reverse("admin:pim_category_add"),
        }
        return TemplateResponse(request, "admin/pim/category_tree.html", context)

    def branch(self, request):
        """Answer the children of one category as list items."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        parent = get_object_or_404(Category, pk=request.GET.get("of"))
        context = {
            "nodes": branch(parent, request),
            "may_add": self.has_add_permission(request),
            "may_move": self.has_change_permission(request),
        }
        return HttpResponse(render_to_string("admin/pim/category_branch.html", context, request))

    def place(self, request, pk):
        """Move one category; answers 409 with the reason when it cannot stand there."""
        if request.method != "POST" or not self.has_change_permission(request):
            raise PermissionDenied
        category = get_object_or_404(Category, pk=pk)
        parent = Category.objects.filter(pk=request.POST.get("parent") or 0).first()
        before = Category.objects.filter(pk=request.POST.get("before") or 0).first()
        try:
            place_category(
                category,
                parent=parent,
                before=before,
                actor=actor_of(request),
                at=timezone.now(),
            )
        except Refused as refused:
            return JsonResponse({"message": refused.say(translate)}, status=409)
        return JsonResponse({"ok": True})

    def save_model(self, request, obj, form, change):
        """A saved parent is a move: the path of the subtree follows."""
        parent, obj.parent = obj.parent, None if not change else obj.parent
        super().save_model(request, obj, form, change)
        if not change or "parent" in form.changed_data:
            fresh = Category.objects.get(pk=obj.pk)
            place_category(fresh, parent=parent, actor=actor_of(request), at=timezone.now())
            obj.parent, obj.path = parent, fresh.path

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        only_pictures(form)
        parent = form.base_fields.get("parent")
        if obj and parent:
            parent.queryset = Category.objects.exclude(path__startswith=obj.path or "\0")
        return form

    def response_add(self, request, obj, post_url_continue=None):
        if "_popup" in request.POST or "_continue" in request.POST or "_addanother" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        return redirect(f"{reverse('admin:pim_category_changelist')}#category-{obj.pk}")


def seen_children(request, parent):
    """Return the children of a category (None: the trees) that lead to what may be seen."""
    children = Category.objects.filter(parent=parent).order_by("sort_order", "code")
    rights = rights_of_request(request)
    if rights.unlimited:
        return children
    return children.filter(code__in=shown_categories(load_structure(), rights))


def branch(parent, request) -> list[dict]:
    """Return the children of a category (None: the trees) with the counts of their subtrees."""
    deeper = Exists(Category.objects.filter(parent=OuterRef("pk")))
    nodes = list(seen_children(request, parent).annotate(deeper=deeper))
    counts = subtree_counts(nodes, request)
    return [{"category": node, "deeper": node.deeper, "count": counts[node.pk]} for node in nodes]


def subtree_counts(nodes, request) -> dict[int, int]:
    """Return {category id: how many products are seen in its subtree}, fifty at a query."""
    if not nodes:
        return {}
    held = seen_by_product(request, Product.categories.through.objects.all())
    found: dict[str, int] = {}
    for start in range(0, len(nodes), 50):
        found |= held.aggregate(
            **{
                f"n{node.pk}": Count(
                    "product", distinct=True, filter=Q(category__path__startswith=node.path)
                )
                for node in nodes[start : start + 50]
            }
        )
    return {node.pk: found[f"n{node.pk}"] for node in nodes}
