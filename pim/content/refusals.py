"""Anticipated refusals: a code for machines, a translatable sentence for people."""

from collections.abc import Mapping


def _(text: str) -> str:
    """Mark a sentence for the message catalogue; doors translate it."""
    return text


# What refusals say is missing or strange (`what`), here to be found for translation.
THINGS = (
    _("asset"), _("asset family"), _("association type"), _("attribute"), _("attribute group"),
    _("attribute option"),
    _("brand"), _("category"), _("channel"), _("column"), _("currency"), _("delivery"),
    _("edition"), _("family"), _("family variant"), _("file or folder"), _("format"), _("group"),
    _("import profile"), _("kind of code"), _("kind of job"), _("locale"), _("media attribute"),
    _("media file"), _("model"), _("operation"), _("option"), _("output"), _("page"),
    _("price list"),
    _("product"), _("reason"), _("record"), _("reference entity"), _("rule"), _("state"),
    _("text"), _("unit"), _("user"), _("version"),
)  # fmt: skip
# Levels of packaging and what is known of them: sentences name them in words, not by their codes.
PACKED = (
    _("each"), _("inner"), _("case"), _("display"), _("pallet"), _("contains"), _("quantity"),
    _("gross weight"), _("net weight"), _("width"), _("height"), _("depth"), _("per layer"),
    _("layers"), _("material"),
)  # fmt: skip
# Places of sentences that hold words of ours, not names that somebody gave.
SPOKEN = frozenset({"what", "why", "state", "wanted", "reason", "level", "part"})


def _spoken(name: str, value, translate):
    if name not in SPOKEN or not value or not isinstance(value, str):
        return value
    words = value.replace("_", " ") if name == "part" else value
    return translate(words) if translate else words


def _kept(value):
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def say_sentence(sentence: str, params: Mapping, translate=None) -> str:
    """Return a sentence filled, in the reader's language where `translate` is gettext."""
    template = translate(sentence) if translate else sentence
    filled = {n: _spoken(n, value, translate) for n, value in params.items()}
    return template % filled if filled else template


def say_kept(said: Mapping, message: str, translate=None) -> str:
    """Return what was kept of a refusal (`Refused.document`) in words, else the message."""
    return say_sentence(**said, translate=translate) if said else message


class Refused(Exception):
    """Something was asked that cannot be done, and the asker can mend it.

    `sentence` is an English template with %(name)s places, filled from `params`; doors
    translate the template first. `code` never changes. `field` is what it is about.
    """

    code = "refused"
    sentence = _("This cannot be done.")

    def __init__(self, sentence: str = "", *, code: str = "", field: str = "", **params):
        self.sentence = sentence or type(self).sentence
        self.code = code or type(self).code
        self.field = field
        self.params = params
        super().__init__(self.sentence % params if params else self.sentence)

    def say(self, translate=None) -> str:
        """Return the sentence in the reader's language; `translate` is gettext.

        Words of ours that fill it (`SPOKEN`) are translated too.
        """
        return say_sentence(self.sentence, self.params, translate)

    def document(self) -> dict:
        """Return what can be kept, to be said later in any language (`say_kept`)."""
        return {"sentence": self.sentence, "params": {n: _kept(v) for n, v in self.params.items()}}


class InvalidValue(Refused):
    """A value does not fit its attribute."""

    code = "invalid_value"
    sentence = _("The value does not fit the attribute.")


class UnknownCode(Refused):
    """A code names nothing that exists."""

    code = "unknown_code"
    sentence = _("There is no %(what)s “%(name)s”.")


class Conflict(Refused):
    """Somebody else wrote in the meantime; `theirs` and `yours` show both values."""

    code = "conflict"
    sentence = _("Somebody else has changed this since you opened it.")

    def __init__(self, sentence="", *, theirs=None, yours=None, **params):
        super().__init__(sentence, **params)
        self.theirs, self.yours = theirs, yours


class NotUnique(Refused):
    """Another product has this value of a unique attribute."""

    code = "not_unique"
    sentence = _("%(attribute)s “%(value)s” is already used by %(owner)s.")


class NotFound(Refused):
    """What was named does not exist."""

    code = "not_found"
    sentence = _("There is no such %(what)s: %(name)s.")
