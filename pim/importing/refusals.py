"""What an import refuses, in words that name the cure."""

from pim.content.refusals import Refused, _


class FileRefused(Refused):
    """A whole file cannot be read."""

    code = "file_refused"
    sentence = _("The file cannot be read.")


class UnknownFile(FileRefused):
    """Neither the name nor the header of a file says what is in it."""

    code = "unknown_file"
    sentence = _(
        "“%(name)s” is not recognised. Name it after what it holds, for example products.csv, "
        "product_models.csv, attributes.csv or families.csv, or give it a first row of column "
        "names with “sku” (products) or “code”."
    )


class NoTables(FileRefused):
    """There is nothing to import."""

    code = "no_tables"
    sentence = _("There is no table to import: CSV, XLSX and ODS files are read.")


class UnsafeArchive(FileRefused):
    """An archive tries to break out, or to flood the disk."""

    code = "unsafe_archive"
    sentence = _("The archive is not safe to open.")


class MediaMissing(Refused):
    """A media cell names neither a file of the import nor an asset."""

    code = "media_missing"
    sentence = _(
        "There is no file “%(path)s” beside the table and no asset of that code. "
        "Put the file at this path into the folder or zip, or clear the cell."
    )


class MediaRefused(Refused):
    """An uploaded medium is damaged, hostile, too large or of no known kind."""

    code = "media_refused"
    sentence = _("The file is not accepted.")
