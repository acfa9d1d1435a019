"""What the demonstration prints: how the first editions come along, and where to look."""

from pathlib import Path

from syndication.models import Edition, Pointer

from .stock import Login

# Who plays which of the demo roles (pim/demo/roles.json).
ROLES = {
    "paula": "product manager",
    "timo": "translator, Finnish only",
    "petra": "print editor",
    "shop": "API connection",
    "vera": "viewer",
}


class Progress:
    """Says of each edition once how it ended."""

    def __init__(self, say):
        self.say, self.told = say, set()

    def show(self, editions, *, resting) -> int:
        """Tell what ended since the last look; return how many still run."""
        running = 0
        for edition in editions:
            if edition.state not in resting:
                running += 1
            elif edition.pk not in self.told:
                self._tell(edition)
        return running

    def _tell(self, edition: Edition) -> None:
        self.told.add(edition.pk)
        name = f"{edition.output.code} {edition.locale}".strip()
        counts = edition.counts
        found = f"{counts.get('issued', 0)} items" if edition.cause == "" else edition.cause
        errors = counts.get("item_errors", 0)
        self.say(f"  {name:26} {edition.get_state_display()}: {found}" + _left_out(errors))


def _left_out(errors: int) -> str:
    return f", {errors} left out and reported" if errors else ""


def addresses(url: str, login: Login, *, logs: Path) -> str:
    """Return the page of addresses that ends the start."""
    password = login.password or "(the one you chose)"
    lines = [
        "",
        "─" * 78,
        f"  Editor's desk   {url}/admin/      {login.user} / {password}",
        *(f"    {name:14}{ROLES.get(name, '')} / {word}" for name, word in login.people.items()),
        f"  Landing pages   {url}/p/",
        f"  Live feed       {url}/feeds/web/en/products",
        f"  API             {url}/api/docs/",
        f"  API key         {login.key}",
        f"  PIM REST API    {url}/api/rest/v1   (Akeneo-compatible, docs/pim-api.md)",
        *(f"    {name:14}{value}" for name, value in login.connection.items()),
        f"    {'':14}shop writes products, prices and media; other rights: `connection create`",
        "",
        *_artefacts(url),
        "",
        f"  Logs            {logs}",
        "  Ctrl-C stops everything; the next `make demo` starts in seconds.",
        "─" * 78,
    ]
    return "\n".join(lines)


def _artefacts(url: str) -> list[str]:
    """Return one line per output with the address of its first file."""
    lines = []
    pointers = Pointer.objects.select_related("output", "edition").order_by("output__code", "id")
    seen: dict[str, list] = {}
    for pointer in pointers:
        seen.setdefault(pointer.output.code, []).append(pointer)
    for code, found in seen.items():
        best = next((p for p in found if p.locale in ("", "en")), found[0])
        link = best.edition.artefacts.order_by("name").first()
        if best.output.kind == "kiosk":
            lines.append(f"  {best.output.name[:42]:44} {url}/kiosk/{code}/")
        elif link:
            lines.append(f"  {best.output.name[:42]:44} {url}/out/{code}/{link.name}")
    lines.append(f"  {'':44} other languages: put fi, da, pl, de or ar for en")
    return lines
