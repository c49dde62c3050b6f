"""Codes of the second factor that work once. The library would accept a code again as long as its time lasts."""

from flask_security import MfRecoveryCodesUtil, Totp, UserMixin
from passlib.totp import TokenError

from app.entrypoints.http.services import services
from app.services.accounts import second_factor


class AppCodes(Totp):
    """Codes of an authenticator app."""

    def verify_totp(self, token: str, totp_secret: str, user: UserMixin, window: int = 0) -> bool:
        try:
            match = self._totp.verify(token, totp_secret, time=services().clock(), window=window)
        except TokenError:
            return False
        with services().accounts.work() as db:
            return second_factor.use_step(db, user.id, match.counter)


class RecoveryCodes(MfRecoveryCodesUtil):
    """Checking a code uses it up."""

    def check_recovery_code(self, user: UserMixin, code: str) -> bool:
        with services().accounts.work() as db:
            return second_factor.use_recovery_code(db, user.id, code)

    def delete_recovery_code(self, user: UserMixin, code: str) -> bool:
        return True
