"""Anticipated refusals: a code for machines, a translatable sentence for people."""


def _(text: str) -> str:
    """Mark a sentence for the message catalogue; doors translate it."""
    return text


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
        """Return the sentence in the reader's language; `translate` is gettext."""
        template = translate(self.sentence) if translate else self.sentence
        return template % self.params if self.params else template


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
