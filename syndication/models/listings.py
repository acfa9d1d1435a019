"""Listings: one product as it appears in one context, with its place in the channel's sequence."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

LIVE, WITHHELD, REMOVED = "live", "withheld", "removed"


def fresh_token() -> str:
    """Return a random name for a new sequence."""
    return uuid4().hex


class ChannelSequence(models.Model):
    """The commit-ordered number of a channel.

    Raising `value` is the last statement of the transaction that writes listings, so a
    reader who has seen N has seen everything up to N. A new `epoch` (after a restore)
    tells readers to begin again; below `horizon` tombstones are gone and the answer is 410.
    `contexts` is {"locales": [codes], "audiences": [[code, public], …]}: what may be read of
    the channel, kept with the context documents, so that a feed asks one row and never pim.
    `token` is drawn at random when the row is made: pages kept by a process are known by it.
    """

    channel = models.CharField(max_length=100, primary_key=True)
    epoch = models.PositiveIntegerField(default=1)
    value = models.BigIntegerField(default=0)
    horizon = models.BigIntegerField(default=0)
    contexts = models.JSONField(default=dict)
    token = models.CharField(max_length=32, default=fresh_token)

    def __str__(self):
        return f"{self.channel}: {self.epoch}/{self.value}"


class ListingBody(models.Model):
    """The immutable body of listings, by the sha256 of its canonical JSON (raw values).

    `body` is the JSON itself as text; see `syndication.contract.Listing` for its shape.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    body = models.TextField()

    def __str__(self):
        return self.digest[:12]


class Listing(models.Model):
    """One product in one context (channel × audience × locale); all by code, no joins.

    `state` live | withheld | removed; `reasons` is [{"code", "attribute"?, "locale"?}].
    `digest` names the body ("" unless live), `facts_digest` the facts that go with it (a
    ListingBody too, see `contract.Facts`; "" when there are none). `sequence` is the
    channel's number at the last visible change, 0 while it was never visible; a removed row
    stays as a tombstone until the horizon passes it. `name`, `slug` and `image` are what
    other listings show of this one. A slug once given is kept: addresses do not break.
    """

    channel = models.CharField(max_length=100)
    audience = models.CharField(max_length=100)
    locale = models.CharField(max_length=35)
    product_id = models.BigIntegerField()
    uuid = models.UUIDField()
    identifier = models.CharField(max_length=255)
    role = models.CharField(max_length=5)
    parent_id = models.BigIntegerField(null=True)
    root_id = models.BigIntegerField()
    family = models.CharField(max_length=100, blank=True)
    name = models.CharField(_("name"), max_length=500, blank=True)
    image = models.CharField(max_length=200, blank=True)
    slug = models.CharField(max_length=255, blank=True)
    gtin = models.CharField(max_length=14, blank=True)
    version = models.PositiveIntegerField(default=0)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=[(LIVE, _("Live")), (WITHHELD, _("Withheld")), (REMOVED, _("Removed"))],
    )
    reasons = models.JSONField(_("reasons"), default=list)
    digest = models.CharField(max_length=64, blank=True)
    facts_digest = models.CharField(max_length=64, blank=True)
    sequence = models.BigIntegerField(default=0)
    updated_at = models.DateTimeField(_("changed"))

    class Meta:
        ordering = ["channel", "audience", "locale", "product_id"]
        verbose_name = _("listing")
        verbose_name_plural = _("listings")
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "audience", "locale", "product_id"], name="listing_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["channel", "audience", "locale", "sequence"], name="listing_delta"
            ),
            models.Index(
                fields=["channel", "audience", "locale", "state", "product_id", "role"],
                name="listing_state",
            ),
            models.Index(fields=["product_id"], name="listing_product"),
            models.Index(fields=["identifier"], name="listing_identifier"),
            models.Index(fields=["uuid"], name="listing_uuid"),
            models.Index(
                fields=["locale", "slug"], name="listing_slug", condition=~models.Q(slug="")
            ),
            models.Index(fields=["gtin"], name="listing_gtin", condition=~models.Q(gtin="")),
        ]

    def __str__(self):
        return f"{self.identifier} {self.channel}/{self.audience}/{self.locale}"


class ListingCategory(models.Model):
    """The categories of a live product per channel, every one above them in the tree included.

    A selection by category is thus one equality, subtrees and inherited categories included.
    """

    channel = models.CharField(max_length=100)
    product_id = models.BigIntegerField()
    category = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "category", "product_id"], name="listing_category_once"
            )
        ]
        indexes = [models.Index(fields=["product_id"], name="listing_category_product")]

    def __str__(self):
        return f"{self.channel}/{self.category}: {self.product_id}"


class ListingGtin(models.Model):
    """The numbers, in 14 digits, of what a live product is packed in, per channel and audience."""

    channel = models.CharField(max_length=100)
    audience = models.CharField(max_length=100)
    product_id = models.BigIntegerField()
    gtin = models.CharField(max_length=14)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gtin", "channel", "audience", "product_id"], name="listing_gtin_once"
            )
        ]
        indexes = [models.Index(fields=["product_id"], name="listing_gtin_product")]

    def __str__(self):
        return f"{self.channel}/{self.audience}: {self.gtin} {self.product_id}"


class StaleMark(models.Model):
    """A product whose listings must be rebuilt; cleared only if `generation` is the one read.

    Every marking draws a number that was never used before, so that a mark cleared and set
    again cannot be taken for the one that was read. `marked_at` is the moment of the first change
    since the listings were right.
    """

    product_id = models.BigIntegerField(primary_key=True)
    generation = models.BigIntegerField(default=1)
    marked_at = models.DateTimeField()

    def __str__(self):
        return f"{self.product_id}#{self.generation}"


class Use(models.Model):
    """What a product's listings read besides itself.

    `kind` and `target`: "product" and a uuid, "asset" and its code, "record" and
    "<entity>/<code>".
    """

    product_id = models.BigIntegerField()
    kind = models.CharField(max_length=10)
    target = models.CharField(max_length=255)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "target", "product_id"], name="use_once")
        ]
        indexes = [models.Index(fields=["product_id"], name="use_product")]

    def __str__(self):
        return f"{self.product_id} uses {self.kind} {self.target}"


class LogCursor(models.Model):
    """How far somebody has come.

    "listings": in the publication log; "marks": in generations of stale marks; "facts": in
    time, the microsecond since 1970 up to which begun and ended prices were seen.
    """

    name = models.CharField(max_length=50, primary_key=True)
    seq = models.BigIntegerField(default=0)

    def __str__(self):
        return f"{self.name}@{self.seq}"


class ContextDocument(models.Model):
    """Labels that listings of one channel and locale share, by digest (`contract.Labels`)."""

    channel = models.CharField(max_length=100)
    locale = models.CharField(max_length=35)
    digest = models.CharField(max_length=64)
    body = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "locale"], name="context_document_once")
        ]

    def __str__(self):
        return f"{self.channel}/{self.locale}"
