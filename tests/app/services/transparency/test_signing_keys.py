"""The first signing key is made once, however many threads ask for it at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from app.adapters.settings import Settings
from app.services.transparency.signing_keys import signing_key

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
