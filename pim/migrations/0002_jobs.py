"""Imports become one kind of job: long work in the background."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import pim.models.fields


class Migration(migrations.Migration):
    dependencies = [
        ("pim", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameModel("ImportRun", "Job"),
        migrations.RenameModel("ImportLine", "JobLine"),
        migrations.RenameField("Change", "run", "job"),
        migrations.RenameField("JobLine", "run", "job"),
        migrations.RenameField("Job", "source", "title"),
        migrations.AddField(
            "Job",
            "kind",
            models.CharField(max_length=40, db_index=True, verbose_name="kind", default="import"),
            preserve_default=False,
        ),
        migrations.AlterModelOptions(
            name='job',
            options={'ordering': ['-id'], 'verbose_name': 'job', 'verbose_name_plural': 'jobs'},
        ),
        migrations.AlterModelOptions(
            name='jobline',
            options={'ordering': ['id'], 'verbose_name': 'job line', 'verbose_name_plural': 'job lines'},
        ),
        migrations.AddField(
            model_name='job',
            name='actor',
            field=models.CharField(blank=True, max_length=150, verbose_name='acting as'),
        ),
        migrations.AddField(
            model_name='job',
            name='cursor',
            field=pim.models.fields.DocumentField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='job',
            name='done',
            field=models.BigIntegerField(default=0, verbose_name='units done'),
        ),
        migrations.AddField(
            model_name='job',
            name='fence',
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name='job',
            name='params',
            field=pim.models.fields.DocumentField(blank=True, default=dict, verbose_name='parameters'),
        ),
        migrations.AddField(
            model_name='job',
            name='result',
            field=models.FileField(blank=True, max_length=300, upload_to='results/', verbose_name='result'),
        ),
        migrations.AddField(
            model_name='job',
            name='started_at',
            field=models.DateTimeField(null=True, verbose_name='started'),
        ),
        migrations.AddField(
            model_name='job',
            name='total',
            field=models.BigIntegerField(null=True, verbose_name='units'),
        ),
        migrations.AddField(
            model_name='job',
            name='undoes',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='undone_by', to='pim.job', verbose_name='takes back'),
        ),
        migrations.AlterField(
            model_name='job',
            name='state',
            field=models.CharField(choices=[('queued', 'Queued'), ('running', 'Running'), ('stopping', 'Stopping'), ('done', 'Done'), ('stopped', 'Stopped'), ('failed', 'Failed')], default='queued', max_length=10, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='job',
            name='title',
            field=models.CharField(max_length=500, verbose_name='title'),
        ),
        migrations.AlterField(
            model_name='job',
            name='upload',
            field=models.FileField(blank=True, max_length=300, upload_to='jobs/', verbose_name='file'),
        ),
        migrations.AlterField(
            model_name='jobline',
            name='file',
            field=models.CharField(blank=True, max_length=200, verbose_name='file'),
        ),
        migrations.AlterField(
            model_name='jobline',
            name='line',
            field=models.PositiveIntegerField(default=0, verbose_name='line'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(fields=['state', 'id'], name='job_by_state'),
        ),
    ]
