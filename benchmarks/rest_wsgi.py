"""The project with the twin's addresses beside its own."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pim.project.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.ROOT_URLCONF = "benchmarks.rest_twin"
application = get_wsgi_application()
