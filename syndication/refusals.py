"""What syndication refuses, with a code for machines and a sentence for people."""

from pim.published import Conflict, NotFound, Refused


def _(text: str) -> str:
    """Mark a sentence for the message catalogue; doors translate it."""
    return text


class UnknownOutput(NotFound):
    """No output has this code."""

    code = "unknown_output"
    sentence = _("There is no output “%(output)s”.")


class OutputDisabled(Refused):
    """The output is switched off."""

    code = "output_disabled"
    sentence = _("The output “%(output)s” is switched off.")


class NoLocale(Refused):
    """The output has no locale, so there is nothing to issue."""

    code = "no_locale"
    sentence = _("The output “%(output)s” has no locale.")


class WrongState(Conflict):
    """The edition is in a state in which this cannot be done; nothing has changed."""

    code = "wrong_state"
    sentence = _("This cannot be done with an edition that is %(state)s.")


class NothingServed(Refused):
    """No edition of the output is being served, or the one asked for has no files any more."""

    code = "nothing_served"
    sentence = _("There is no edition of “%(output)s” with files to send.")


class NothingToRollBackTo(Refused):
    """There is no earlier edition that could be served."""

    code = "nothing_to_roll_back_to"
    sentence = _("There is no earlier edition to go back to.")


class BrandRefused(Refused):
    """A brand's document does not hold; `refusals` are all that is wrong, each with its field."""

    code = "brand_refused"
    sentence = _("This brand cannot be used for printing and screens as it is.")

    def __init__(self, refusals):
        super().__init__()
        self.refusals = list(refusals)


class Misshapen(Refused):
    """The tokens are no document of a brand at all."""

    code = "misshapen"
    sentence = _("The tokens are not of the right shape.")


class CodeTaken(Conflict):
    """Something of this kind has that code already."""

    code = "code_taken"
    sentence = _("The code “%(name)s” is taken.")


class NotAPicture(Refused):
    """The asset cannot be set as a picture."""

    code = "not_a_picture"
    sentence = _("“%(name)s” is no picture that can be printed: take a PNG, JPEG or WebP.")


class NotAFont(Refused):
    """The asset cannot be set type in."""

    code = "not_a_font"
    sentence = _("“%(name)s” is no font: upload a TTF, OTF or WOFF2 file.")


class NothingToUse(WrongState):
    """The brand has no draft, so that there is nothing to put into use."""

    code = "nothing_to_use"
    sentence = _("“%(brand)s” has no draft: what is in use is all there is.")


class StillUsed(WrongState):
    """Outputs are rendered with the brand."""

    code = "still_used"
    sentence = _("“%(brand)s” is still used: %(users)s.")


class NoPreview(Refused):
    """A preview cannot be drawn; `why` is a sentence of its own."""

    code = "no_preview"
    sentence = _("There is no preview. %(why)s")


class NotDrawn(Refused):
    """A page, or a file with marks, could not be drawn; `why` is a sentence of its own."""

    code = "not_drawn"
    sentence = _("It could not be drawn. %(why)s")


__all__ = [
    "BrandRefused",
    "CodeTaken",
    "Conflict",
    "Misshapen",
    "NoLocale",
    "NoPreview",
    "NotAPicture",
    "NotDrawn",
    "NotFound",
    "NothingServed",
    "NothingToRollBackTo",
    "NothingToUse",
    "OutputDisabled",
    "Refused",
    "StillUsed",
    "UnknownOutput",
    "WrongState",
]


class OptionsRefused(Refused):
    """Options that do not fit the output's kind; `refusals` are all that is wrong, by place."""

    code = "options_refused"
    sentence = _("These options cannot be set.")

    def __init__(self, refusals):
        super().__init__()
        self.refusals = list(refusals)
