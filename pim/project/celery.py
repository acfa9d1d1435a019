"""The Celery application: a bell that says "look at the database", never a store of state."""

import os
from pathlib import Path

from celery import Celery

from . import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pim.project.settings")

broker.install()
app = Celery("pim")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["pim", "syndication"])
app.autodiscover_tasks(["syndication"], related_name="upkeep")


@app.on_after_configure.connect
def make_broker_folders(sender, **_):
    """Make the folders of the filesystem transport, which expects to find them."""
    options = sender.conf.broker_transport_options or {}
    for name in ("data_folder_in", "data_folder_out", "control_folder"):
        if name in options:
            Path(options[name]).mkdir(parents=True, exist_ok=True)
