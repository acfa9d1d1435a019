"""The naive twin of the catalogue: one WeasyPrint call, CSS grid, original pictures.

Same products, same words, same codes, contents and index with page numbers by CSS. Run by
print_catalogue.py in a process of its own; prints its peak memory in KB and its CPU seconds.
"""

import base64
import resource
import sys
from html import escape
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from syndication.outputs.catalogue import Catalogue
from syndication.rendering.print import chapters as order
from syndication.rendering.print.cards import Card
from syndication.rendering.print.placing import Placing
from syndication.rendering.qr import qr_svg
from tests.factories import listings, pictures

LOCALE = "en"
CSS = """
@page { size: A4; margin: 25mm 15mm 19mm 19mm; @bottom-right { content: counter(page); }
  @top-left { content: string(chapter); } }
body { font: 7.6pt/1.36 "Noto Sans"; hyphens: auto; margin: 0; }
.cover, .opener { break-after: page; height: 250mm; } .opener { string-set: chapter content(); }
h1 { font: bold 40pt "Noto Serif Display"; }
h3 { font: bold 11.5pt/1.18 "Noto Serif Display"; margin: 0; }
.page { display: grid; grid-template-columns: 1fr 1fr; grid-template-rows: 79mm 79mm 79mm;
  gap: 8mm; break-after: page; height: 253mm; }
.card { display: grid; grid-template-columns: 33mm 1fr; gap: 4mm; border-top: 0.6pt solid;
  overflow: hidden; }
.card img.photo { width: 33mm; height: 42mm; object-fit: cover; } .card img.qr { width: 15mm; }
.price { font: bold 11pt "Noto Serif"; color: #a0432a; }
table { width: 100%; border-collapse: collapse; } th { text-align: left; font-weight: normal; }
td, th { border-top: 0.35pt solid #ccc; vertical-align: top; }
.contents a::after, .index a::after { content: " " target-counter(attr(href), page); }
.contents, .index { break-after: page; } .index { columns: 3; }
.contents a, .index a { display: block; }
"""


def card(entry, unit, context) -> str:
    says = Card(unit, context, Placing(context).choose(unit).layout)
    code = base64.b64encode(qr_svg(f"https://halla.example/q/{entry.identifier}").encode()).decode()
    values = "".join(f"<tr><th>{escape(a)}<td>{escape(b)}" for a, b in says.values[:8])
    variants = "".join(
        f"<tr><td>{escape(v['axes'])}<td>{escape(v['sku'])}<td>{escape(v['price'])}"
        for v in says.variant_rows[:8]
    )
    photo = context.assets.path(entry.picture["sha256"]).as_uri()
    return (
        f'<div class="card" id="{entry.identifier}"><div><img class="photo" src="{photo}">'
        f'<div class="price">{says.prices.shown["price"]}</div>'
        f'<img class="qr" src="data:image/svg+xml;base64,{code}"></div><div>{entry.identifier}'
        f"<h3>{escape(says.name)}</h3><p>{escape(says.intro)}</p><table>{values}</table>"
        f"<table>{variants}</table></div></div>"
    )


def arranged(units, context) -> tuple[list, dict]:
    """Return the chapters with their pages, and {article number: unit}."""
    labels = context.labels[LOCALE]
    known = {unit.main(LOCALE).identifier: unit for unit in units}
    entries = []
    for sku, unit in known.items():
        about = order.summarise(unit, labels, locale=LOCALE)
        texts = (about["name"], about["slug"], about["category"])
        entries.append(order.Entry(sku, *texts, about["picture"], (0, 0)))
    book = order.arrange(entries, labels, locale=LOCALE)
    page = 3
    for chapter in book:
        order.lay(chapter, first=page + 1)
        page += 1 + len(chapter.leaves)
    return book, known


def document(units, context) -> str:
    book, known = arranged(units, context)
    entries = [entry for chapter in book for entry in chapter.entries]
    parts = ['<div class="cover"><h1>Product catalogue</h1></div><div class="contents">']
    parts += [f'<a href="#ch{n}">{escape(c.title)}</a>' for n, c in enumerate(book)]
    parts.append("</div>")
    for n, chapter in enumerate(book):
        parts.append(f'<div class="opener" id="ch{n}"><h1>{escape(chapter.title)}</h1></div>')
        for leaf in chapter.leaves:
            cards = (card(s.entry, known[s.entry.identifier], context) for s in leaf.cards)
            parts.append(f'<div class="page">{"".join(cards)}</div>')
    names = sorted((e.name, e.identifier) for e in entries)
    rows = "".join(f'<a href="#{sku}">{escape(name)}</a>' for name, sku in names)
    return f'<html lang="en"><body>{"".join(parts)}<div class="index">{rows}</div>'


def main():
    import weasyprint

    folder, products, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    painted = pictures.paint(folder, count=count)
    units = listings.units(products, LOCALE, pictures=painted)
    context = listings.context(Catalogue(), LOCALE, folder)
    html = weasyprint.HTML(string=document(units, context))
    html.write_pdf(folder / "naive.pdf", stylesheets=[weasyprint.CSS(string=CSS)])
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(used.ru_maxrss, f"{used.ru_utime + used.ru_stime:.1f}")


if __name__ == "__main__":
    main()
