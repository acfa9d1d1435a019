"""What codes of the structure are called now."""

from collections.abc import Iterable

from pim.models import CodeAlias


def renamed_codes(kind: str, codes: Iterable[str], *, owner: str = "") -> dict[str, str]:
    """Return {old code: code} of those that were renamed, in one query; see `CodeAlias`.

    A code may be in use again: then whoever asks takes it as it is.
    """
    known = [code for code in codes if "\x00" not in code]
    rows = CodeAlias.objects.filter(kind=kind, owner=owner, old__in=known)
    return dict(rows.values_list("old", "code"))
