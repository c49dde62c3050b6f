"""The benchmark of load runs on a real site, and counts what goes wrong."""

import pytest

from benchmarks.faults.site import Answer
from benchmarks.load import Timings, main, percentile


def test_percentiles_are_values_that_were_measured() -> None:
    values = [float(n) for n in range(1, 101)]
    assert (percentile(values, 50), percentile(values, 99), percentile([3.0], 99)) == (50.0, 99.0, 3.0)


def test_what_goes_wrong_is_counted() -> None:
    timings = Timings()

    def cut_off() -> Answer:
        raise OSError("no whole response")

    with pytest.raises(OSError, match="no whole response"):
        timings.measure(cut_off)
    assert timings.errors == ["no whole response"]


def test_readers_and_editors_get_answers(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["3", "2", "6"]) == 0
    said = capsys.readouterr().out
    assert "3 readers, 2 editors, 6 seconds" in said
    assert ", 0 errors, p50 " in said


@pytest.mark.parametrize("arguments", [["0", "0"], ["2000", "1"], ["1", "1", "0"]])
def test_a_load_has_bounds(arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        main(arguments)
