"""The naive twin of the Google feed: ORM objects, a DRF serializer, an ElementTree.

As one writes it from two tutorials. It reads the same listings, already resolved, and sends
the same tags; numbers and units it leaves as they are, and it checks nothing: it does less.
"""

import json
from xml.etree import ElementTree

from rest_framework import serializers

G = "http://base.google.com/ns/1.0"
ROLES = ("color", "size", "material", "gtin", "brand", "weight")


class DetailSerializer(serializers.Serializer):
    attribute_name = serializers.CharField()
    attribute_value = serializers.CharField()


class ItemSerializer(serializers.Serializer):
    id = serializers.CharField(source="listing.identifier")
    title = serializers.CharField(source="body.name")
    description = serializers.SerializerMethodField()
    link = serializers.SerializerMethodField()
    image_link = serializers.SerializerMethodField()
    availability = serializers.SerializerMethodField()
    price = serializers.SerializerMethodField()
    brand = serializers.SerializerMethodField()
    gtin = serializers.SerializerMethodField()
    condition = serializers.CharField(default="new")
    item_group_id = serializers.CharField(source="body.root")
    color = serializers.SerializerMethodField()
    size = serializers.SerializerMethodField()
    material = serializers.SerializerMethodField()
    product_type = serializers.SerializerMethodField()
    shipping_weight = serializers.SerializerMethodField()
    product_detail = serializers.SerializerMethodField()

    def value(self, item, role):
        entry = item["body"]["values"].get(self.context["roles"].get(role))
        return entry[0] if entry else None

    def option(self, item, role):
        value = self.value(item, role)
        code = value[0] if isinstance(value, list) else value
        attribute = self.context["roles"].get(role)
        options = self.context["labels"]["options"].get(attribute, {})
        return options.get(code, {}).get("label", code)

    def get_description(self, item):
        return self.value(item, "description") or ""

    def get_link(self, item):
        return f"http://localhost/p/en/{item['body']['slug']}"

    def get_image_link(self, item):
        asset = item["body"]["assets"].get(item["body"]["image"]) or {}
        return f"http://localhost/media/{asset.get('sha256')}.jpg"

    def get_availability(self, item):
        return ((item["facts"] or {}).get("availability") or {}).get("state", "in_stock")

    def get_price(self, item):
        prices = (item["facts"] or {}).get("prices")
        if prices:
            return f"{prices[0]['amount']} {prices[0]['currency']}"
        listed = self.value(item, "price") or {}
        return next((f"{amount} {code}" for code, amount in listed.items()), "")

    def get_brand(self, item):
        return self.option(item, "brand")

    def get_gtin(self, item):
        return self.value(item, "gtin")

    def get_color(self, item):
        return self.option(item, "color")

    def get_size(self, item):
        return self.option(item, "size")

    def get_material(self, item):
        return self.option(item, "material")

    def get_product_type(self, item):
        known = self.context["labels"]["categories"]
        code = next(iter(item["body"]["categories"]), None)
        path = known.get(code, {}).get("path", [])
        return " > ".join(known[c]["label"] for c in path if c in known)

    def get_shipping_weight(self, item):
        weight = self.value(item, "weight") or {}
        return f"{weight.get('amount')} {weight.get('unit')}"

    def get_product_detail(self, item):
        attributes = self.context["labels"]["attributes"]
        rows = [
            {"attribute_name": attributes[code]["label"], "attribute_value": str(entry[0])}
            for code, entry in item["body"]["values"].items()
            if code in attributes and code not in self.context["taken"]
        ]
        return DetailSerializer(rows, many=True).data


def write_feed(path, *, channel: str, audience: str, locale: str) -> int:
    """Write the feed of all live items of a context; return how many."""
    from syndication.models import ContextDocument, Listing, ListingBody

    labels = json.loads(ContextDocument.objects.get(channel=channel, locale=locale).body)
    listings = list(
        Listing.objects.filter(
            channel=channel, audience=audience, locale=locale, role="item", state="live"
        ).order_by("product_id")
    )
    wanted = {d for listing in listings for d in (listing.digest, listing.facts_digest) if d}
    bodies = ListingBody.objects.in_bulk(wanted) if len(wanted) < 30_000 else _all(ListingBody)
    items = [
        {
            "listing": listing,
            "body": json.loads(bodies[listing.digest].body),
            "facts": json.loads(bodies[listing.facts_digest].body)
            if listing.facts_digest
            else None,
        }
        for listing in listings
    ]
    taken = {
        labels["roles"].get(role) for role in (*ROLES, "name", "description", "image", "price")
    }
    context = {"labels": labels, "roles": labels["roles"], "taken": taken}
    rows = ItemSerializer(items, many=True, context=context).data
    ElementTree.register_namespace("g", G)
    rss = ElementTree.Element("rss", version="2.0")
    channel_element = ElementTree.SubElement(rss, "channel")
    for row in rows:
        _item(ElementTree.SubElement(channel_element, "item"), row)
    ElementTree.ElementTree(rss).write(path, encoding="utf-8", xml_declaration=True)
    return len(rows)


def _all(model) -> dict:
    return {row.pk: row for row in model.objects.all()}


def _item(element, row):
    for name, value in row.items():
        if name == "product_detail":
            for detail in value:
                inner = ElementTree.SubElement(element, f"{{{G}}}{name}")
                for key, text in detail.items():
                    ElementTree.SubElement(inner, f"{{{G}}}{key}").text = text
        elif value is not None:
            ElementTree.SubElement(element, f"{{{G}}}{name}").text = str(value)
