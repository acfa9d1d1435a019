"""Content security policy: the desk's own, because its theme evaluates expressions."""

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


class DeskCSPMiddleware(CSPMiddleware):
    """Applies the desk's policy below /admin/ and the settings' everywhere else."""

    def get_policy_parts(self, request, response, report_only=False):
        if report_only or not request.path_info.startswith(DESK):
            return super().get_policy_parts(request, response, report_only)
        return PolicyParts(config=DESK_POLICY, nonce=str(request.csp_nonce))
