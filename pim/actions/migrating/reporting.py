"""What a move tells of the documents it writes: counts, refusals, and each gap only once."""

from collections.abc import Iterable, Mapping

from pim.actions.rest_documents.errors import DocumentError
from pim.content.refusals import Refused, _
from pim.importing.report import NOTED, Place, Report


class LeftOut(Refused):
    """The other system says something that has no place here."""

    code = "left_out"
    sentence = _("“%(name)s” is not known here and was left out.")


class Notes:
    """The report of one move; what is left out everywhere is noted once."""

    def __init__(self, report: Report):
        self.report = report
        self._told: set[tuple[str, str]] = set()

    def count(self, kind: str, outcome: str) -> None:
        """Count one document."""
        self.report.count(kind, outcome)

    def refuse(self, kind: str, code: str, refusals: Iterable[Refused]) -> None:
        """Tell why a document was not taken."""
        place = Place(kind, subject=code)
        self.report.refuse(kind, place, [(refusal.field, refusal) for refusal in refusals])

    def refuse_form(self, kind: str, code: str, error: DocumentError) -> None:
        """Tell what is wrong with the form of a document."""
        sentence = str(error.message).replace("%", "%%")
        self.refuse(kind, code, [Refused(sentence, code="bad_document")])

    def note(self, kind: str, code: str, refusal: Refused) -> None:
        """Tell of something that was left out of a document that was taken."""
        self.report.note(kind, Place(kind, subject=code), refusal.field, refusal)

    def left_out(self, kind: str, name: str, *, code: str = "") -> None:
        """Tell, the first time only, that things of that name are left out."""
        if (kind, name) in self._told:
            self.report.count(kind, NOTED)
            return
        self._told.add((kind, name))
        self.note(kind, code, LeftOut(name=name[:100], field=name[:100]))

    def known(self, kind: str, code: str, document: Mapping, properties: Iterable[str]) -> dict:
        """Return the document without properties that nobody here knows."""
        allowed = {*properties, "_links"}
        for name in document.keys() - allowed:
            if document[name] not in (None, "", [], {}):
                self.left_out(kind, name, code=code)
        return {name: value for name, value in document.items() if name in allowed}
