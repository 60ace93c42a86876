"""Runs that a cell records with a loop of its own: drawn while they grow, and ended as the cell ends."""

import pytest

PLOTLY = "application/vnd.plotly.v1+json"
LOOPS = {
    "calculating": "",
    "awaiting": "if (step % 50 === 0) await new Promise((r) => setTimeout(r, 1));",
}


def begin(kernel, loop):
    """A cell that logs until it is interrupted: its request, and what it published until it had drawn three times."""
    msg_id = kernel.send(
        f"""var own = track.run("own loop", {{ live: true, params: {{ learningRate: 0.1 }} }});
        for (let step = 1; ; step++) {{ own.log({{ loss: 1 / step, accuracy: 1 - 1 / step }}, {{ step }}); {loop} }}"""
    )
    drawn = 0

    def thrice(message):
        nonlocal drawn
        drawn += message["msg_type"] == "update_display_data"
        return drawn == 3

    return msg_id, kernel.until(msg_id, thrice)


@pytest.mark.parametrize("kind", LOOPS)
def test_a_run_draws_itself_and_ends_with_its_cell(kernel, kind):
    msg_id, messages = begin(kernel, LOOPS[kind])
    kernel.interrupt()
    result = kernel.finish(msg_id)
    assert result.reply["ename"] == "InterruptedError"
    pictures = [
        m["content"]
        for m in [*messages, *result.messages]
        if m["msg_type"] in ("display_data", "update_display_data")
    ]
    assert len({picture["transient"]["display_id"] for picture in pictures}) == 1
    steps = [picture["data"][PLOTLY]["data"][0]["x"][-1] for picture in pictures]
    assert steps == sorted(steps)
    last = pictures[-1]["data"][PLOTLY]
    assert [trace["name"] for trace in last["data"]] == ["loss", "accuracy"]
    assert kernel.run("own.status").text == "'interrupted'"
    assert kernel.run("track.open(own.id).status").text == "'interrupted'"
    if kind == "calculating":
        # The termination may fall into the drawing or the writing of a step.
        return
    assert kernel.run("own.step").text == str(steps[-1])
    assert kernel.run("track.open(own.id).metrics.loss.count").text == str(steps[-1])


def test_a_later_cell_goes_on_with_a_run_and_ends_it_as_it_ends_itself(kernel):
    kernel.run("const again = track.run('again'); again.log({ loss: 2 })")
    assert kernel.run("track.open(again.id).status").text == "'finished'"
    assert kernel.run("again.log({ loss: 1 }); track.open(again.id).status").text == "'running'"
    assert kernel.run("again.log({ loss: 1 }); throw new Error('no more')").status == "error"
    assert kernel.run("const ending = track.open(again.id); `${ending.status}: ${ending.reason}`").text == "'failed: Error: no more'"
    assert kernel.run("again.log({ loss: 0.5 }); again.finish()").status == "ok"
    assert kernel.run("[...track.open(again.id).curve('loss').values].join()").text == "'2,1,1,0.5'"
    after = kernel.run("again.log({ loss: 0 })")
    assert "has ended (finished)" in after.traceback


def test_a_run_shows_its_curves(kernel):
    shown = kernel.run("const curves = track.run('curves'); curves.log({ loss: 2 }); curves.log({ loss: 1 }); curves")
    [result] = shown.of_type("execute_result")
    assert result["data"][PLOTLY]["data"][0]["y"] == [2, 1]
    assert 'Run "curves"' in result["data"]["text/plain"]


def test_what_a_cell_leaves_running_goes_on_with_its_run(kernel):
    kernel.run(
        """const late = track.run("late"); const gate = Promise.withResolvers<void>();
        const ended = gate.promise.then(() => { late.log({ loss: 1 }); late.finish() }); 0"""
    )
    assert kernel.run("late.status").text == "'finished'"
    assert kernel.run("gate.resolve(); await ended; track.open(late.id).metrics.loss.count").text == "1"
