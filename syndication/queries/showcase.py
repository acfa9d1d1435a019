"""What the welcome page shows: public outputs with their current editions and files."""

from syndication.models import EditionArtefact, Output, Pointer

from .pages import public_outputs


def showcase() -> list[tuple[Output, list[tuple[Pointer, list[EditionArtefact]]]]]:
    """Return every public output with its pointers and the files of the edition they name."""
    outputs = public_outputs()
    pointers = Pointer.objects.filter(output__in=outputs).select_related("edition")
    pointers = list(pointers.order_by("locale"))
    links = EditionArtefact.objects.filter(edition__in=[p.edition_id for p in pointers])
    files: dict[int, list[EditionArtefact]] = {}
    for link in links.select_related("artefact").order_by("name"):
        files.setdefault(link.edition_id, []).append(link)
    return [
        (
            output,
            [(p, files.get(p.edition_id, [])) for p in pointers if p.output_id == output.id],
        )
        for output in outputs
    ]
