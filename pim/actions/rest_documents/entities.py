"""Reference entities as documents, and the attribute that all of them have."""

from pim.actions.files_named import FilesNamed
from pim.actions.upserts import StructureResult, upsert_structure
from pim.content.refusals import InvalidValue, Refused, _
from pim.models import ReferenceEntity

from .errors import DocumentError
from .forms import labels_in, renamed

LABEL = "label"
TYPES = {"code": "string", "labels": "labels", "image": "string?"}


def read(document: dict) -> dict:
    """Return our document of theirs, without its attributes."""
    ours = renamed(document, {"code": "code", "image": "image"})
    if "labels" in document:
        ours["labels"] = labels_in(document["labels"])
    return ours


def write(kind: str, documents: list[dict], *, actor, at, mode: str) -> list[StructureResult]:
    """Write entities; their image is the code of a file or an asset, null takes it away."""
    imaged = [document for document in documents if document.get("image")]
    held = ReferenceEntity.objects.filter(code__in=[d["code"] for d in imaged])
    codes = held.values_list("image__code", flat=True)
    files = FilesNamed([d["image"] for d in imaged], rights=actor.rights, held=codes)
    for document in imaged:
        try:
            _refuse_other_than_picture(files, document["image"])
            name = document.pop("image")
            document["image"] = files.asset(name, place="image", actor=actor, at=at)
        except Refused as refusal:
            document["@refusals"] = [refusal]
            document.pop("image", None)
    return upsert_structure(kind, documents, actor=actor, at=at, mode=mode)


def _refuse_other_than_picture(files: FilesNamed, name: str) -> None:
    medium = files.medium(name, place="image")
    if medium.kind != "image":
        sentence = _("“%(name)s” is no picture.")
        raise InvalidValue(sentence, code="wrong_media", field="image", name=name)


def check_label(given: dict) -> None:
    """Refuse a document of the attribute that is there always, unless it says what holds.

    Its labels are not kept: everybody knows what a label is.
    """
    fixed = {"type": "text", "value_per_locale": True, "value_per_channel": False}
    if any(given.get(name, value) != value for name, value in fixed.items()):
        raise DocumentError(422, "The attribute “label” is there always, a text per locale.")
