"""The lookup `among`: a text out of a great many, as one parameter instead of one each."""

import orjson
from django.db import models


@models.CharField.register_lookup
@models.IntegerField.register_lookup
@models.ForeignKey.register_lookup
class Among(models.Lookup):
    """`name__among=texts` says what `name__in=texts` does; the statement is always the same.

    It serves numbers and the ids of foreign keys as well.

    A thousand parameters cost more to prepare, to count and to parse than to look up.
    """

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        """Return a comparison with an array (PostgreSQL)."""
        column, parameters = self.process_lhs(compiler, connection)
        wanted = list(self.rhs)
        if wanted and all(type(one) is int for one in wanted):
            # The driver would ask of each number how to write it.
            return f"{column} = ANY(%s::bigint[])", [*parameters, f"{{{str(wanted)[1:-1]}}}"]
        return f"{column} = ANY(%s)", [*parameters, wanted]

    def as_sqlite(self, compiler, connection):
        """Return a comparison with the elements of a JSON array."""
        column, parameters = self.process_lhs(compiler, connection)
        texts = orjson.dumps(list(self.rhs)).decode()
        return f"{column} IN (SELECT value FROM json_each(%s))", [*parameters, texts]
