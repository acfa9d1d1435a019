"""Who may read which context: public audiences are open, the others need a key in scope."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from pim.published import is_locale, to_bcp47
from syndication.actions.api_keys import check_key
from syndication.models import ApiKey
from syndication.queries.listings import ChannelState, Context, channel_state

from .authentication import bearer
from .problems import Problem

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="feeds"'}


@dataclass(frozen=True, slots=True)
class Admission:
    """What a request may read: one context of a channel; `private` when a key was needed."""

    state: ChannelState
    context: Context
    private: bool

    @property
    def path(self) -> str:
        """Return the address that all feeds of the context begin with."""
        return f"/feeds/{self.context.channel}/{self.context.locale}"


def admit(request: HttpRequest, channel: str, locale: str) -> Admission:
    """Return what the request may read; raises `Problem` 401, 403 or 404."""
    key = key_of(request)
    state = existing(channel)
    code = to_bcp47(locale) if is_locale(locale) else locale
    if code not in state.locales:
        raise Problem(404, "unknown_locale", _("The channel has no such locale."))
    audience = request.GET.get("audience") or default_audience(state, key)
    if audience not in state.audiences:
        raise Problem(404, "unknown_audience", _("The channel has no such audience."))
    private = not state.audiences[audience]
    if private:
        _require(key, channel, audience)
    return Admission(state, Context(channel, audience, code), private)


def existing(channel: str) -> ChannelState:
    """Return the state of a channel that can be read; raises `Problem` 404."""
    state = channel_state(channel)
    if state is None or not state.locales:
        raise Problem(404, "unknown_channel", _("There is no such channel."))
    return state


def key_of(request: HttpRequest) -> ApiKey | None:
    """Return the key that the request brings, None without one; a wrong one is refused."""
    text = bearer(request)
    if text is None:
        return None
    key = check_key(text, at=timezone.now())
    if key is None:
        raise Problem(401, "invalid_key", _("The API key is not valid."), headers=CHALLENGE)
    return key


def allows(key: ApiKey | None, channel: str, audience: str) -> bool:
    """Return whether the key's scope holds the channel and the audience."""
    return key is not None and key.channel in ("", channel) and audience in key.audiences


def default_audience(state: ChannelState, key: ApiKey | None) -> str:
    """Return the first public audience, else the first that the key allows, else any."""
    public = (code for code, is_public in state.audiences.items() if is_public)
    allowed = (code for code in state.audiences if allows(key, state.channel, code))
    return next(public, None) or next(allowed, None) or next(iter(state.audiences), "")


def _require(key: ApiKey | None, channel: str, audience: str) -> None:
    if key is None:
        detail = _("This audience needs an API key in the Authorization header.")
        raise Problem(401, "key_required", detail, headers=CHALLENGE)
    if not allows(key, channel, audience):
        raise Problem(403, "out_of_scope", _("The API key is not for this channel and audience."))
