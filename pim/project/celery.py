"""The Celery application: a bell that says "look at the database", never a store of state."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pim.project.settings")

app = Celery("pim")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["pim", "syndication"])
app.autodiscover_tasks(["syndication"], related_name="upkeep")
