"""An outside reference for the catalogue: the same content set by Typst, a compiled typesetter.

Same products, words, codes and page format, the pictures at print size, contents and index with
page numbers. Run by `print_catalogue --typst` in a process of its own; prints its peak memory in
KB and its CPU seconds. Needs `pip install typst`; nothing else of the product does.
"""

import json
import resource
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.print_naive import LOCALE, arranged
from syndication.outputs.catalogue import Catalogue
from syndication.rendering.fonts import FOLDERS
from syndication.rendering.print.cards import Card
from syndication.rendering.print.placing import Placing
from syndication.rendering.qr import qr_svg
from tests.factories import listings, pictures

MISSING = 7  # exit code where there is no Typst
PAGES = """
#let book = json("book.json")
#set page(paper: "a4", margin: (top: 25mm, right: 15mm, bottom: 19mm, left: 19mm))
#set text(font: "Noto Sans", size: 7.6pt, lang: "en", hyphenate: true)
#set par(leading: 0.5em, spacing: 0.7em)
#show heading: it => text(font: "Noto Serif Display", size: 40pt, it.body)
#let serif(size, body) = text(font: "Noto Serif Display", size: size, weight: "bold", body)
#let rows(items, columns) = table(
  columns: columns, inset: (x: 0pt, y: 1.2pt), stroke: (x, y) => (top: 0.35pt + luma(80%)),
  ..items.flatten())
#let card(it) = block(
  height: 79mm, width: 100%, clip: true, stroke: (top: 0.6pt), inset: (top: 2mm),
  grid(columns: (33mm, 1fr), gutter: 4mm, [
    #image(it.photo, format: "jpg", width: 33mm, height: 42mm, fit: "cover")
    #text(size: 11pt, weight: "bold", fill: rgb("a0432a"), it.price)
    #image(bytes(it.code), format: "svg", width: 15mm)
  ], [
    #it.number #label(it.number)
    #block(above: 0.5em, serif(11.5pt, it.name))
    #it.intro
    #rows(it.values, (42%, 1fr))
    #rows(it.variants, (1fr, auto, auto))
  ]))
#align(horizon, heading(outlined: false, "Product catalogue"))
#pagebreak()
#outline(title: none)
#for chapter in book.chapters {
  pagebreak()
  align(horizon, heading(chapter.title))
  set page(header: chapter.title, footer: align(right, context counter(page).display()))
  for page in chapter.pages {
    grid(columns: (1fr, 1fr), gutter: 8mm, ..page.map(card))
    pagebreak(weak: true)
  }
}
#columns(3, for entry in book.index {
  link(label(entry.number))[#entry.name #box(width: 1fr)
    #context counter(page).at(label(entry.number)).first()]
  linebreak()
})
"""


def book(units, context) -> dict:
    """Return what the pages say, as plain values."""
    chapters, known = arranged(units, context)
    told = [
        {
            "title": chapter.title,
            "pages": [
                [card(slot.entry, known[slot.entry.identifier], context) for slot in leaf.cards]
                for leaf in chapter.leaves
            ],
        }
        for chapter in chapters
    ]
    names = sorted((e.name, e.identifier) for c in chapters for e in c.entries)
    return {"chapters": told, "index": [{"name": a, "number": b} for a, b in names]}


def card(entry, unit, context) -> dict:
    says = Card(unit, context, Placing(context).choose(unit).layout)
    return {
        "number": entry.identifier,
        "name": says.name,
        "intro": says.intro,
        "price": says.prices.shown["price"],
        "photo": str(says.pictures.first.path),
        "code": qr_svg(f"https://halla.example/q/{entry.identifier}"),
        "values": [list(row) for row in says.values[:8]],
        "variants": [[v["axes"], v["sku"], v["price"]] for v in says.variant_rows[:8]],
    }


def main():
    try:
        import typst
    except ImportError:
        sys.exit(MISSING)
    folder, products, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    painted = pictures.paint(folder, count=count)
    units = listings.units(products, LOCALE, pictures=painted)
    context = listings.context(Catalogue(), LOCALE, folder)
    (folder / "book.json").write_text(json.dumps(book(units, context)))
    (folder / "book.typ").write_text(PAGES)
    fonts = [str(path) for path in FOLDERS if path.is_dir()]
    typst.compile(folder / "book.typ", output=folder / "typst.pdf", root="/", font_paths=fonts)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(used.ru_maxrss, f"{used.ru_utime + used.ru_stime:.1f}")


if __name__ == "__main__":
    main()
