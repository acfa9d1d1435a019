"""Cards: live listings as an overview shows them."""

from syndication.models import Listing as Row
from syndication.queries import pages as queries
from syndication.rendering.addresses import page_path
from syndication.rendering.landing_page import CARD, picture


def cards(rows: list[Row], locale: str) -> list[dict]:
    """Return listings as cards with picture, name and article number."""
    pictured = queries.pictured(rows)
    bodies = queries.load_bodies({row.digest for row in pictured.values()})
    found = []
    for row in rows:
        shown = pictured[row.product_id]
        asset = bodies.get(shown.digest, {}).get("assets", {}).get(shown.image)
        found.append(
            {
                "url": page_path(row.slug, locale=locale),
                "name": row.name,
                "identifier": row.identifier,
                "picture": picture(asset, widths=CARD)
                if asset and asset["kind"] == "image"
                else None,
            }
        )
    return found
