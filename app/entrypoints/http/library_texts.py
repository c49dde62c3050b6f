"""The texts of the sign-in library in our own words, and in the reader's language."""

from app.presentation.i18n.translation import LazyText, gettext

_ERROR, _INFO = "error", "info"
_WRONG_CODE = LazyText("This code is wrong or was used already. Type the code that the app shows now.")
_MISMATCH = LazyText("The passwords do not match. Type the same password twice.")
_WRONG_SIGN_IN = LazyText("The e-mail address or the password is wrong.")
_SIGN_IN = LazyText("Sign in to open this page.")
_CONFIRM = LazyText("Confirm your identity to open this page.")
_TOO_LATE = LazyText("This took too long. Start again.")
_UNKNOWN_PASSKEY = LazyText("This passkey does not belong to an account here. Use another one, or your password.")

ERRORS: dict[str, LazyText] = {
    "API_ERROR": LazyText("This page could not read what was sent. Open it again."),
    "GENERIC_AUTHN_FAILED": _WRONG_SIGN_IN,
    "UNAUTHORIZED": LazyText("You do not have permission to open this page."),
    "ANONYMOUS_USER_REQUIRED": LazyText("You are signed in already."),
    "INVALID_REDIRECT": LazyText("The page to go on to is not on this site."),
    "INVALID_INPUT": LazyText("This cannot be used here. Type it again."),
    "INVALID_INPUT_LENGTH": LazyText("This is too long. Shorten it."),
    "DISABLED_ACCOUNT": LazyText("This account is disabled. Ask an administrator of your register."),
    "USER_DOES_NOT_EXIST": _WRONG_SIGN_IN,
    "EMAIL_NOT_PROVIDED": LazyText("Type your e-mail address."),
    "INVALID_EMAIL_ADDRESS": LazyText("Type a whole e-mail address, such as name@example.org."),
    "PASSWORD_NOT_PROVIDED": LazyText("Type the password."),
    "INVALID_PASSWORD": LazyText("The password is wrong."),
    "PASSWORD_MISMATCH": _MISMATCH,
    "RETYPE_PASSWORD_MISMATCH": _MISMATCH,
    "PASSWORD_IS_THE_SAME": LazyText("This is your password already. Choose another one."),
    "PASSWORD_INVALID_LENGTH": LazyText("The password is too short. Use at least %(length)s characters."),
    "PASSWORD_TOO_SIMPLE": LazyText("This password is easy to guess. Use several words."),
    "PASSWORD_BREACHED": LazyText("This password is on a list of stolen passwords. Choose another one."),
    "PASSWORD_BREACHED_SITE_ERROR": LazyText("The list of stolen passwords cannot be reached. Try again later."),
    "INVALID_CODE": _WRONG_CODE,
    "INVALID_PASSWORD_CODE": _WRONG_CODE,
    "TWO_FACTOR_INVALID_TOKEN": _WRONG_CODE,
    "TWO_FACTOR_PERMISSION_DENIED": LazyText("This sign-in took too long or was started elsewhere. Start again."),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": LazyText("Choose one of the ways that this page shows."),
    "TWO_FACTOR_SETUP_EXPIRED": _TOO_LATE,
    "INVALID_RECOVERY_CODE": LazyText("This recovery code is wrong or was used already. Each code works once."),
    "WEBAUTHN_EXPIRED": _TOO_LATE,
    "WEBAUTHN_NAME_REQUIRED": LazyText("Give the passkey a name."),
    "WEBAUTHN_NAME_INUSE": LazyText("You already have a passkey called “%(name)s”. Choose another name."),
    "WEBAUTHN_NAME_NOT_FOUND": LazyText("You have no passkey called “%(name)s”."),
    "WEBAUTHN_NAME_DISALLOWED_CHARACTERS": LazyText("Use only letters, digits, spaces and hyphens in the name."),
    "WEBAUTHN_CREDENTIAL_ID_INUSE": LazyText("This passkey is already added."),
    "WEBAUTHN_UNKNOWN_CREDENTIAL_ID": _UNKNOWN_PASSKEY,
    "WEBAUTHN_ORPHAN_CREDENTIAL_ID": _UNKNOWN_PASSKEY,
    "WEBAUTHN_MISMATCH_USER_HANDLE": LazyText("This passkey belongs to another account. Use one of your own."),
    "WEBAUTHN_NO_VERIFY": LazyText("Your passkey could not be checked. Try again, or use your password."),
    "WEBAUTHN_CREDENTIAL_WRONG_USAGE": LazyText("This passkey cannot be used here. Use another one, or your password."),
}
"""What went wrong, by the library's key: every message that a feature in use can show."""

NOTICES: dict[str, LazyText] = {
    "UNAUTHENTICATED": _SIGN_IN,
    "LOGIN": _SIGN_IN,
    "REAUTHENTICATION_REQUIRED": _CONFIRM,
    "REFRESH": _CONFIRM,
    "REAUTHENTICATION_SUCCESSFUL": LazyText("You confirmed your identity."),
    "NO_RECOVERY_CODES_SETUP": LazyText("You have no recovery codes."),
    "PASSWORD_CHANGE": LazyText("Your password is changed"),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": LazyText("You are signed in."),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": LazyText("Your second factor is on"),
    "TWO_FACTOR_DISABLED": LazyText("Your second factor is off"),
    "WEBAUTHN_REGISTER_SUCCESSFUL": LazyText("The passkey “%(name)s” is added"),
    "WEBAUTHN_CREDENTIAL_DELETED": LazyText("The passkey “%(name)s” is removed"),
}
"""Messages that are no errors. Our pages say the same themselves, or in a banner."""

FORM_ERRORS = {
    "This field is required.": LazyText("Fill in this field."),
    "Not a valid choice.": LazyText("Choose one of the ways that this page shows."),
    "Invalid Choice: could not coerce.": LazyText("Choose one of the ways that this page shows."),
}
"""Errors of the library's form fields that have no key."""


class LibraryTexts:
    """Translates the library's messages; stands in for its own catalogue."""

    @staticmethod
    def gettext(text: str, **values: object) -> str:
        return gettext(text) % values if values else gettext(text)


def message_settings() -> dict[str, tuple[str, str]]:
    """The settings that replace the library's messages."""
    texts = [(key, text, _ERROR) for key, text in ERRORS.items()] + [(k, t, _INFO) for k, t in NOTICES.items()]
    return {f"SECURITY_MSG_{key}": (text.text, category) for key, text, category in texts}


def error_text(error: object) -> str:
    """An error of a form of the library in the reader's language; the library translates only some itself."""
    text = str(error)
    return str(FORM_ERRORS[text]) if text in FORM_ERRORS else gettext(text)
