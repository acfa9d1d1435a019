"""What the kinds share that make PDFs of many small pages: environment, warmth, a last check."""

from pathlib import Path
from typing import ClassVar

from syndication.contract import EditionPlan, OutputKind, RenderContext


class PrintKind(OutputKind):
    """A kind whose files are PDFs; `dress` is the folder of the templates fragments are set with.

    "" says that fragments are plain data, set in the assembly only.
    """

    dress: ClassVar[str] = ""
    numbered = True
    ahead = True
    proofed = True

    def environment(self, context: RenderContext) -> str:
        """Return the state of templates, fonts and libraries that fragments are set with."""
        from .print.dress import print_environment

        return print_environment(self.dress, context) if self.dress else ""

    def warm(self, locale: str) -> None:
        """Load hyphenation and formats: a second's work in some languages."""
        from .print.warm import warm

        warm(locale)

    def verify(self, path: Path, name: str, plan: EditionPlan) -> None:
        """Refuse a file that is no PDF or lacks a font."""
        from .print.volume import check_pdf

        check_pdf(path, name)
