"""Content security policies that are wider than the settings' strict one: desk, API documents."""

from csp.constants import NONCE, SELF
from csp.middleware import CSPMiddleware, PolicyParts

DESK = "/admin/"
DESK_POLICY = {
    "default-src": [SELF],
    # Alpine, which the theme is built on, compiles its expressions.
    "script-src": [SELF, "'unsafe-eval'", NONCE],
    "style-src": [SELF, "'unsafe-inline'"],
    "img-src": [SELF, "data:", "blob:"],
    "object-src": ["'none'"],
    "base-uri": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [SELF],
}
# The interactive documentation of the API sets styles from its script.
DOCS = "/api/docs"
DOCS_POLICY = {"style-src": [SELF, "'unsafe-inline'"], "worker-src": ["blob:"]}


class DeskCSPMiddleware(CSPMiddleware):
    """Applies the desk's policy below /admin/ and the settings' everywhere else."""

    def get_policy_parts(self, request, response, report_only=False):
        if report_only or not request.path_info.startswith(DESK):
            parts = super().get_policy_parts(request, response, report_only)
            if request.path_info.startswith(DOCS):
                parts.replace = {**DOCS_POLICY, **(parts.replace or {})}
            return parts
        return PolicyParts(config=DESK_POLICY, nonce=str(request.csp_nonce))
