"""Sample listings, labels and pictures in six languages, for whatever renders them.

Everything is a pure function of its arguments: the same call gives the same listings.
"""

import hashlib
import random
from pathlib import Path
from types import SimpleNamespace

from syndication.contract import Facts, Listing, RenderContext, Unit
from syndication.rendering.images import FileAssets

from .labels import labels
from .texts import LOCALES, MORE, OPTIONS, RANGE

SERIES = (
    "",
    "Aalto",
    "Birk",
    "Dal",
    "Eira",
    "Fjord",
    "Gran",
    "Hav",
    "Ild",
    "Juni",
    "Kvist",
    "Lyng",
)


def units(count: int, locale: str = "en", *, pictures=(), changed=frozenset()) -> list[Unit]:
    """Return `count` units (roots with variants where the product has any), reproducibly.

    `pictures` are asset bodies as `pictures.paint` returns them; units whose number is in `changed`
    have another text than they would have.
    """
    return [unit(n, locale, pictures=pictures, edited=n in changed) for n in range(count)]


def unit(n: int, locale: str = "en", *, pictures=(), edited: bool = False) -> Unit:
    """Return the `n`th unit."""
    code = list(RANGE)[n % len(RANGE)]
    series = n // len(RANGE)
    sku = f"{code}-{series + 1:03}"
    chance = random.Random(f"{code}{series}")
    main = _body(code, sku, series, locale, chance, pictures)
    if edited:
        main["values"]["intro"][0] += " *"
    variants = _variants(main, locale, chance) if code == "SHIRT" else []
    bodies = [main, *variants]
    listings = tuple(Listing(n * 100 + k, _digest(b), b) for k, b in enumerate(bodies))
    return Unit(n + 1, {locale: listings}, {b["identifier"]: _facts(b) for b in bodies})


def _body(code, sku, series, locale, chance, pictures) -> dict:
    n = LOCALES.index(locale)
    category, material, care, names, intros = RANGE[code]
    name = f"{names[n]} {SERIES[series % len(SERIES)]}".strip()
    if series >= len(SERIES):
        name += f" {series // len(SERIES) + 1}"
    values = {
        "sku": sku,
        "name": name,
        "intro": intros[n],
        "text": f"<p>{intros[n]}</p><p>{MORE[n]}</p>",
        "price": {"EUR": str(chance.randrange(19, 900)), "DKK": str(chance.randrange(150, 6000))},
        "weight": {"amount": str(chance.randrange(200, 4000)), "unit": "GRAM"},
        "width": {"amount": str(chance.randrange(8, 180)), "unit": "CENTIMETER"},
        "height": {"amount": f"{chance.randrange(8, 180)}.5", "unit": "CENTIMETER"},
        "material": material,
        "care": sorted({care, "cloth"}),
        "washable": care == "wash30",
        "pieces": str(chance.randrange(1, 24)),
        "since": f"20{chance.randrange(10, 26)}-0{chance.randrange(1, 9)}-15",
        "brand": ["halla"],
    }
    assets = _assets(name, chance, pictures)
    if assets:
        values["pictures"] = list(assets)
    return {
        "uuid": f"00000000-0000-4000-8000-{_digest(sku)[:12]}",
        "identifier": sku,
        "role": "model" if code == "SHIRT" else "item",
        "parent": None,
        "root": sku,
        "family": "goods",
        "family_variant": "goods_by_size" if code == "SHIRT" else None,
        "axes": [],
        "slug": sku.lower(),
        "version": 1,
        "enabled": True,
        "name": name,
        "image": next(iter(assets), None),
        "categories": [category],
        "groups": [],
        "values": {a: [data, "own", ""] for a, data in values.items()},
        "associations": {},
        "assets": assets,
        "records": {"brand": {"halla": {"label": "Halla", "fields": {}}}},
    }


def _assets(alt: str, chance, pictures) -> dict:
    if not pictures:
        return {}
    picture = pictures[chance.randrange(len(pictures))]
    code = picture["filename"].split(".")[0]
    return {code: {**picture, "alt": alt, "caption": ""}}


def _variants(main: dict, locale: str, chance) -> list[dict]:
    colours = chance.sample(sorted(OPTIONS["colour"]), 2)
    return [_variant(main, colour, size) for colour in colours for size in OPTIONS["size"]]


