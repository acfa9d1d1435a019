"""How an import shall go about it."""

from dataclasses import asdict, dataclass, fields

MODES = ("upsert", "create", "update")
EMPTY = ("clear", "keep")


@dataclass(frozen=True)
class ImportOptions:
    """`mode` "create" passes over products that exist, "update" those that do not.

    `empty` says what a blank cell means: "clear" takes the value away, "keep" leaves it.
    `publish` publishes everything in the files afterwards; `decimal_comma` reads 1.234,5.
    `profile` is the id of the import profile whose columns apply, and with `match` the profile
    that was made for a table of the same header applies. `locale` and `currency` are
    those of foreign files that name none; `fetch` lets pictures be fetched from their addresses.
    """

    dry_run: bool = False
    publish: bool = False
    decimal_comma: bool = False
    reason: str = ""
    mode: str = "upsert"
    empty: str = "clear"
    profile: int | None = None
    match: bool = False
    locale: str = ""
    currency: str = ""
    fetch: bool = True

    @classmethod
    def read(cls, params: dict) -> "ImportOptions":
        """Return the options among the parameters of a job."""
        known = {f.name for f in fields(cls)}
        return cls(**{name: value for name, value in params.items() if name in known})

    def document(self) -> dict:
        """Return them as parameters of a job."""
        return asdict(self)


USUAL = ImportOptions()
