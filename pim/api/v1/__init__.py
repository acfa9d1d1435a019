"""Our own API: jobs, bulk edits, rules and exports, with problem documents (RFC 9457)."""
