"""Fresh figures for PostgreSQL's planner after a large change, before autovacuum gets to it."""

from django.db import connection

# As autovacuum decides, but at once: it looks once a minute, and may be switched off.
CHANGED = """
    SELECT quote_ident(s.schemaname) || '.' || quote_ident(s.relname)
    FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
    WHERE s.schemaname = current_schema() AND s.n_mod_since_analyze > 1000
        AND s.n_mod_since_analyze > 0.1 * c.reltuples
    ORDER BY s.relname
"""


def refresh_statistics() -> list[str]:
    """Analyse every table of which a tenth has changed; return their names.

    Elsewhere than on PostgreSQL there is nothing to do. A table that somebody else analyses is
    left to them.
    """
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(CHANGED)
        tables = [row[0] for row in cursor.fetchall()]
        for table in tables:
            cursor.execute(f"ANALYZE (SKIP_LOCKED) {table}")
    return tables
