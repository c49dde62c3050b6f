"""Two packages show whether the log only grew between them."""

from collections.abc import Callable
from pathlib import Path

import msgspec
from click.testing import CliRunner

from app.bootstrap.command_line import main
from app.services.container import Services
from app.services.snapshots.freeze import freeze_review
from app.services.transparency.signing_keys import key_list
from domain import commands as c
from tests.support.small_register import open_small_register


def test_the_log_of_a_later_package_extends_that_of_an_earlier_one(
    small: Services, new_services: Callable[..., Services], tmp_path: Path
) -> None:
    earlier = freeze_review(small, "small", "ten", by="ana").file
    small.execute(
        c.WithdrawAssessment("small", recommendation="law", assessment="law-1", reason="A wrong day."), by="ben"
    )
    later = freeze_review(small, "small", "yearly", by="ana").file
    (tmp_path / "keys").write_bytes(msgspec.json.encode(key_list(small.settings)))

    def check(*words: str | Path) -> tuple[int, str]:
        run = CliRunner().invoke(main, ["snapshot", "verify", *map(str, words)])
        return run.exit_code, run.output

    code, output = check(earlier, later, "--keys", tmp_path / "keys")
    assert code == 0, output
    assert "EXTENDED: the " in output
    assert check(earlier, later)[0] == 3
    assert check(earlier, earlier, "--keys", tmp_path / "keys")[0] == 0
    code, output = check(later, earlier)
    assert code == 1
    assert "Name the package with the shorter log first." in output
    assert check(earlier, later, "--proof", tmp_path / "keys")[0] == 2
    forked = new_services()
    open_small_register(forked, tmp_path / "other")
    freeze_review(forked, "small", "ten", by="ana")
    fork = freeze_review(forked, "small", "yearly", by="ana").file
    code, output = check(earlier, fork)
    assert code == 1
    assert "does not extend that in small_ten_2024-02-17: its first" in output
