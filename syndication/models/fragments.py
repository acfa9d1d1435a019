"""What was rendered of each unit, kept for the next edition."""

from django.db import models

from .outputs import Output


class Fragment(models.Model):
    """A rendered fragment of one unit for one output and locale, and the digest of its inputs.

    `key` is the digest of everything it was made from, `reads` of what the kind says it reads
    ("" when it does not say). `summary` is what assembly must know of the unit; `refusals`
    holds the item errors and warnings of rendering it, `codes` their codes joined by commas;
    `left_out` says that there is no fragment.
    Only the one running edition of an output and locale writes here.
    """

    output = models.ForeignKey(Output, models.CASCADE, related_name="+", db_index=False)
    locale = models.CharField(max_length=35, blank=True)
    unit = models.BigIntegerField()
    identifier = models.CharField(max_length=255)
    key = models.CharField(max_length=64)
    reads = models.CharField(max_length=64, blank=True)
    price = models.FloatField(null=True)
    left_out = models.BooleanField(default=False)
    summary = models.TextField(default="{}")
    codes = models.CharField(max_length=500, blank=True)
    refusals = models.TextField(default="[]")
    payload = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["output", "locale", "unit"], name="fragment_once")
        ]
        indexes = [
            models.Index(
                fields=["output", "locale", "unit"],
                condition=models.Q(left_out=True),
                name="fragment_left_out",
            )
        ]

    def __str__(self):
        return f"{self.output_id}/{self.locale}/{self.unit}"


class FragmentSet(models.Model):
    """Which frozen set the fragments of an output and locale show, whole and nothing else.

    There is none while an edition changes them, nor after one that was stopped meanwhile.
    `pieces` names the file that holds the same in the order of assembly.
    """

    output = models.ForeignKey(Output, models.CASCADE, related_name="+")
    locale = models.CharField(max_length=35, blank=True)
    frozen = models.CharField(max_length=64)
    environment = models.CharField(max_length=64)
    pieces = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["output", "locale"], name="fragment_set_once")
        ]

    def __str__(self):
        return f"{self.output_id}/{self.locale}: {self.frozen[:12]}"
