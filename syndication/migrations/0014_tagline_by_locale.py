"""The tagline of a brand in each language: the one for all becomes that of the languages that
fall back to no other, so that every reader still meets it.
"""

from django.db import migrations


def by_locale(apps, schema_editor):
    """Keep the texts there are, in use, drafted and in the history."""
    roots = list(
        apps.get_model("pim", "Locale").objects.filter(fallback=None).values_list("code", flat=True)
    )
    _each(apps, lambda said: dict.fromkeys(roots, said) if said else {}, kind=str)


def in_one(apps, schema_editor):
    """Keep one text of several: the first."""
    _each(apps, lambda said: next(iter(said.values()), ""), kind=dict)


def _each(apps, turn, *, kind):
    for model, fields in (("Brand", ("tokens", "draft")), ("BrandChange", ("tokens",))):
        for row in apps.get_model("syndication", model).objects.all():
            for name in fields:
                held = getattr(row, name)
                if isinstance(held.get("tagline"), kind):
                    held["tagline"] = turn(held["tagline"])
            row.save(update_fields=fields)


class Migration(migrations.Migration):
    dependencies = [
        ("pim", "0001_initial"),
        ("syndication", "0013_delivery_cause_params"),
    ]

    operations = [migrations.RunPython(by_locale, in_one)]
