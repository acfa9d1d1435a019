import django.db.models

import pim.models.jobs
from django.db import migrations


class Migration(migrations.Migration):
    """Uploads keep their names; the column stays as it is, so no table is touched."""

    dependencies = [("pim", "0029_lines_said")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="job",
                    name="upload",
                    field=django.db.models.FileField(
                        blank=True,
                        max_length=300,
                        upload_to=pim.models.jobs.upload_place,
                        verbose_name="file",
                    ),
                ),
            ]
        )
    ]
