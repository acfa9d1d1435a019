"""Stored codes as words for people: what was done, and through which door."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "approve": _("approved"),
    "cancel": _("cancelled"),
    "change": _("changed"),
    "connect": _("connected"),
    "create": _("created"),
    "delete": _("deleted"),
    "drop_versions": _("dropped old versions"),
    "facts": _("set prices or stock of"),
    "hold": _("held"),
    "merge": _("merged"),
    "move": _("moved"),
    "plan": _("planned"),
    "publish": _("published"),
    "reject": _("rejected"),
    "release": _("released"),
    "rename": _("renamed"),
    "restore": _("restored"),
    "retry": _("queued again"),
    "roll_back": _("rolled back"),
    "settings": _("changed the settings of"),
    "structure": _("changed the structure:"),
    "withdraw": _("withdrew"),
}
SOURCES = {
    "admin": _("desk"),
    "api": _("API"),
    "bulk": _("Bulk edit"),
    "command": _("command"),
    "demo": _("demonstration"),
    "import": _("import"),
    "job": _("job"),
    "rule": _("rule"),
    "schedule": _("schedule"),
}

# What the rows of a job's report count.
REPORTED = {
    "assets": _("assets"),
    "association_types": _("association types"),
    "attribute_groups": _("attribute groups"),
    "attributes": _("attributes"),
    "audiences": _("audiences"),
    "availability": _("availability"),
    "categories": _("categories"),
    "channels": _("channels"),
    "currencies": _("currencies"),
    "exported": _("products"),
    "families": _("families"),
    "family_variants": _("family variants"),
    "group_types": _("group types"),
    "groups": _("product groups"),
    "gtins": _("GTINs to look at"),
    "locales": _("locales"),
    "measurement_families": _("measurement families"),
    "options": _("options"),
    "price_lists": _("price lists"),
    "prices": _("prices"),
    "product_models": _("product models"),
    "products": _("products"),
    "published": _("published"),
    "published versions": _("published versions"),
    "reference_entities": _("reference entities"),
    "reference_records": _("reference records"),
    "replaced texts": _("replaced texts"),
    "structure": _("structure"),
    "texts": _("texts"),
    "values": _("values"),
    "versions": _("versions"),
}

# What the log calls things that are no products: "rule:outdoor_lamps".
KINDS = {
    "asset": _("asset"),
    "asset_family": _("asset family"),
    "association_type": _("association type"),
    "attribute": _("attribute"),
    "attribute_group": _("attribute group"),
    "audience": _("audience"),
    "catalog": _("catalog of a connection"),
    "category": _("category"),
    "channel": _("channel"),
    "connection": _("connection"),
    "currency": _("currency"),
    "export": _("export profile"),
    "family": _("family"),
    "family_variant": _("family variant"),
    "group": _("product group"),
    "group_type": _("group type"),
    "locale": _("locale"),
    "measurement_family": _("measurement family"),
    "option": _("option"),
    "price_list": _("price list"),
    "quality_rule": _("quality rule"),
    "reference_entity": _("reference entity"),
    "record": _("record"),
    "role": _("role"),
    "rule": _("rule"),
}


def subject_words(subject: str) -> str:
    """Return what a change was about: its kind in the reader's language and its code."""
    kind, colon, code = subject.partition(":")
    if kind == "facts":
        return reported_word(code)
    return f"{KINDS[kind]} “{code}”" if colon and kind in KINDS else subject


def action_word(code: str) -> str:
    """Return what was done in the reader's language; a code without words as it stands."""
    return str(ACTIONS.get(code, code.replace("_", " ")))


def source_word(code: str) -> str:
    """Return the door in the reader's language."""
    return str(SOURCES.get(code, code))


def reported_word(kind: str) -> str:
    """Return what a row of a report counts, in the reader's language; a name stays a name."""
    return str(REPORTED.get(kind, kind))
