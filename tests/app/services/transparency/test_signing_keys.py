"""The first signing key is made once, however many threads ask for it at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from msgspec.structs import replace

from app.adapters.settings import Settings
from app.bootstrap.container import build_services
from app.services.container import Services
from app.services.operations.doctor import examine
from app.services.snapshots.freeze import freeze_review
from app.services.transparency.signing_keys import rotate_signing_key, signing_key
from domain.errors import Refused
from tests.support.reviews import frozen_reviews

THREADS = 8


def test_threads_that_ask_together_get_one_key(tmp_path: Path) -> None:
    for attempt in range(20):
        settings = Settings(data_dir=tmp_path / str(attempt))
        together = Barrier(THREADS)

        def ask(_: int, settings: Settings = settings, together: Barrier = together) -> str:
            together.wait(10)
            return signing_key(settings).verifier.public.hex()

        with ThreadPoolExecutor(THREADS) as pool:
            assert len(set(pool.map(ask, range(THREADS)))) == 1
        assert [f.name for f in (settings.data_dir / "keys").iterdir()] == ["signing.pem"]


def test_nothing_is_frozen_under_a_key_of_another_host(small: Services) -> None:
    signing_key(small.settings)
    small.settings = replace(small.settings, base_url="https://uptake.example")
    sentence = "The signing key is of 127.0.0.1, but the address of this site is https://uptake.example."
    with pytest.raises(Refused, match=sentence):
        freeze_review(small, "small", "ten", by="ana")
    assert frozen_reviews(small) == []
    found = [f.sentence for f in examine(small.settings, build_services) if not f.ok]
    assert any(s.startswith(sentence) and "uptake key rotate" in s for s in found)
    rotate_signing_key(small.settings)
    freeze_review(small, "small", "ten", by="ana")
    assert not any(f.sentence.startswith("The signing key") for f in examine(small.settings, build_services))
