"""Which products use which media: rows of the index, one per medium of a draft."""

from django.db import migrations
from django.db.models import Q, TextField
from django.db.models.functions import Cast

_CHUNK = 2_000


def index_media(apps, schema_editor):
    """Put the media of all drafts into the index, in place of the rows that there were."""
    attribute, draft = apps.get_model("pim", "Attribute"), apps.get_model("pim", "Draft")
    index = apps.get_model("pim", "FilterValue")
    published = apps.get_model("pim", "PublishedFilterValue")
    media = dict(attribute.objects.filter(kind="media").values_list("code", "id"))
    for model in (index, published):
        model.objects.filter(attribute_id__in=media.values()).delete()
    held = Q(pk__in=[])
    for code in media:
        held |= Q(written__contains=f'"{code}":')
    drafts = draft.objects.annotate(written=Cast("values", TextField())).order_by("id")
    rows, last = drafts.filter(held).only("id", "product_id", "locale", "values"), 0
    while found := list(rows.filter(id__gt=last)[:_CHUNK]):
        made = [index(**row) for one in found for row in _rows(one, media)]
        index.objects.bulk_create(made, batch_size=_CHUNK)
        last = found[-1].id


def _rows(draft, media):
    """Yield the rows of one draft; a state such as *empty on purpose* has no text."""
    for code in media.keys() & draft.values.keys():
        for channel, data in draft.values[code].items():
            place = {"product_id": draft.product_id, "attribute_id": media[code]}
            place |= {"locale": draft.locale, "channel": channel}
            for text in data if isinstance(data, list) else [""]:
                yield place | {"text": text[:255]}


class Migration(migrations.Migration):
    dependencies = [("pim", "0030_upload_place")]

    operations = [migrations.RunPython(index_media, migrations.RunPython.noop)]
