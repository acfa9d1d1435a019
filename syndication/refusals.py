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


class NothingToRollBackTo(Refused):
    """There is no earlier edition that could be served."""

    code = "nothing_to_roll_back_to"
    sentence = _("There is no earlier edition to go back to.")


__all__ = [
    "Conflict",
    "NoLocale",
    "NotFound",
    "NothingToRollBackTo",
    "OutputDisabled",
    "Refused",
    "UnknownOutput",
    "WrongState",
]
