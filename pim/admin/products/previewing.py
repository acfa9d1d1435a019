"""A product as it stands in its form, unsaved, handed to what draws pages of it."""

from copy import copy
from dataclasses import replace

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils.module_loading import import_string

from pim.content.kinds import clean
from pim.content.masks import masked_snapshot
from pim.content.refusals import Refused
from pim.content.rights import Level
from pim.published import Published, descendants
from pim.queries.drafts import DraftState, read_drafts
from pim.queries.rights import rights_on

from .form import address_of
from .page import ProductPage
from .save import Edit, read_edit


def preview_view(model_admin, request, pk: int):
    """Answer the preview of a product's page as the form that is posted would have it."""
    page = ProductPage(model_admin, request, pk)
    if not model_admin.has_view_or_change_permission(request, page.product):
        raise PermissionDenied
    draw = import_string(settings.ADMIN_PRODUCT_PREVIEW)
    edit = read_edit(request.POST, page.state, page.context) if page.may_change else Edit(0)
    drafts = family_drafts(page, edit)
    line = tuple(draft.identifier for draft in page.state.whole)
    return draw(request, identifiers=line, drafts=drafts, context=page.context)


def family_drafts(page: ProductPage, edit: Edit) -> dict[int, Published]:
    """Return {id: Published} of the product's family as drafted and edited, nothing hidden in it.

    Variants that the person may not see are left out. Nothing is written.
    """
    line = [draft.id for draft in page.state.whole]
    found = read_drafts([*line, *descendants([line[-1]])])
    found[page.product.pk] = edited(found[page.product.pk], edit, page)
    rights = page.context.rights
    held = rights_on(list(found), rights)
    return {
        pk: _published(draft, masked_snapshot(draft.snapshot(), held[pk], page.structure))
        for pk, draft in found.items()
        if pk in line or held[pk].level >= Level.VIEW
    }


def edited(draft: DraftState, edit: Edit, page: ProductPage) -> DraftState:
    """Return the draft with what was typed; what does not fit its attribute is as it was."""
    result = replace(copy(draft), values={k: dict(v) for k, v in draft.values.items()})
    for code, raw in edit.values.items():
        attribute = page.structure.attributes[code]
        if page.state.level(attribute, page.context) < Level.EDIT:
            continue
        try:
            data = clean(attribute, raw, page.structure)
        except Refused:
            continue
        place = address_of(attribute, page.context)
        slots = dict(result.values.setdefault(place.locale, {}).get(code, {}))
        slots.pop(place.channel, None)
        if data is not None:
            slots[place.channel] = data
        result.values[place.locale][code] = slots
    if page.state.holding.structure >= Level.EDIT:
        result.enabled = edit.parts.get("@enabled", result.enabled)
        result.categories = _known(edit.parts.get("@categories"), result.categories, page)
    return result


def _known(asked, kept: list[str], page: ProductPage) -> list[str]:
    """Return the categories asked for as far as there are such."""
    if not isinstance(asked, list):
        return kept
    return [code for code in asked if code in page.structure.categories]


def _published(draft: DraftState, snapshot: dict) -> Published:
    return Published(
        draft.id, draft.uuid, draft.identifier, draft.role, draft.parent_id, draft.level,
        0, draft.withdrawn, snapshot,
    )  # fmt: skip
