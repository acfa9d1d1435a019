"""The WSGI entry point."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from .bodies import Measured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pim.project.settings")
application = Measured(get_wsgi_application(), limit=settings.REST_BODY_BYTES)
