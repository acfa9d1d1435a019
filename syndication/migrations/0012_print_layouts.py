"""Catalogues that said how many products stand on a page name the layout instead."""

from django.db import migrations

LAYOUTS = {"2": "two", "4": "four", "6": "six"}


def name_layouts(apps, schema_editor):
    outputs = apps.get_model("syndication", "Output").objects.filter(kind="catalogue")
    for output in outputs:
        if "per_page" in output.options:
            number = str(output.options.pop("per_page"))
            output.options.setdefault("layout", LAYOUTS.get(number, "six"))
            output.save(update_fields=["options"])


def name_numbers(apps, schema_editor):
    numbers = {layout: number for number, layout in LAYOUTS.items()}
    for output in apps.get_model("syndication", "Output").objects.filter(kind="catalogue"):
        if "layout" in output.options:
            output.options["per_page"] = numbers.get(output.options.pop("layout"), "6")
            output.save(update_fields=["options"])


class Migration(migrations.Migration):
    dependencies = [("syndication", "0011_page_comments")]

    operations = [migrations.RunPython(name_layouts, name_numbers)]
