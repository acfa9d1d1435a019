"""Web JSON: one document per product and locale, raw and formatted, with schema.org JSON-LD."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from ..contract import Made, Option, OutputKind, Piece, RenderContext, Unit
from ..rendering import jsonld
from ..rendering.addresses import media_path, page_path, srcset
from ..rendering.ndjson import counted, joined, line
from ..rendering.offers import currency_of, tiers
from ..rendering.view import View, views

JSON, NDJSON = "application/json", "application/x-ndjson"


def _currency(context: RenderContext) -> str:
    channel = context.labels[context.locale].body["channel"]
    return currency_of(channel, locale=context.locale, chosen=context.options.get("currency") or "")


def _values(view: View) -> dict:
    found = {}
    for code in sorted(view.body["values"]):
        data, origin, language = view.body["values"][code]
        attribute = view.labels.body["attributes"].get(code, {})
        found[code] = {
            "label": view.format.label(code),
            "kind": attribute.get("kind", "text"),
            "data": data,
            "text": view.show(code),
            "origin": origin,
            "language": language,
        }
        if attribute.get("kind") == "richtext":
            found[code]["html"] = view.format.html(code, data)
    return found


def _media(view: View, base: str) -> list[dict]:
    return [
        {
            "code": asset["code"],
            "kind": asset["kind"],
            "url": base + media_path(asset),
            "media_type": asset["media_type"],
            "sha256": asset["sha256"],
            "size": asset.get("size"),
            "width": asset.get("width"),
            "height": asset.get("height"),
            "alt": asset.get("alt") or "",
            "caption": asset.get("caption") or "",
            **({"srcset": srcset(asset, media_type="image/webp")} if _scales(asset) else {}),
        }
        for asset in view.assets("image", "document", "video", "audio", "model")
    ]


def _scales(asset: dict) -> bool:
    return asset["kind"] == "image" and bool(asset.get("width"))


def _offer(view: View, currency: str) -> dict:
    price = view.price(currency)
    return {
        "price": price
        and {
            "amount": price.amount,
            "currency": price.currency,
            "text": view.format.price(price.amount, price.currency),
            "regular": price.regular or None,
            "valid_to": price.valid_to or None,
            "tax_included": price.tax_included,
        },
        "tiers": [
            {"from": n, "amount": amount} for n, amount in tiers(view.facts, currency=currency)
        ],
        "availability": view.availability or None,
    }


def _associations(view: View, base: str) -> dict:
    labels = view.labels.body.get("associations", {})
    return {
        code: {
            "label": labels.get(code, {}).get("label") or code,
            "products": [
                {
                    "uuid": target["uuid"],
                    "identifier": target["identifier"],
                    "name": target.get("name") or "",
                    "quantity": target.get("quantity"),
                    "url": base + page_path(target["slug"], locale=view.locale)
                    if target.get("slug")
                    else None,
                }
                for target in targets
            ],
        }
        for code, targets in sorted(view.body.get("associations", {}).items())
    }


def _variants(view: View, members: list[View], base: str) -> list[dict]:
    if view is not members[0]:
        return []
    return [
        {
            "uuid": variant.body["uuid"],
            "identifier": variant.identifier,
            "name": jsonld.variant_name(variant, view),
            "url": jsonld.page_url(variant, base=base),
            "axes": {code: text for code, _, text in variant.axis_texts()},
        }
        for variant in members[1:]
    ]


def product_document(view: View, members: list[View], context: RenderContext) -> dict:
    """Return the document of one listing; `members` is its unit, the root first."""
    body, base, currency = view.body, context.public_url, _currency(context)
    family = view.labels.body["families"].get(body["family"], {})
    return {
        "uuid": body["uuid"],
        "identifier": body["identifier"],
        "role": body["role"],
        "parent": body["parent"],
        "family": {"code": body["family"], "label": family.get("label") or body["family"]},
        "locale": view.locale,
        "channel": context.channel,
        "audience": context.audience,
        "slug": body["slug"],
        "url": jsonld.page_url(view, base=base),
        "name": view.name,
        "description": view.text("description") or view.text("short_description"),
        "categories": [
            {"code": path[-1][0], "label": path[-1][1], "path": [label for _, label in path]}
            for path in view.category_paths
        ],
        "groups": body.get("groups") or [],
        "offer": _offer(view, currency),
        "values": _values(view),
        "media": _media(view, base),
        "associations": _associations(view, base),
        "variants": _variants(view, members, base),
        "jsonld": jsonld.document(view, members, base=base, currency=currency),
    }


class WebJson(OutputKind):
    """JSON documents for shops and sites, as one array and as one line each."""

    code = "web_json"
    label = _("Web JSON")
    version = 1
    unit = "model"
    roles = ("item", "model")
    part_size = 500
    fragment_tokens = assembly_tokens = ()
    options = (
        Option(
            "currency",
            "text",
            _("Currency"),
            help=_("Empty: the locale's own, else the channel's first."),
        ),
    )

    def fragment(self, unit: Unit, context: RenderContext) -> Made:
        """Return one JSON line for each listing of the unit."""
        locale = context.locale
        members = views(unit, context.labels[locale], locale=locale)
        return Made(b"".join(line(product_document(v, members, context)) for v in members))

    def assemble(self, plan, pieces: Iterable[Piece], context: RenderContext, sink) -> Iterator:
        """Write products.<locale>.ndjson, the same as .json, and an index with digests."""
        name, rows = f"products.{context.locale}", []
        with (
            counted(sink, f"{name}.ndjson", media_type=NDJSON) as lines,
            counted(sink, f"{name}.json", media_type=JSON) as array,
        ):
            array.write(b"[\n")
            for part in joined(_write_lines(pieces, lines, rows)):
                array.write(part)
            array.write(b"\n]\n")
        self._write_index(plan, context, sink, lines=lines, array=array, rows=rows)
        return ()

    def _write_index(self, plan, context, sink, *, lines, array, rows) -> None:
        head = {
            "output": context.output,
            "channel": context.channel,
            "audience": context.audience,
            "locale": context.locale,
            "edition": plan.number,
            "issued_on": plan.issued_on,
            "data_version": plan.data_version,
            "count": len(rows),
            "files": [
                {"name": f"products.{context.locale}.{ending}", "sha256": f.sha256, "size": f.size}
                for ending, f in (("ndjson", lines), ("json", array))
            ],
        }
        with sink.open(f"index.{context.locale}.json", media_type=JSON) as target:
            target.write(line(head)[:-2] + b',"products":[\n')
            for part in joined(rows):
                target.write(part)
            target.write(b"\n]}\n")

    def verify(self, path, name, plan) -> None:
        """Refuse an array that does not end, or lines that are not JSON objects."""
        if not plan.items and name.endswith(".ndjson") and not path.stat().st_size:
            return
        with path.open("rb") as written:
            start = written.read(1)
            written.seek(-1, 2)
            if start not in b"[{" or written.read(1) != b"\n":
                raise ValueError(f"{name} is not complete JSON.")


def _write_lines(pieces: Iterable[Piece], lines, rows: list[bytes]) -> Iterator[bytes]:
    """Write every document to `lines`; note where it stands, for range requests."""
    import hashlib

    import orjson

    for piece in pieces:
        for each in piece.payload.splitlines(keepends=True):
            product = orjson.loads(each)
            rows.append(
                line(
                    {
                        "identifier": product["identifier"],
                        "uuid": product["uuid"],
                        "slug": product["slug"],
                        "offset": lines.size,
                        "length": len(each),
                        "sha256": hashlib.sha256(each).hexdigest(),
                    }
                )
            )
            lines.write(each)
            yield each
