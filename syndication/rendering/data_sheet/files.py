"""The files of an edition of data sheets: a PDF per product, a ZIP of all, an index."""

import hashlib
import io
from collections.abc import Iterable
from contextlib import ExitStack

from syndication.contract import EditionPlan, PageNote, Piece, Refusal, RenderContext, Unit

from ..addresses import page_path
from ..booklet.imposing import booklet_name, fold_of, impose
from ..formats import Formatter, cldr_locale
from ..ndjson import line
from ..offers import unpriced
from ..press.entry import stage_of
from ..press.findings import reported
from ..press.stage import SCREEN
from ..print.parts import Pack
from ..print.prices import Prices, wanted_currency
from ..print.sheet import MM
from ..print.volume import Shown, Volume, coded, links_of, placed
from ..tongues import in_all
from ..view import views
from ..words import words
from ..zips import StableZip
from .names import sheet_name
from .setting import PAGE, code_place, strip

PDF, ZIP, JSON = "application/pdf", "application/zip", "application/json"
STRIP_AT = (18 * MM, 12.4 * MM)  # from the beginning of the line, from the bottom
STRIP_WIDE = 130 * MM


def summarise(unit: Unit, context: RenderContext) -> dict:
    """Return what files and index must know of a unit."""
    locale = context.locale
    found = views(unit, context.labels[locale], locale=locale)
    main = found[0]
    return {
        "name": " ".join(main.name.split()),
        "slug": main.body.get("slug", ""),
        "articles": [view.identifier for view in found[1:]],
        "priced": Prices(main, found[1:], context).known,
    }


class Files:
    """Writes the files of one edition to its sink."""

    def __init__(self, plan: EditionPlan, context: RenderContext, sink):
        self.plan, self.context, self.sink = plan, context, sink
        self.tag = "-".join(context.locales)
        self.rtl = cldr_locale(context.locale).text_direction == "rtl"
        self.strip = self._strip()
        self.rows: list[dict] = []
        self.priced = False  # whether any product has a price
        self.told: list[Refusal] = []
        self.form = context.options.get("form") or SCREEN

    def write(self, pieces: Iterable[Piece]) -> list[Refusal]:
        """Write every sheet, the archive and the index; return what must be reported."""
        separate = self.context.options.get("separate") is not False
        with ExitStack() as stack:
            name = f"data-sheets.{self.tag}.zip"
            target = stack.enter_context(self.sink.open(name, media_type=ZIP))
            archive = stack.enter_context(StableZip(target))
            booklets = self._booklets(stack)
            for piece in pieces:
                name, payload = self._add(piece, archive, separate)
                if booklets:
                    booklets.store(booklet_name(name).rpartition("/")[2], self._imposed(payload))
        self._index()
        wanted = self.context.options.get("prices") is True and wanted_currency(self.context)
        if wanted and self.rows and not self.priced:
            self.told.append(unpriced(wanted))
        return self.told

    def _booklets(self, stack: ExitStack) -> StableZip | None:
        """Return the archive of imposed sheets, None where none are wanted."""
        self.fold = fold_of(self.context)
        if not self.fold:
            return None
        target = self.sink.open(f"data-sheets.{self.tag}.booklets.zip", media_type=ZIP)
        return stack.enter_context(StableZip(stack.enter_context(target)))

    def _imposed(self, payload: bytes) -> bytes:
        out = io.BytesIO()
        impose(io.BytesIO(payload), out, self.fold)
        return out.getvalue()

    def _add(self, piece: Piece, archive: StableZip, separate: bool) -> tuple[str, bytes]:
        """Add a sheet to the archive and the index; return its name and its bytes."""
        payload, pages = self._bound(piece)
        self.priced = self.priced or piece.summary.get("priced") is True
        name = sheet_name(piece.identifier, tag=self.tag, form=self.form)
        archive.store(name.rpartition("/")[2], payload)
        if separate:
            with self.sink.open(name, media_type=PDF) as target:
                target.write(payload)
            whole = [(piece.identifier, (0.0, 0.0, *PAGE))]
            named = piece.summary["name"]
            self.plan.pages.extend(
                PageNote(name, n, str(n), named, whole) for n in range(1, pages + 1)
            )
        self.rows.append(
            {
                "identifier": piece.identifier,
                "name": piece.summary["name"],
                "articles": piece.summary["articles"],
                "file": name,
                "pages": pages,
                "size": len(payload),
                "sha256": hashlib.sha256(payload).hexdigest(),
            }
        )
        return name, payload

    def _bound(self, piece: Piece) -> tuple[bytes, int]:
        """Return a sheet's PDF with the foot and the code of this edition, and its pages."""
        out, pack = io.BytesIO(), Pack.from_bytes(piece.payload)
        volume = Volume(out, locale=self.context.locale, rtl=self.rtl, stage=stage_of(self.context))
        forms = volume.place(pack)
        foot = volume.place(self.strip)[0] if self.strip else 0
        for n, form in enumerate(forms):
            known, content = {"P": form}, [placed("P")]
            if n == 0:
                content += self._code(piece)
            if foot:
                x = PAGE[0] - STRIP_AT[0] - STRIP_WIDE if self.rtl else STRIP_AT[0]
                known["F"] = foot
                content.append(placed("F", x, STRIP_AT[1]))
            volume.page(PAGE, content, forms=known, links=links_of(pack.notes[n]))
        brand = str(self.context.tokens.get("brand") or "")
        name = piece.summary["name"]
        volume.finish(title=name, author=brand, issued_on=self.plan.issued_on)
        self.told += reported(volume.findings, of=piece.identifier)
        return out.getvalue(), len(forms)

    def _code(self, piece: Piece) -> list[Shown]:
        url = self._url(piece)
        if not url:
            return []
        x, y, side = code_place(rtl=self.rtl)
        return [coded(url, x=x, y=y, side=side, remember=self.context.remember)]

    def _url(self, piece: Piece) -> str:
        """Return the address to be coded: counted in this edition, or the same for ever."""
        chosen = self.context.options.get("codes")
        if chosen == "none":
            return ""
        if chosen != "permanent" and self.plan.touchpoint:
            return self.plan.touchpoint(piece.identifier, "data-sheet")
        slug = piece.summary["slug"] or piece.identifier
        return self.context.public_url + page_path(slug, locale=self.context.locale)

    def _strip(self) -> Pack | None:
        if self.context.options.get("imprint") is False:
            return None
        labels = self.context.labels[self.context.locale]
        issued = Formatter(labels, locale=self.context.locale).date(self.plan.issued_on)
        word = in_all(self.context.locales, lambda code: words(code)["edition"])
        edition = f"{word} {self.plan.number}"
        url = self.context.public_url.removeprefix("https://").removeprefix("http://")
        text = " · ".join(filter(None, [edition, issued, self.context.tokens.get("brand"), url]))
        return Pack.from_bytes(strip(text, self.context))

    def _index(self) -> None:
        plan, context = self.plan, self.context
        document = {
            "output": context.output,
            "channel": context.channel,
            "audience": context.audience,
            "locales": list(context.locales),
            "edition": plan.number,
            "issued_on": plan.issued_on,
            "count": len(self.rows),
            "archive": f"data-sheets.{self.tag}.zip",
            "sheets": self.rows,
        }
        with self.sink.open(f"data-sheets.{self.tag}.json", media_type=JSON) as target:
            target.write(line(document))
