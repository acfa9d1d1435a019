"""What an output kind is given and what it gives back: plain values, no database, no clock.

An output kind is a pure two-step. `fragment` turns one unit (a listing, or a model with its
variants) into bytes; `assemble` puts the fragments of an edition together into files. Both run
in a supervised child process that has no database and no network.
"""

from .context import AssetSource, Memo, RenderContext
from .edition import MOST_NOTED, EditionPlan, FileSink, PageNote, Window
from .items import ItemRefused, Made, Piece, Pieces, Refusal, said
from .kind import Option, OutputKind, SetTogether
from .listing import Facts, Labels, Listing, Unit, Value

__all__ = [
    "MOST_NOTED",
    "AssetSource",
    "EditionPlan",
    "Facts",
    "FileSink",
    "ItemRefused",
    "Labels",
    "Listing",
    "Made",
    "Memo",
    "Option",
    "OutputKind",
    "PageNote",
    "Piece",
    "Pieces",
    "Refusal",
    "RenderContext",
    "SetTogether",
    "Unit",
    "Value",
    "Window",
    "said",
]