def _variant(main: dict, colour: str, size: str) -> dict:
    sku = f"{main['identifier']}-{colour.upper()}-{size.upper()}"
    values = {a: [e[0], f"inherited:{main['identifier']}", e[2]] for a, e in main["values"].items()}
    own = {"sku": sku, "colour": colour, "size": size, "gtin": _gtin(sku)}
    return main | {
        "uuid": f"00000000-0000-4000-8000-{_digest(sku)[:12]}",
        "identifier": sku,
        "role": "item",
        "parent": main["identifier"],
        "axes": ["colour", "size"],
        "slug": sku.lower(),
        "values": values | {a: [data, "own", ""] for a, data in own.items()},
    }


def _gtin(text: str) -> str:
    digits = f"640{int(_digest(text)[:8], 16) % 10**9:09}"
    total = sum(int(d) * (3 if n % 2 else 1) for n, d in enumerate(digits))
    return f"{digits}{-total % 10}"


def _facts(body: dict) -> Facts:
    if body["role"] == "model":
        return Facts()
    amount = body["values"]["price"][0]["EUR"]
    price = {"currency": "EUR", "amount": f"{amount}.90", "min_quantity": 1}
    price |= {"price_list": "retail", "tax_included": True, "valid_to": None}
    state = {"state": "in_stock", "quantity": 12, "available_on": None}
    return Facts((price,), state)


def hostile_unit(locale: str = "en", *, number: int = 9000) -> Unit:
    """Return a unit whose every text tries to break the page it is put on."""
    plain = unit(0, locale)
    body = plain.main(locale).body
    texts = {
        "name": "</script><img src=http://evil.example/x.png> & \u202eاسم ⁦Ünïcödé⁩ 🧶" * 3,
        "intro": "\u202e مرحبا <b>&amp;</b> ]]> {{ 7*7 }} {% now %} 🧶" + "\x07",
        "text": '<script>alert(1)</script><img src="http://evil.example/x.png"><p onclick=x>ok</p>'
        + "x" * 10_000,
        "colour": "no-such-option",
        "weight": {"amount": "99999999999999999999.000001", "unit": "NO_SUCH_UNIT"},
        "width": {"amount": "-5", "unit": "CENTIMETER"},
        "care": [],
        "since": "0001-01-01",
        "brand": ["gone"],
        "pictures": ["gone"],
        "sizes": [{"size": "Donaudampfschifffahrtsgesellschaft" * 4, "width": "12"}, {}],
    }
    values = body["values"] | {a: [data, "own", ""] for a, data in texts.items()}
    sku = "HOSTILE-<&>\"'/../%00"
    new = body | {"identifier": sku, "root": sku, "name": texts["name"], "values": values}
    new |= {"slug": "hostile", "image": "gone", "categories": ["gone"]}
    return Unit(number, {locale: (Listing(number, _digest(new), new),)}, {sku: Facts()})


def empty_unit(locale: str = "en", *, number: int = 9001) -> Unit:
    """Return a unit with an identifier and nothing else."""
    body = unit(0, locale).main(locale).body
    new = body | {"identifier": "EMPTY-1", "root": "EMPTY-1", "slug": "empty-1"}
    new |= {"name": "[EMPTY-1]", "categories": [], "records": {}}
    new |= {"values": {"sku": ["EMPTY-1", "own", ""]}}
    return Unit(number, {locale: (Listing(number, _digest(new), new),)}, {})


def context(kind, locale: str, folder: Path, *, memo=None, tokens=None, **options) -> RenderContext:
    """Return a render context of `kind` over the pictures in `folder`, options at defaults."""
    chosen = {option.code: option.default for option in kind.options} | options
    scratch = folder / "scratch"
    scratch.mkdir(parents=True, exist_ok=True)
    return RenderContext(
        output="sample",
        kind=kind.code,
        channel="shop",
        audience="consumer",
        locales=(locale,),
        labels={locale: labels(locale)},
        options=chosen,
        tokens={"brand": "Halla"} if tokens is None else tokens,
        public_url="https://halla.example",
        assets=FileAssets(folder / "assets"),
        scratch=scratch,
        memo=memo,
    )


def plan(items: int, *, number: int = 7):
    """Return an edition plan whose touchpoints code identifier and place."""
    from syndication.contract import EditionPlan

    def touchpoint(identifier: str, place: str) -> str:
        return f"https://halla.example/q/{_digest([identifier, place])[:10]}"

    return EditionPlan(
        number=number,
        issued_on="2026-11-22",
        data_version=41,
        items=items,
        touchpoint=touchpoint,
    )


class FolderSink(SimpleNamespace):
    """A `FileSink` that writes into a folder."""

    def open(self, name: str, *, media_type: str):
        path = Path(self.folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("w+b")


def _digest(data) -> str:
    return hashlib.sha256(repr(data).encode()).hexdigest()
