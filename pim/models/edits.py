"""Edits: which drafts were written, in commit order, for whoever follows the editing itself."""

from django.db import models

from .fields import DocumentField


class Edit(models.Model):
    """One write of drafts; `products` is [[uuid, identifier, "created"|"changed"|"deleted"], …]."""

    seq = models.BigIntegerField(unique=True)
    products = DocumentField(default=list)
    actor = models.CharField(max_length=150)
    source = models.CharField(max_length=50)
    job_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["seq"]

    def __str__(self):
        return f"#{self.seq} {self.actor}"
