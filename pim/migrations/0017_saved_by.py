from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [('pim', '0016_import_profiles')]

    operations = [
        migrations.AddField(
            model_name="job",
            name="machine",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.RenameField("exportprofile", "created_by", "saved_by"),
        migrations.RenameField("importprofile", "created_by", "saved_by"),
    ]
