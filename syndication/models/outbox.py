"""Effects that must happen once, written with what they follow from."""

from django.db import models


class OutboxEntry(models.Model):
    """An effect that must happen once: a bell to ring, a delivery to make."""

    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=200, unique=True)
    payload = models.JSONField(default=dict)
    due_at = models.DateTimeField(db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    cause = models.TextField(blank=True)

    def __str__(self):
        return f"{self.kind} {self.key}"
