"""What a new password must be, wherever one is chosen."""

from flask_security import PasswordUtil

from app.presentation.i18n.translation import _
from app.services.accounts.models import User
from app.services.accounts.password_strength import Weakness, own_parts, weakness


class PasswordRules(PasswordUtil):
    """The length that the settings ask for, and not easy to guess."""

    def validate(self, password: str, is_register: bool, **kwargs: User) -> tuple[list[str] | None, str]:
        """Returns what is wrong with it, and the password as it is stored. Passes the account as `user`."""
        problems, normal = super().validate(password, is_register, **kwargs)
        if problems:
            return problems, normal
        user = kwargs.get("user")
        reason = weakness(normal, own_parts(user.email, user.name) if user else ())
        return [_weakness_text(reason)] if reason else None, normal


def _weakness_text(reason: Weakness) -> str:
    return {
        Weakness.OWN: _(
            "This password is made of your name or your e-mail address. Use several words that have nothing to do "
            "with you."
        ),
        Weakness.PATTERN: _(
            "This password is easy to guess: it repeats a pattern, such as “abcabc” or “12345”. Use several words "
            "that do not belong together."
        ),
        Weakness.COMMON: _(
            "This password is easy to guess: it is, or is close to, a common password. Use several words that do not "
            "belong together."
        ),
    }[reason]
