"""How the REST framework answers, and what the description of the API says of itself."""

REST = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["pim.api.v1.parsers.DocumentParser"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAdminUser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "syndication.api.authentication.ApiKeyAuthentication",
        "pim.api.v1.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_THROTTLE_CLASSES": ["pim.api.v1.tokens.ConnectionLimit"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "syndication.api.problems.problem_response",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "PIM and syndication API",
    "DESCRIPTION": "Listings, outputs, editions and feeds of one source of product content.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "syndication.api.feeds_schema.add_feeds",
        "pim.api.rest.schema.add_rest",
    ],
}
