"""The PIM REST API (/api/rest/v1, /api/oauth/v1), compatible with the field's de facto standard."""
