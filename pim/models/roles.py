"""Roles: what a set of people may do with which part of the content."""

from django.contrib.auth.models import Group as AuthGroup
from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import Labelled
from .fields import DocumentField


class Role(Labelled):
    """A group of users with grants on the content.

    `group` carries the members and their Django permissions (which pages they may open);
    `grants` is {area: {code: level}}, see `pim.content.rights`.
    """

    group = models.OneToOneField(
        AuthGroup, models.CASCADE, related_name="role", editable=False, verbose_name=_("group")
    )
    grants = DocumentField(_("grants"))

    class Meta(Labelled.Meta):
        verbose_name = _("role")
        verbose_name_plural = _("roles")
