"""Binds cards and furniture into one PDF: places, stamps, links, outline and metadata."""

import hashlib
import io
from typing import Any

from .sheet import MM, PAGE, Box, Sheet
from .stamps import number_font, number_operators

TARGET = "x-page:"  # furniture links to pages by number; binding turns them into destinations
PRODUCER = "PIM catalogue"
COUNTS = ("/CataloguePages", "/CatalogueProducts", "/CataloguePictures")


class Binder:
    """Collects the pages of one catalogue in their final order."""

    def __init__(self, *, sheet: Sheet, locale: str):
        import pikepdf

        self.lib, self.sheet, self.locale = pikepdf, sheet, locale
        self.pdf = pikepdf.new()
        self.font = number_font(self.pdf)
        self.images: dict[str, Any] = {}
        self.outline: list[tuple[int, str, int]] = []
        self.products = 0
        self.pictures = 0

    @property
    def count(self) -> int:
        return len(self.pdf.pages)

    def add(self, payload: bytes) -> None:
        """Append ready-made pages."""
        with self.lib.open(io.BytesIO(payload)) as source:
            self.pdf.pages.extend(source.pages)

    def blank(self) -> None:
        self.pdf.add_blank_page(page_size=(round(PAGE[0], 3), round(PAGE[1], 3)))

    def mark(self, title: str, *, level: int = 0) -> None:
        """Put the next page into the outline."""
        self.outline.append((level, title, self.count))

    def forms(self, payload: bytes) -> list:
        """Return the pages of a PDF as forms to be placed."""
        source = self.lib.open(io.BytesIO(payload))
        return [self.pdf.copy_foreign(page.as_form_xobject()) for page in source.pages]

    def product_page(
        self, galley: bytes, *, codes: list["Code"], frame: dict[str, Any], titles: list
    ) -> None:
        """Append a page of cards from their galley; `titles` are (row, form) pairs.

        `frame` holds the running head /H, the foot /F and the words /W beside a code; `codes`
        are (place, URL, drawing) each.
        """
        page = self.count + 1
        forms, parts, links = {**frame, "/G": self._galley(galley)}, [_place("/G", 0, 0)], []
        for place, url, (across, drawing) in codes:
            box = self.sheet.code(self.sheet.slot(place, page=page))
            forms[f"/Q{place}"] = self._code(across, drawing)
            parts.append(_scaled(f"/Q{place}", box, box.width / across))
            words = self.sheet.caption(box)
            parts.append(_place("/W", words.x, words.y))
            links.append(self._link(box, url))
        left = self.sheet.margin_left(page)
        for row, form in titles:
            forms[f"/T{row}"] = form
            parts.append(_place(f"/T{row}", left, self.sheet.row_top(row) + 1 * MM))
        parts += [_place("/H", left, PAGE[1] - 21.5 * MM), _place("/F", left, 8.2 * MM)]
        self._append(forms, b"".join([*parts, self._number(page)]), links)

    def _code(self, across: int, drawing: bytes):
        name = self.lib.Name
        return self.lib.Stream(
            self.pdf,
            drawing,
            Type=name.XObject,
            Subtype=name.Form,
            BBox=[0, 0, across, across],
            Resources=self.lib.Dictionary(),
            Filter=name.FlateDecode,
        )

    def number_furniture(self, first: int, last: int) -> None:
        """Stamp the numbers on furniture pages (counted from 1) that are already bound."""
        for page in range(first, last + 1):
            target = self.pdf.pages[page - 1]
            target.add_resource(self.font, self.lib.Name.Font, self.lib.Name("/Pn"))
            target.contents_add(b"Q\n" + self._number(page), prepend=False)
            target.contents_add(b"q\n", prepend=True)

    def _number(self, page: int) -> bytes:
        left = self.sheet.is_left(page)
        x = self.sheet.outer if left else PAGE[0] - self.sheet.outer
        return b"0.13 0.16 0.17 rg\n" + number_operators(page, x=x, y=9.5 * MM, right=not left)

    def _galley(self, payload: bytes):
        form = self.forms(payload)[0]
        for card in form.Resources.XObject.values():
            self.products += 1
            images = card.get("/Resources", {}).get("/XObject", {})
            for name in list(images.keys()):
                images[name] = self._shared(images[name])
            self.pictures += len(images)
        return form

    def _shared(self, image):
        """One picture on many cards is stored once."""
        if image.get("/Subtype") != "/Image":
            return image
        digest = hashlib.sha256(image.read_raw_bytes()).hexdigest()
        return self.images.setdefault(digest, image)

    def _link(self, box: Box, url: str):
        name, dictionary = self.lib.Name, self.lib.Dictionary
        action = dictionary(S=name.URI, URI=self.lib.String(url))
        return dictionary(
            Type=name.Annot, Subtype=name.Link, Rect=box.link(), Border=[0, 0, 0], A=action, F=4
        )

    def _append(self, forms: dict, content: bytes, links: list) -> None:
        name, dictionary = self.lib.Name, self.lib.Dictionary
        fonts = dictionary({"/Pn": self.font})
        page = dictionary(
            Type=name.Page,
            MediaBox=[0, 0, round(PAGE[0], 3), round(PAGE[1], 3)],
            Resources=dictionary(XObject=dictionary(forms), Font=fonts),
            Contents=self.pdf.make_stream(content),
        )
        if links:
            page.Annots = self.pdf.make_indirect(self.lib.Array(links))
        self.pdf.pages.append(self.lib.Page(self.pdf.make_indirect(page)))

    def finish(self, target, *, title: str, author: str, issued_on: str, first: int) -> None:
        """Resolve links, write outline, labels and metadata, and save to a binary file."""
        self._resolve()
        self._outline()
        self._catalogue(first)
        self._metadata(title=title, author=author, issued_on=issued_on)
        self.pdf.save(
            target,
            deterministic_id=True,
            object_stream_mode=self.lib.ObjectStreamMode.generate,
            compress_streams=True,
        )

    def _resolve(self) -> None:
        for page in self.pdf.pages:
            for note in page.obj.get("/Annots", []):
                uri = str(note.get("/A", {}).get("/URI", ""))
                if uri.startswith(TARGET):
                    goal = self.pdf.pages[int(uri.removeprefix(TARGET)) - 1]
                    del note["/A"]
                    note.Dest = self.lib.Array([goal.obj, self.lib.Name.Fit])

    def _outline(self) -> None:
        with self.pdf.open_outline() as outline:
            parents = [outline.root]
            for level, title, page in self.outline:
                item = self.lib.OutlineItem(title, page)
                del parents[level + 1 :]
                parents[level].append(item)
                parents.append(item.children)

    def _catalogue(self, first: int) -> None:
        name, dictionary = self.lib.Name, self.lib.Dictionary
        root = self.pdf.Root
        root.Lang = self.lib.String(self.locale)
        reading = name.R2L if self.sheet.rtl else name.L2R
        root.ViewerPreferences = dictionary(DisplayDocTitle=True, Direction=reading)
        root.PageLayout = name.TwoPageRight
        root.PageMode = name.UseOutlines
        cover = dictionary(P=self.lib.String("Cover"))
        labels = [0, cover, 1, dictionary(S=name.D, St=2)]
        root.PageLabels = dictionary(Nums=self.lib.Array(labels))

    def _metadata(self, *, title: str, author: str, issued_on: str) -> None:
        with self.pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
            xmp["dc:title"] = title
            xmp["dc:creator"] = [author or PRODUCER]
            xmp["dc:language"] = {self.locale}
            xmp["dc:format"] = "application/pdf"
            xmp["pdf:Producer"] = PRODUCER
            xmp["xmp:CreateDate"] = f"{issued_on}T00:00:00Z"
        date = f"D:{issued_on.replace('-', '')}000000Z"
        info = self.pdf.docinfo
        info["/Title"], info["/Author"], info["/Producer"] = title, author, PRODUCER
        info["/CreationDate"] = info["/ModDate"] = date
        for name, count in zip(COUNTS, (self.count, self.products, self.pictures), strict=True):
            info[name] = str(count)


Code = tuple[int, str, tuple[int, bytes]]


def _scaled(name: str, box: Box, unit: float) -> bytes:
    """Draw a form whose y runs down, `unit` points to each of its own, into a box."""
    top = box.y + box.height
    return f"q {unit:.5f} 0 0 {-unit:.5f} {box.x:.3f} {top:.3f} cm {name} Do Q\n".encode()


def _place(name: str, x: float, y: float) -> bytes:
    return f"q 1 0 0 1 {x:.3f} {y:.3f} cm {name} Do Q\n".encode()
