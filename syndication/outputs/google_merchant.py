"""Google Merchant Center product data: RSS 2.0 with the g: namespace, one file per locale.

Limits and enumerations follow Google's product data specification as read in November 2026
(docs: standards, Google Merchant Center); they are the table LIMITS below.
"""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from ..contract import ItemRefused, Made, Option, OutputKind, Pieces, RenderContext, Unit
from ..rendering.google import Feed
from ..rendering.google_item import write_item
from ..rendering.google_rules import CURES
from ..rendering.xml import element

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0">\n<channel>\n'
)
FOOT = b"</channel>\n</rss>\n"
OPEN, CLOSE = b"<item>\n", b"</item>\n"
JOINT, TAIL = CLOSE + OPEN, CLOSE + FOOT
START, BLOCK = 1 << 16, 1 << 20  # bytes in which the first item begins; bytes read at a time
PARSED = 16 << 20  # bytes up to which a feed is parsed to verify it
CONDITIONS = (("new", _("New")), ("refurbished", _("Refurbished")), ("used", _("Used")))
AGE_GROUPS = (
    ("newborn", _("Newborn")),
    ("infant", _("Infant")),
    ("toddler", _("Toddler")),
    ("kids", _("Kids")),
    ("adult", _("Adult")),
)
GENDERS = (("male", _("Male")), ("female", _("Female")), ("unisex", _("Unisex")))
STATES = (
    ("in_stock", _("In stock")),
    ("out_of_stock", _("Out of stock")),
    ("backorder", _("Back-order")),
)


class GoogleMerchant(OutputKind):
    """The Google Merchant Center feed; what Google would refuse is reported item by item."""

    code = "google_merchant"
    label = _("Google Merchant Center")
    version = 1
    unit = "listing"
    roles = ("item",)
    part_size = 10_000
    keep_days = 30
    cures = CURES
    fragment_tokens = assembly_tokens = ()
    options = (
        Option("title", "text", _("Feed title")),
        Option(
            "currency",
            "text",
            _("Currency"),
            help=_("Empty: the locale's own, else the channel's first."),
        ),
        Option(
            "country", "text", _("Country of sale"), default="", help=_("Two letters, such as FI.")
        ),
        Option("brand", "text", _("Brand where a product names none")),
        Option("condition", "choice", _("Condition"), default="new", choices=CONDITIONS),
        Option("availability", "choice", _("Availability if unknown"), "in_stock", STATES),
        Option(
            "google_category", "text", _("Google product category"), help=_("An id or a full path.")
        ),
        Option("age_group", "choice", _("Age group"), choices=AGE_GROUPS),
        Option("gender", "choice", _("Gender"), choices=GENDERS),
        Option("details", "boolean", _("Send product details"), default=True),
    )

    def fragments(
        self, units: Iterable[Unit], context: RenderContext
    ) -> Iterator[Made | ItemRefused]:
        """Yield one <item> per unit; the feed's constants are looked up once."""
        feed = Feed(context)
        for unit in units:
            try:
                yield write_item(feed, unit)
            except ItemRefused as refused:
                yield refused

    def fragment(self, unit: Unit, context: RenderContext) -> Made:
        """Return the <item> of one listing."""
        return write_item(Feed(context), unit)

    def assemble(self, plan, pieces: Pieces, context: RenderContext, sink) -> Iterator:
        """Write products.<locale>.xml; no clock in it, so that equal data gives equal bytes."""
        labels = context.labels[context.locale].body
        title = context.options.get("title") or labels["channel"].get("label") or context.channel
        head = HEAD + element("title", str(title)) + element("link", context.public_url + "/")
        head += element("description", f"{context.channel} {context.locale}")
        name = f"products.{context.locale}.xml"
        with sink.open(name, media_type="application/xml") as target:
            target.write(head.encode())
            pieces.copy_to(target)
            target.write(FOOT)
        return ()

    def verify(self, path, name, plan) -> None:
        """Refuse a feed that is not well-formed or does not hold the edition's items.

        Fragments are well-formed by construction. A small feed is parsed all the same; of a
        large one the frame is looked at and the items counted, which takes a twentieth.
        """
        if path.stat().st_size <= PARSED:
            items = _parsed_items(path, name)
        else:
            items = _counted_items(path, name)
        if items != plan.items:
            raise ValueError(f"{name} holds {items} items, not {plan.items}.")


def _parsed_items(path, name: str) -> int:
    from lxml import etree

    items = 0
    try:
        for _, item in etree.iterparse(str(path), tag="item", resolve_entities=False):
            items += 1
            item.clear()
            while item.getprevious() is not None:
                del item.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise ValueError(f"{name} is not well-formed: {error}") from error
    return items


def _counted_items(path, name: str) -> int:
    """Count the places where an item ends and the next begins: none may be torn."""
    with path.open("rb") as stream:
        start = stream.read(START)
        stream.seek(-min(path.stat().st_size, len(TAIL)), 2)
        end = stream.read()
        first = start.find(OPEN)
        if not start.startswith(HEAD.encode()) or end != TAIL or first < 0:
            raise ValueError(f"{name} is cut short.")
        stream.seek(first)
        joints, carried = 0, b""
        while block := stream.read(BLOCK):
            block = carried + block
            joints += block.count(JOINT)
            carried = block[1 - len(JOINT) :]
    return joints + 1
