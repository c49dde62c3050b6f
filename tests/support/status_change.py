"""A sourced status change in a browser, as a practised person does it: one new source, and both languages."""

from tests.support.keystrokes import Recorder

WORKBENCH = "/staff/dprk-enablers/recommendations/congress-oversight/"
RATIONALE = "The committee held a public hearing on the report on 2 February 2026."
RATIONALE_KO = "위원회가 2026년 2월 2일 보고서에 관한 공청회를 열었다."


def propose_with_new_source(recorder: Recorder, address: str) -> None:
    """From the page of the recommendation to the banner that says it is sent."""
    page = recorder.page
    page.goto(address + WORKBENCH)
    recorder.click(page.get_by_role("link", name="Propose a status").first)
    recorder.wait(lambda: page.wait_for_selector("#f-status"))
    recorder.click("label[for=s-in_progress]")
    recorder.tab_to("#f-effective_on")
    recorder.type("2 Feb 2026")
    recorder.click(page.locator("summary", has_text="Add a source"))
    recorder.click("#f-src_url")
    recorder.paste("https://committee.example/hearings/2026-02-02")
    recorder.tab_to("#f-src_title")
    recorder.type("Hearing on the report")
    recorder.press("Tab")
    recorder.type("House committee")
    recorder.press("Tab")
    recorder.type("2 Feb 2026")
    recorder.tab_to("#f-src_class")
    recorder.press("p")  # “Primary, official”
    recorder.tab_to("#f-src_summary")
    recorder.type("The hearing took place.")
    recorder.click(page.locator("button:not(.vh)[value=add_source]"))
    recorder.wait(lambda: page.wait_for_selector("input[name=evidence]:checked"))
    recorder.click("#f-rationale")
    recorder.type(RATIONALE)
    recorder.press("Tab")
    recorder.type(RATIONALE_KO)
    recorder.press("Control+Enter")
    recorder.wait(lambda: page.wait_for_selector("text=Sent to a second person."))
