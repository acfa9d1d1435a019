"""QR landing pages: a complete HTML page per product and locale, and the codes that lead there."""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import orjson
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from ..contract import Made, Option, OutputKind, Piece, Refusal, RenderContext, Unit
from ..rendering import pages
from ..rendering.landing_page import fill, page, qr_target
from ..rendering.qr import qr_pdf, qr_png, qr_svg
from ..rendering.qr_sheet import QrSheet, qr_modules
from ..rendering.tokens import OF_SCREENS, merged
from ..rendering.view import View, views
from ..rendering.zips import StableZip, check_zip

ZIP, PDF = "application/zip", "application/pdf"


class Landing(OutputKind):
    """Landing pages. A fragment holds the pages of a root and of each of its variants.

    The payload is JSON, {"pages": {slug: HTML}, "codes": {slug: [SVG, PNG, PDF, modules]}}. The
    pages have three holes (language switch, hreflang, data sheet) that whoever serves or assembles
    them fills by `rendering.landing_page.fill`.
    """

    code = "landing"
    label = _("QR landing pages")
    version = 3
    unit = "model"
    roles = ("item", "model")
    part_size = 200
    # The address of the style sheet, in every page, stands for all else that screens read.
    fragment_tokens = ("brand", "tagline", "logo", "logo_dark", "colours")
    assembly_tokens = OF_SCREENS
    options = (
        Option(
            "currency",
            "text",
            _("Currency"),
            help=_("Empty: the locale's own, else the channel's first."),
        ),
    )

    def environment(self, context: RenderContext) -> str:
        """Return the digest of the templates and of the style sheet's address."""
        style = pages.style_name(merged(context.tokens))
        return f"{pages.template_digest('outputs/landing')}|{style}"

    def pages(self, unit: Unit, context: RenderContext) -> dict[str, str]:
        """Return {slug: HTML} of the unit's listings; a live page is one of these."""
        members = views(unit, context.labels[context.locale], locale=context.locale)
        return {view.body["slug"]: page(view, members, context) for view in members}

    def fragment(self, unit: Unit, context: RenderContext) -> Made:
        """Return the pages of the unit and the codes that lead to them."""
        members = views(unit, context.labels[context.locale], locale=context.locale)
        base = context.public_url
        made = {
            "pages": self.pages(unit, context),
            "codes": {v.body["slug"]: _codes(qr_target(v, base=base)) for v in members},
        }
        return Made(orjson.dumps(made), tuple(_warnings(members)))

    def summary(self, unit: Unit, context: RenderContext) -> dict:
        """Return what the index and the codes need: [[slug, identifier, name, QR text], …]."""
        members = views(unit, context.labels[context.locale], locale=context.locale)
        base = context.public_url
        return {
            "pages": [
                [v.body["slug"], v.identifier, v.name, qr_target(v, base=base)] for v in members
            ]
        }

    def assemble(
        self, plan, pieces: Iterable[Piece], context: RenderContext, sink
    ) -> Iterator[Refusal]:
        """Write pages.<locale>.zip (a static site), and the codes as a ZIP and as a PDF sheet."""
        locale, rows = context.locale, []
        with ExitStack() as stack:
            target = stack.enter_context(sink.open(f"pages.{locale}.zip", media_type=ZIP))
            site = stack.enter_context(StableZip(target))
            target = stack.enter_context(sink.open(f"qr-codes.{locale}.zip", media_type=ZIP))
            codes = stack.enter_context(StableZip(target))
            sheet = QrSheet(
                stack.enter_context(sink.open(f"qr-codes.{locale}.pdf", media_type=PDF))
            )
            for piece in pieces:
                made = orjson.loads(piece.payload)
                _add_pages(site, made["pages"], context)
                for slug, identifier, name, url in piece.summary["pages"]:
                    drawn = made["codes"][slug]
                    _add_codes(codes, site, drawn, path=f"p/{locale}/{slug}")
                    sheet.add(identifier, url, drawn[3])
                    rows.append({"name": name, "identifier": identifier, "slug": slug})
            sheet.close()
            _add_rest(site, rows, context)
        return ()

    def verify(self, path: Path, name: str, plan) -> None:
        """Refuse a damaged archive or a PDF without its end."""
        if name.endswith(".zip"):
            check_zip(path, name)
        elif not path.read_bytes()[-32:].rstrip().endswith(b"%%EOF"):
            raise ValueError(f"{name} is not a whole PDF.")


def _warnings(members: list[View]) -> Iterator[Refusal]:
    for view in members:
        if not view.pictures:
            message = gettext_noop("There is no picture.")
            yield Refusal(view.identifier, "missing_image", message, "image", "warning")
        if not (view.text("description") or view.text("short_description")):
            message = gettext_noop("There is no description in this language.")
            yield Refusal(view.identifier, "missing_description", message, "description", "warning")


def _codes(url: str) -> list:
    """Return a code as SVG, PNG and PDF (base64) and as its modules."""
    return [
        qr_svg(url),
        b64encode(qr_png(url)).decode(),
        b64encode(qr_pdf(url)).decode(),
        qr_modules(url),
    ]


def _add_pages(site: StableZip, made: dict[str, str], context: RenderContext) -> None:
    """Add the pages of a unit; pictures stay where the public address serves them."""
    for slug, html in made.items():
        path = f"/p/{context.locale}/{slug}"
        whole = fill(html, {context.locale: path}, base=context.public_url, current=context.locale)
        media = f"{context.public_url}/media/"
        for before in ('="/media/', " /media/"):
            whole = whole.replace(before, before.replace("/media/", media))
        whole = whole.replace(f'src="{path}/qr.svg"', 'src="qr.svg"')
        site.add(f"p/{context.locale}/{slug}/index.html", whole)


def _add_codes(codes: StableZip, site: StableZip, drawn: list, *, path: str) -> None:
    slug = path.rsplit("/", 1)[-1]
    codes.add(f"{slug}.svg", drawn[0])
    codes.add(f"{slug}.png", b64decode(drawn[1]))
    codes.add(f"{slug}.pdf", b64decode(drawn[2]))
    site.add(f"{path}/qr.svg", drawn[0])


def _add_rest(site: StableZip, rows: list[dict], context: RenderContext) -> None:
    """Add the index, the style sheet and the web fonts."""
    from ..rendering.listing_page import index_page

    tokens = merged(context.tokens)
    site.add(f"p/{context.locale}/index.html", index_page(rows, context))
    site.add(f"p/style/{pages.style_name(tokens)}", pages.style_sheet(tokens))
    for name in pages.fonts_for(context.locales, tokens):
        site.add(f"p/fonts/{name}", context.remember(f"font:{name}", partial(_font, name, context)))


def _font(name: str, context: RenderContext) -> bytes:
    return pages.font_file(name, cache_folder=context.scratch / "fonts").read_bytes()
