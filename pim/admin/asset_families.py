"""Admin page of asset families: their naming rule, and what it makes of names that are there."""

from pathlib import Path

from django.contrib import admin
from django.contrib.admin import display
from django.core.exceptions import ValidationError
from django.utils.html import format_html_join
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from pim.actions.attaching import save_pattern
from pim.content.naming import read_name
from pim.content.refusals import Refused
from pim.models import AssetFamily

from .base import StructureAdmin
from .grid import GridField
from .limits import seen_count, seen_media
from .record_fields import FIELD_KINDS, FieldsForm, field_columns
from .shown import shown

EXAMPLES, LOOKED_AT = 8, 500


class AssetFamilyForm(FieldsForm):
    """A family whose rule can be read and leads somewhere, and the fields of its assets."""

    record_fields = GridField(
        label=_("Fields"),
        columns=field_columns([kind for kind in FIELD_KINDS if kind[0] != "media"]),
        help_text=_("What its assets say beside alternative text and caption."),
    )

    class Meta:
        model = AssetFamily
        fields = ("code labels pattern attribute licence author days_valid sort_order").split()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "pattern" not in self.fields:
            return  # the page is only read
        self.fields["pattern"].help_text = _(
            "How files are named, without the ending: {identifier}_{position}. Places are "
            "{identifier}, {attribute}, {locale}, {channel}, {position}, and {any} for what means "
            "nothing."
        )

    def clean(self):
        cleaned = super().clean()
        wished = AssetFamily(
            pattern=cleaned.get("pattern") or "", attribute=cleaned.get("attribute")
        )
        try:
            save_pattern(wished)
        except Refused as refusal:
            raise ValidationError({refusal.field: refusal.say(translate)}) from None
        return cleaned


@admin.register(AssetFamily)
class AssetFamilyAdmin(StructureAdmin):
    """Sorts of assets, their naming rules and their rights."""

    log_kind = "asset_family"
    form = AssetFamilyForm
    list_display = ("name", "code", "pattern", "goes_into", "size", "sort_order")
    list_select_related = ("attribute",)
    search_fields = ("code", "labels")
    autocomplete_fields = ("attribute",)
    fields = (
        "code",
        "labels",
        "pattern",
        "attribute",
        "examples",
        "record_fields",
        "field_options",
        "licence",
        "author",
        "days_valid",
        "sort_order",
    )
    readonly_fields = ("examples",)

    def get_queryset(self, request):
        counted = seen_count(request, "assets", of=seen_media)
        return super().get_queryset(request).annotate(held=counted)

    def get_object(self, request, object_id, from_field=None):
        """The family, with the assets that the person may see for its examples."""
        family = super().get_object(request, object_id, from_field)
        if family is not None:
            family.looked_at = seen_media(request)
        return family

    @display(description=_("goes into"), ordering="attribute")
    def goes_into(self, obj):
        named = obj.attribute
        return named.label() if named and shown(obj, "attribute", named.code) else "–"

    @display(description=_("assets"), ordering="held")
    def size(self, obj):
        return obj.held

    @display(description=_("what the rule makes of names"))
    def examples(self, obj):
        """Names of the newest assets, and the product that each would go to."""
        if not obj.pattern:
            return "–"
        names = obj.looked_at.order_by("-id").values_list("filename", flat=True)[:LOOKED_AT]
        found = [(name, read_name(Path(name).stem, obj.pattern)) for name in names]
        fitting = [(name, named.identifier) for name, named in found if named][:EXAMPLES]
        if not fitting:
            return translate("It fits none of the newest assets.")
        return format_html_join("", "<div><code>{}</code> → <b>{}</b></div>", fitting)
