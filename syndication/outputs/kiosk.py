"""Kiosk: an offline app with its data, pictures and fonts, as one manifest of hashed files."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

import orjson
from django.utils.translation import gettext_lazy as _

from ..contract import Made, Option, OutputKind, Piece, Refusal, RenderContext, Unit
from ..rendering import kiosk_data as data
from ..rendering import pages
from ..rendering.icons import icon_png
from ..rendering.landing_page import qr_target
from ..rendering.qr_sheet import qr_modules
from ..rendering.tokens import OF_SCREENS, css_variables, merged, tagline
from ..rendering.view import views

FOLDER = "outputs/kiosk"
SCHEMA = 1
TYPES = {
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "json": "application/json",
    "webp": "image/webp",
    "png": "image/png",
    "woff2": "font/woff2",
    "webmanifest": "application/manifest+json",
}


class Kiosk(OutputKind):
    """The touch kiosk. A fragment is {"pages": {locale: document}, "files": {name: source}}.

    The manifest (`bundle.json`, or `bundle.<locale>.json` where each locale has an edition of
    its own) names every file with its sha256; file names hold a digest of their bytes.
    """

    code = "kiosk"
    label = _("Kiosk")
    version = 2
    unit = "model"
    roles = ("item", "model")
    part_size = 50
    seconds = 1800
    combinable = True
    fragment_tokens = ()
    assembly_tokens = OF_SCREENS
    options = (
        Option("title", "text", _("Title"), help=_("Shown large while nobody is using the kiosk.")),
        Option(
            "currency",
            "text",
            _("Currency"),
            help=_("Empty: the locale's own, else the channel's first."),
        ),
        Option("idle_seconds", "number", _("Start again after seconds"), 60, help=_("30 to 120.")),
        Option("poll_seconds", "number", _("Look for new content every seconds"), 300),
    )

    def environment(self, context: RenderContext) -> str:
        """Return the digest of the templates that values are put into."""
        return pages.template_digest("outputs/landing")

    def fragment(self, unit: Unit, context: RenderContext) -> Made:
        """Return the documents of the unit in every locale, and the pictures they show."""
        files: dict[str, list] = {}
        found, wrong = {}, {}
        for locale in context.locales:
            if not unit.listings.get(locale):
                continue
            members = views(unit, context.labels[locale], locale=locale)
            local = _in_locale(context, locale)
            found[locale], refusals = data.product(members, local, files)
            found[locale]["qr"] = qr_target(members[0], base=context.public_url)
            wrong.update(dict.fromkeys(refusals))
        return Made(orjson.dumps({"pages": found, "files": files}), tuple(wrong))

    def assemble(
        self, plan, pieces: Iterable[Piece], context: RenderContext, sink
    ) -> Iterator[Refusal]:
        """Write data, pictures, app, fonts and icons under hashed names, then the manifest."""
        bundle = _Bundle(sink)
        sources = _write_data(bundle, plan, pieces, context)
        for name, (sha256, width) in sorted(sources.items()):
            path = context.assets.derivative(sha256, width=width, media_type="image/webp")
            bundle.add_named(name, path.read_bytes())
        logo = _add_logo(bundle, context)
        entry = _write_app(bundle, context)
        files = sorted(bundle.files, key=lambda file: file["url"])
        version = hashlib.sha256(json.dumps(files).encode()).hexdigest()
        manifest = {
            "bundle_id": context.output,
            "version": version,
            "created": plan.issued_on,
            "edition": plan.number,
            "schema": SCHEMA,
            "entry": entry,
            "idle_seconds": int(context.options.get("idle_seconds") or 60),
            "poll_seconds": int(context.options.get("poll_seconds") or 300),
            "title": context.options.get("title") or "",
            "brand": _brand(context),
            "logo": logo,
            "locales": bundle.locales,
            "files": files,
        }
        combined = len(context.locales) > 1
        name = "bundle.json" if combined else f"bundle.{context.locale}.json"
        with sink.open(name, media_type="application/json") as target:
            target.write(orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
        return ()

    def verify(self, path: Path, name: str, plan) -> None:
        """Refuse a file whose bytes are not those its name says."""
        parts = name.split(".")
        if parts[0] == "bundle":
            orjson.loads(path.read_bytes())
        elif not hashlib.sha256(path.read_bytes()).hexdigest().startswith(parts[-2]):
            raise ValueError(f"{name} does not hold the bytes its name says.")


class _Bundle:
    """Writes files under names that hold their digest, and lists them for the manifest."""

    def __init__(self, sink):
        self.sink, self.files, self.locales = sink, [], []
        self.names: set[str] = set()

    def add(self, stem: str, ending: str, payload: bytes) -> str:
        """Write `payload`; return its name."""
        digest = hashlib.sha256(payload).hexdigest()
        return self.add_named(f"{stem}.{digest[:20]}.{ending}", payload)

    def add_named(self, name: str, payload: bytes) -> str:
        if name in self.names:
            return name
        self.names.add(name)
        media_type = TYPES[name.rsplit(".", 1)[-1]]
        with self.sink.open(name, media_type=media_type) as target:
            target.write(payload)
        digest = hashlib.sha256(payload).hexdigest()
        self.files.append({"url": name, "sha256": digest, "size": len(payload), "type": media_type})
        return name


def _in_locale(context: RenderContext, locale: str) -> RenderContext:
    from dataclasses import replace

    return replace(context, locales=(locale,))


def _brand(context: RenderContext) -> str:
    labels = context.labels[context.locale].body
    return merged(context.tokens).get("brand") or labels["channel"]["label"]


def _add_logo(bundle: _Bundle, context: RenderContext) -> str:
    """Write the logo for dark ground; return its name, "" where the brand is set as a word."""
    sha = merged(context.tokens)["logo_dark"]
    if not sha:
        return ""
    path = context.assets.derivative(sha, width=480, media_type="image/png")
    return bundle.add("logo", "png", path.read_bytes())


def _write_data(bundle: _Bundle, plan, pieces, context: RenderContext) -> dict[str, list]:
    """Write one data file per locale; return the pictures that all of them show."""
    sources: dict[str, list] = {}
    paths = {locale: context.scratch / f"data.{locale}.json" for locale in context.locales}
    streams = {locale: path.open("wb") for locale, path in paths.items()}
    try:
        for locale, stream in streams.items():
            head = orjson.dumps(data.language(context, locale))
            stream.write(head[:-1] + b',"products":[')
        for n, piece in enumerate(pieces):
            made = orjson.loads(piece.payload)
            sources.update(made["files"])
            for locale, document in made["pages"].items():
                document["qr"] = qr_modules(_coded(plan, document, locale))
                streams[locale].write(b"\n" + orjson.dumps({"n": n, **document}) + b",")
        for stream in streams.values():
            stream.write(b"null]}")
    finally:
        for stream in streams.values():
            stream.close()
    for locale, path in paths.items():
        name = bundle.add(f"data.{locale}", "json", path.read_bytes())
        body = context.labels[locale].body
        row = {"locale": locale, "name": data.language_name(locale), "data": name}
        row["tagline"] = tagline(context.tokens, locale)
        bundle.locales.append({**row, "direction": body["direction"]})
    return sources


def _coded(plan, document: dict, locale: str) -> str:
    """Return what the code says: this edition's touchpoint, else the product's own address."""
    if plan.touchpoint is None:
        return document["qr"]
    return plan.touchpoint(document["id"], f"kiosk {locale}")


def _write_app(bundle: _Bundle, context: RenderContext) -> str:
    """Write fonts, style, script, icons and the page; return the name of the page."""
    tokens = merged(context.tokens)
    colours = tokens["colours"]
    folder = pages.TEMPLATES / FOLDER
    style = _fonts(bundle, context) + css_variables(tokens) + (folder / "style.css").read_text()
    script = "\n".join(p.read_text() for p in sorted((folder / "app").glob("*.js")))
    icons = [
        {
            "src": bundle.add("icon", "png", _icon(context, size, masked, colours)),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": "maskable" if masked else "any",
        }
        for size in (192, 512)
        for masked in (False, True)
    ]
    web_app = {
        "id": "./",
        "name": context.options.get("title") or _brand(context),
        "short_name": _brand(context)[:12],
        "start_url": "./",
        "scope": "./",
        "display": "fullscreen",
        "orientation": "any",
        "lang": context.locale,
        "dir": context.labels[context.locale].body["direction"],
        "theme_color": colours["pine"],
        "background_color": colours["birch"],
        "icons": icons,
    }
    values = {
        "brand": _brand(context),
        "locale": context.locale,
        "colour": colours["pine"],
        "icon": icons[0]["src"],
        "style": bundle.add("app", "css", style.encode()),
        "script": bundle.add("app", "js", script.encode()),
        "webmanifest": bundle.add("app", "webmanifest", orjson.dumps(web_app)),
    }
    return bundle.add("index", "html", pages.render(f"{FOLDER}/index.html", values).encode())


def _icon(context: RenderContext, size: int, masked: bool, colours: dict) -> bytes:
    key = f"icon:{size}:{masked}:{colours['pine']}:{colours['on_dark']}"
    return context.remember(
        key,
        lambda: icon_png(size, ground=colours["pine"], leaf=colours["on_dark"], masked=masked),
    )


def _fonts(bundle: _Bundle, context: RenderContext) -> str:
    """Write the web fonts that the locales need; return their rules."""
    names = {}
    # One app serves all languages of the channel, also where each has an edition of its own.
    spoken = context.labels[context.locale].body["locales"]
    tokens = merged(context.tokens)
    for name in pages.fonts_for(tuple(spoken), tokens):
        payload = context.remember(f"font:{name}", partial(_font, name, context))
        names[name] = bundle.add("font", "woff2", payload)
    return pages.font_faces("", tokens, names=names)


def _font(name: str, context: RenderContext) -> bytes:
    return pages.font_file(name, cache_folder=context.scratch / "fonts").read_bytes()
