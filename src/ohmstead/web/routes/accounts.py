"""Signing in and out, and one's own account. Names with an underscore are those django-allauth looks for."""

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, path, re_path
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView, TemplateView

from ohmstead.web.accounts import account as own
from ohmstead.web.accounts import preferences
from ohmstead.web.accounts.invitation import invitation
from ohmstead.web.accounts.sign_in import SignIn

_FORM = "accounts/form.html"
_BACK_TO_SIGN_IN: dict[str, Any] = {"back": "/sign-in", "back_word": _("Back to sign-in")}
_BACK_TO_ACCOUNT: dict[str, Any] = {"back": "/account", "back_word": _("Back to your account")}
_ONCE_MORE: dict[str, Any] = {
    "title": _("Is it you?"),
    "sentence": _("This changes how the account is protected, so please prove once more that it is yours."),
    **_BACK_TO_ACCOUNT,
}
_NEW_PASSWORD: dict[str, Any] = {"title": _("Choose a new password"), "button": _("Save password")}


def _form(view: Any, template: str = _FORM, **context: object) -> Any:
    return view.as_view(template_name=template, extra_context=context)


request_code = _form(
    account.RequestLoginCodeView,
    title=_("Sign in with a code"),
    sentence=_("A code that is valid for 15 minutes is sent to your address."),
    button=_("Send code"),
    **_BACK_TO_SIGN_IN,
)
enter_code = _form(
    account.ConfirmLoginCodeView,
    title=_("Enter the code"),
    sentence=_("It was sent by mail, if the address belongs to an account. The mail may take a minute."),
    button=_("Sign in"),
    back="/sign-in/code",
    back_word=_("Another code or address"),
)
forgotten = _form(
    account.PasswordResetView,
    title=_("Forgotten password"),
    sentence=_("A link to choose a new one is sent to your address."),
    button=_("Send link"),
    **_BACK_TO_SIGN_IN,
)
inactive = TemplateView.as_view(
    template_name="accounts/told.html",
    extra_context={"title": _("This account is switched off"), "sentence": _("Ask an owner of your organisation.")}
    | _BACK_TO_SIGN_IN,
)
link_sent = _form(
    account.PasswordResetDoneView,
    "accounts/told.html",
    title=_("Look into your mail"),
    sentence=_("If the address belongs to an account, a link to choose a new password is on its way."),
    **_BACK_TO_SIGN_IN,
)
password_chosen = _form(
    account.PasswordResetFromKeyDoneView,
    "accounts/told.html",
    title=_("The new password is saved"),
    sentence=_("Sign in with it now."),
    **_BACK_TO_SIGN_IN,
)

patterns: list[URLPattern | URLResolver] = [
    path("sign-in", SignIn.as_view(), name="sign-in"),
    path("sign-in", SignIn.as_view(), name="account_login"),
    path("sign-in/code", request_code, name="account_request_login_code"),
    path("sign-in/code/enter", enter_code, name="account_confirm_login_code"),
    path("sign-in/passkey", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/second-factor", _form(mfa.AuthenticateView, "accounts/second_factor.html"), name="mfa_authenticate"),
    path("sign-in/inactive", inactive, name="account_inactive"),
    path("sign-up", RedirectView.as_view(url="/sign-in"), name="account_signup"),
    path("sign-out", LogoutView.as_view(next_page="/sign-in"), name="sign-out"),
    path("sign-out", LogoutView.as_view(next_page="/sign-in"), name="account_logout"),
    path("password/forgotten", forgotten, name="account_reset_password"),
    path("password/forgotten/sent", link_sent, name="account_reset_password_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)$",
        _form(account.PasswordResetFromKeyView, **_NEW_PASSWORD, **_BACK_TO_SIGN_IN),
        name="account_reset_password_from_key",
    ),
    path("password/new/done", password_chosen, name="account_reset_password_from_key_done"),
    path("invitation/<str:secret>", invitation, name="invitation"),
    path("account", own.account, name="account"),
    path("account", own.account, name="mfa_index"),
    path("account", own.account, name="mfa_list_webauthn"),
    path("account/name", own.set_name, name="set-name"),
    path("account/organisation", own.choose_organisation, name="choose-organisation"),
    path("account/sessions/<int:session_id>/end", own.end_session, name="end-session"),
    path("account/sessions/end-others", own.end_other_sessions, name="end-other-sessions"),
    path("account/confirm", _form(account.ReauthenticateView, **_ONCE_MORE), name="account_reauthenticate"),
    path(
        "account/confirm/code",
        _form(account.RequestReauthenticationCodeView, **_ONCE_MORE, button=_("Send code")),
        name="account_request_reauthentication_code",
    ),
    path(
        "account/confirm/code/enter",
        _form(account.ConfirmReauthenticationCodeView, **_ONCE_MORE),
        name="account_confirm_reauthentication_code",
    ),
    path("account/confirm/app", _form(mfa.ReauthenticateView, **_ONCE_MORE), name="mfa_reauthenticate"),
    path(
        "account/confirm/passkey",
        _form(webauthn.ReauthenticateWebAuthnView, "accounts/use_passkey.html", **_ONCE_MORE),
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        "account/password",
        _form(account.PasswordChangeView, **_NEW_PASSWORD, **_BACK_TO_ACCOUNT),
        name="account_change_password",
    ),
    path(
        "account/password/first",
        _form(account.PasswordSetView, **_NEW_PASSWORD, **_BACK_TO_ACCOUNT),
        name="account_set_password",
    ),
    path("account/passkeys/add", _form(webauthn.AddWebAuthnView, "accounts/add_passkey.html"), name="mfa_add_webauthn"),
    path(
        "account/passkeys/<int:pk>/remove",
        _form(
            webauthn.RemoveWebAuthnView,
            title=_("Remove this passkey?"),
            sentence=_("It no longer opens this account. Delete it on your device too."),
            button=_("Remove passkey"),
            **_BACK_TO_ACCOUNT,
        ),
        name="mfa_remove_webauthn",
    ),
    path("account/app", _form(totp.ActivateTOTPView, "accounts/add_app.html"), name="mfa_activate_totp"),
    path(
        "account/app/off",
        _form(
            totp.DeactivateTOTPView,
            title=_("Stop using the authenticator app?"),
            sentence=_("From then on it is not asked for at sign-in."),
            button=_("Stop using it"),
            **_BACK_TO_ACCOUNT,
        ),
        name="mfa_deactivate_totp",
    ),
    path(
        "account/recovery-codes",
        _form(codes.ViewRecoveryCodesView, "accounts/recovery_codes.html"),
        name="mfa_view_recovery_codes",
    ),
    path(
        "account/recovery-codes/new",
        _form(
            codes.GenerateRecoveryCodesView,
            title=_("Make new recovery codes?"),
            sentence=_("The ones you have stop working."),
            button=_("Make new codes"),
            **_BACK_TO_ACCOUNT,
        ),
        name="mfa_generate_recovery_codes",
    ),
    path("account/recovery-codes/download", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("console/theme", preferences.set_theme, name="set-theme"),
    path("console/language", preferences.set_language, name="set-language"),
]
