from django.db import migrations, models


def add_rule(apps, schema_editor):
    """Outdated translations count from now on; see docs/quality.md."""
    rule = apps.get_model("pim", "QualityRule")
    if not rule.objects.filter(kind="outdated").exists():
        rule.objects.get_or_create(
            code="translations",
            defaults={
                "kind": "outdated",
                "weight": 10,
                "labels": {"en": "Translations are up to date"},
            },
        )


def drop_old_twins(apps, schema_editor):
    """Scores that name copies in the old way are counted again, as all are."""
    apps.get_model("pim", "Quality").objects.filter(findings__contains=',"duplicate",').delete()


class Migration(migrations.Migration):

    dependencies = [
        ("pim", "0017_saved_by"),
    ]

    operations = [
        migrations.AlterField(
            model_name="qualityrule",
            name="kind",
            field=models.CharField(
                choices=[
                    ("completeness", "Completeness"),
                    ("outdated", "Translations whose source text has changed"),
                    ("length", "Length of texts"),
                    ("forbidden_words", "Forbidden words"),
                    ("duplicate", "Texts that another product has, too"),
                    ("image_resolution", "Pictures too small for print"),
                    ("alt_text", "Pictures without an alternative text"),
                    ("gtin", "Check digit of the GTIN"),
                ],
                max_length=30,
                verbose_name="kind",
            ),
        ),
        migrations.RunPython(add_rule, migrations.RunPython.noop),
        migrations.RunPython(drop_old_twins, migrations.RunPython.noop),
    ]
