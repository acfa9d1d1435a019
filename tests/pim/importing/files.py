"""Small catalogues in files, and the real one where it is at hand."""

import os
from datetime import UTC, datetime
from pathlib import Path

from pim.actions.imports import ImportOptions, import_catalog
from pim.content.actor import Actor
from pim.models import JobLine

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
IMPORTER = Actor("importer", "import")

ATTRIBUTES = """\
code;type;group;localizable;scopable;unique;useable_as_grid_filter;metric_family;\
default_metric_unit;max_items;reference_data_name;allowed_extensions;wysiwyg_enabled;\
table_configuration;label-en_US
sku;pim_catalog_identifier;info;0;0;1;1;;;;;;;;SKU
name;pim_catalog_text;info;1;0;0;1;;;;;;;;Name
description;pim_catalog_textarea;info;1;1;0;0;;;;;;1;;Description
notes;pim_catalog_textarea;info;0;0;0;0;;;;;;;;Notes
ean;pim_catalog_text;info;0;0;1;0;;;;;;;;EAN
pieces;pim_catalog_number;info;0;0;0;1;;;;;;;;Pieces
price;pim_catalog_price_collection;info;0;0;0;0;;;;;;;;Price
trade-price;pim_catalog_price_collection;info;0;1;0;0;;;;;;;;Trade price
weight;pim_catalog_metric;tech;0;0;0;0;Weight;GRAM;;;;;;Weight
weight-net;pim_catalog_metric;tech;0;0;0;0;Weight;GRAM;;;;;;Net weight
launched;pim_catalog_date;tech;0;0;0;0;;;;;;;;Launched
outdoor;pim_catalog_boolean;tech;0;0;0;0;;;;;;;;Outdoor
color;pim_catalog_simpleselect;tech;0;0;0;1;;;;;;;;Colour
size;pim_catalog_simpleselect;tech;0;0;0;0;;;;;;;;Size
care;pim_catalog_multiselect;tech;0;0;0;0;;;;;;;;Care
image;pim_catalog_image;media;0;0;0;0;;;;;jpg,png;;;Picture
gallery;pim_catalog_asset_collection;media;0;0;0;0;;;;;;;;More pictures
manual;pim_catalog_file;media;0;0;0;0;;;;;pdf;;;Manual
maker;akeneo_reference_entity;tech;0;0;0;0;;;;makers;;;;Maker
spare;pim_catalog_product_link;tech;0;0;0;0;;;5;;;;;Spare part
sizes;pim_catalog_table;tech;0;0;0;0;;;;;;;\
"[{""code"":""what"",""data_type"":""text""},{""code"":""cm"",""data_type"":""number""}]";Sizes
"""

STRUCTURE = {
    "locales.csv": "code\nen_US\nde_DE\nfi_FI\nsv_SE\n",
    "currencies.csv": "code;activated\nEUR;1\nUSD;1\nPLN;0\n",
    "channels.csv": (
        "code;label-en_US;currencies;locales;tree\n"
        "web;Web;EUR,USD;en_US,de_DE;master\nprint;Print;EUR;en_US;master\n"
    ),
    "attribute_groups.csv": "code;sort_order\ninfo;1\ntech;2\nmedia;3\n",
    "attributes.csv": ATTRIBUTES,
    "attribute_options.csv": (
        "code;attribute;label-en_US;sort_order\nred;color;Red;1\nblue;color;Blue;2\n"
        "s;size;S;1\nm;size;M;2\nwash;care;Wash;1\niron;care;Iron;2\n"
    ),
    "categories.csv": "code;parent;label-en_US\nlamps;master;Lamps\nmaster;;Master\n",
    "reference_entities.csv": 'code;label-en_US;fields\nmakers;Makers;"[]"\n',
    "reference_records.csv": "code;reference_entity;label-en_US\nhalla;makers;Halla\n",
    "families.csv": (
        "code;attributes;attribute_as_label;attribute_as_image;requirements-web\n"
        "lamp;sku,name,name,description,notes,ean,pieces,price,trade-price,weight,weight-net,"
        "launched,outdoor,color,size,care,image,gallery,manual,maker,spare,sizes;name;image;"
        "sku,name,price\n"
    ),
    "family_variants.csv": (
        "code;family;variant-axes_1;variant-axes_2;variant-attributes_1;variant-attributes_2\n"
        "lamp_color;lamp;color;;weight;\nlamp_color_size;lamp;color;size;image;weight\n"
    ),
    "association_types.csv": "code;is_quantified\nX_SELL;0\nBUNDLE;1\n",
    "group_types.csv": "code\nRELATED\n",
    "groups.csv": "code;type\nset;related\n",
}


def write_folder(folder: Path, **tables: str) -> Path:
    """Write the structure and further tables (products="…") into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in STRUCTURE.items():
        (folder / name).write_text(text, encoding="utf-8")
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def load(path: Path, **options):
    """Import a path and return the run."""
    return import_catalog(path, actor=IMPORTER, at=NOW, options=ImportOptions(**options))


def lines_of(run) -> list[tuple]:
    """Return (file, line, column, subject, outcome, code) of every line of a report."""
    names = ("file", "line", "column", "subject", "outcome", "code")
    return list(JobLine.objects.filter(job=run).order_by("id").values_list(*names))


def shared_data(name: str) -> Path | None:
    """Return a folder of the real data, None where it is not at hand."""
    places = [Path(p) / "shared" / "data" for p in Path(__file__).resolve().parents]
    if named := os.environ.get("PIM_SHARED_DATA"):
        places.insert(0, Path(named))
    return next((p / name for p in places if (p / name).exists()), None)
