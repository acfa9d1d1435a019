"""Catalogs of connections: the products that a machine is given, chosen by people."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from .connections import Connection
from .fields import DocumentField

MOST_CATALOGS = 200


def all_enabled() -> dict:
    """Return the selection that a new catalog begins with."""
    return {"search": {"enabled": [{"operator": "=", "value": True}]}}


class Catalog(models.Model):
    """A selection of products that a connection has asked for, and people fill and switch on.

    `selection` is a selection document of a search, or of all. `shown` says which values are
    given: {"channels": …, "locales": …, "currencies": …}, lists of codes, nothing for all;
    `managed` are the locales and currencies that the connection says it understands. `targets`
    is the JSON Schema of the documents that it wants, None without one, and `mapping`
    {target: where it is taken from}, as `pim.content.targets` reads both.
    """

    connection = models.ForeignKey(
        Connection, models.CASCADE, related_name="catalogs", verbose_name=_("connection")
    )
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=255)
    enabled = models.BooleanField(_("enabled"), default=False)
    selection = DocumentField(_("selection"), default=all_enabled)
    shown = DocumentField(_("values"))
    managed = DocumentField(editable=False)
    targets = DocumentField(default=None, null=True, editable=False)
    mapping = DocumentField(_("mapping"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("catalog of a connection")
        verbose_name_plural = _("catalogs of connections")

    def __str__(self):
        return self.name
