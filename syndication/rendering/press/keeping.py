"""What proves that a file keeps the promise of its form."""

from pathlib import Path

from .stage import ACCESSIBLE, PRESS, form_of


def check_form(path: Path, name: str) -> None:
    """Raise ValueError where a file is not what its name promises."""
    form = form_of(name.replace(".booklet.", "."))
    if form == PRESS:
        from .proof import prove

        prove(path)
    elif form == ACCESSIBLE:
        from .proof import prove_tagged

        prove_tagged(path)
