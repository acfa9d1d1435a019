"""The app that holds the one source of product content."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PimConfig(AppConfig):
    name = "pim"
    verbose_name = _("Product content")
    default_auto_field = "django.db.models.BigAutoField"
