"""Reference entities and the attributes of their records as documents."""

from .errors import DocumentError, format_error
from .forms import labels_in, renamed

LABEL = "label"
TYPES = {
    "code": "string",
    "labels": "labels",
    "type": "string",
    "value_per_locale": "boolean",
    "value_per_channel": "boolean",
    "is_textarea": "boolean?",
    "is_rich_text_editor": "boolean?",
}
# Properties that say how others check a value; here the type alone does.
IGNORED = (
    "is_required_for_completeness",
    "max_characters",
    "validation_rule",
    "validation_regexp",
    "decimals_allowed",
    "min_value",
    "max_value",
    "allowed_extensions",
    "max_file_size",
)
KINDS = {"number": "number", "image": "media", "boolean": "boolean", "date": "date"}
TEXTS = {
    "text": (False, False),
    "textarea": (True, False),
    "richtext": (True, True),
}


def read(document: dict) -> dict:
    """Return our document of theirs, without its attributes."""
    ours = renamed(document, {"code": "code"})
    if "labels" in document:
        ours["labels"] = labels_in(document["labels"])
    return ours


def read_field(given: dict, held: dict | None) -> dict:
    """Return the field of an entity that an attribute is; its type and place never change."""
    if held is None and "type" not in given:
        raise format_error(['Property "type" is expected.'])
    if given.get("value_per_channel"):
        raise format_error(["Values per channel are not supported in reference entities."])
    field = {"kind": "", "localizable": False, "labels": {}, **(held or {}), "code": given["code"]}
    wish = {**field, "kind": _kind(given, field["kind"])}
    if "value_per_locale" in given:
        wish["localizable"] = given["value_per_locale"]
    if held and (wish["kind"], wish["localizable"]) != (field["kind"], field["localizable"]):
        raise DocumentError(422, "The type of an attribute cannot change: values depend on it.")
    labels = {**field["labels"], **labels_in(given.get("labels"))}
    return {**wish, "labels": {locale: text for locale, text in labels.items() if text}}


def check_label(given: dict) -> None:
    """Refuse a document of the attribute that is there always, unless it says what holds.

    Its labels are not kept: everybody knows what a label is.
    """
    fixed = {"type": "text", "value_per_locale": True, "value_per_channel": False}
    if any(given.get(name, value) != value for name, value in fixed.items()):
        raise DocumentError(422, "The attribute “label” is there always, a text per locale.")


def _kind(given: dict, held: str) -> str:
    name = given.get("type")
    if name is None:
        return held
    if name in KINDS:
        return KINDS[name]
    if name != "text":
        known = ", ".join(["text", *KINDS])
        raise format_error([f'The type "{name[:50]}" is not supported; these are: {known}.'])
    shape = (
        bool(given.get("is_textarea")),
        bool(given.get("is_rich_text_editor")),
    )
    return next((kind for kind, of in TEXTS.items() if of == shape), "text")
