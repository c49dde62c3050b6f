"""Where the keys of an installation come from: settings, files that settings name, or `keys/` in the data folder."""

from pathlib import Path

from msgspec import Struct

from app.adapters.settings import KEY_USES, Settings
from domain.errors import Refused

KEY_FILES = {"web": "web.json", "packages": "signing.pem", "checkpoints": "checkpoints.pem"}
"""The names of the files by what the key is for."""


class KeySource(Struct, frozen=True):
    """A key as a setting has it, or else the file with it."""

    setting: str
    text: str
    file: Path
    is_set: bool
    """Whether a setting says where the key is, so that it is never made."""

    @property
    def place(self) -> str:
        if self.text:
            return f"The setting {self.setting}"
        return f"{self.file}, which {self.setting}_file names," if self.is_set else str(self.file)

    @property
    def cure(self) -> str:
        """How to put the key where there is something else."""
        if self.text:
            return f"Set it to all lines of {self.file.name}."
        return "Put the right file there, or correct the setting." if self.is_set else "Put the right file back."

    def exists(self) -> bool:
        return bool(self.text) or self.file.is_file()

    def read(self) -> str:
        """Raises `Refused` if the file is missing or cannot be read, `ValueError` if it is no text."""
        if self.text:
            return self.text
        try:
            return self.file.read_text("utf-8")
        except FileNotFoundError:
            raise Refused(_missing(self)) from None
        except OSError as e:
            cure = (
                "Correct the setting, or let this account read the file."
                if self.is_set
                else "Let this account read it."
            )
            raise Refused(f"{self.place} cannot be read: {e.strerror or e}. {cure}") from None


def key_source(settings: Settings, use: str) -> KeySource:
    text, named = getattr(settings, f"{use}_key"), getattr(settings, f"{use}_key_file")
    file = named or settings.data_dir / "keys" / KEY_FILES[use]
    return KeySource(f"{use}_key", text, file, bool(text or named))


def has_key_settings(settings: Settings) -> bool:
    """Whether settings say where a key that signs is."""
    return any(key_source(settings, use).is_set for use in KEY_USES if use != "web")


def _missing(source: KeySource) -> str:
    if source.is_set:
        return f"{source.file} is missing, which {source.setting}_file names. Put it there, or correct the setting."
    return f"{source.file} is missing. Put it back from a backup; without any key, “uptake init” makes new ones."
