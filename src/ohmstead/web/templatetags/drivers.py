"""How tokens and reservations look."""

from django import template
from django.utils.safestring import SafeString

from ohmstead.web.console import token_words
from ohmstead.web.templatetags.ohmstead import badge

register = template.Library()


@register.simple_tag
def token_badge(status: str) -> SafeString:
    return badge(token_words.status_look(status))


@register.simple_tag
def reservation_badge(state: str) -> SafeString:
    return badge(token_words.reservation_look(state))


@register.filter
def kind_word(kind: str) -> str:
    return token_words.kind_word(kind)


@register.filter
def status_word(status: str) -> str:
    return str(token_words.status_look(status).word)


@register.filter
def enforced_word(keeper: str) -> str:
    return str(token_words.ENFORCED_WORDS.get(keeper, keeper))


@register.filter
def offer_word(state: str) -> str:
    return str(token_words.OFFER_WORDS.get(state, state))
