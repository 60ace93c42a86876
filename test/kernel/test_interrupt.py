"""Interrupts: the cell ends, the names stay, the next cell runs, and nothing of the old one goes on."""

import os
import random
import time
from pathlib import Path

import pytest
from interrupt_cases import FOREVER, LOOP, SLOW, TURNS, interrupt_once

@pytest.mark.parametrize("kind", FOREVER)
def test_interrupting(kernel, kind):
    interrupt_once(kernel, FOREVER[kind], 41)


@pytest.mark.parametrize("kind", SLOW)
def test_interrupting_what_returns_late(kernel, kind):
    interrupt_once(kernel, SLOW[kind], 43)


def test_a_call_that_v8_cannot_end_ends_the_cell_when_it_returns(kernel):
    """A child process that waits for us: the cell stays in this call until we let the child end."""
    pipe = Path(kernel.cwd) / "pipe"
    os.mkfifo(pipe)
    kernel.run('import { execFileSync } from "node:child_process"; let kept2 = 44; 1')
    msg_id = kernel.send("console.log('started'); execFileSync('cat', ['pipe'])")
    queued = kernel.send("'must not run'")
    kernel.until(msg_id, lambda m: m["msg_type"] == "stream")
    assert kernel.interrupt() == {"status": "ok"}
    # What does not need the cell's thread is answered meanwhile.
    assert "kept2" in kernel.ask("complete_request", {"code": "kept2", "cursor_pos": 5})["matches"]
    assert kernel.ask("kernel_info_request", {}, "control")["status"] == "ok"
    pipe.write_text("")
    assert kernel.finish(msg_id).reply["ename"] == "InterruptedError"
    assert kernel.reply(queued)["status"] == "aborted"
    assert kernel.run("kept2").text == "44"


def test_interrupts_at_random_moments(kernel):
    """The moments differ from run to run, as the machine does; kinds and delays are the same."""
    randomness = random.Random(20261123)
    for at in range(12):
        kind = randomness.choice([*FOREVER])
        delay = randomness.random() * 0.03
        try:
            interrupt_once(kernel, FOREVER[kind], at, wait=lambda: time.sleep(delay))
        except Exception as error:
            raise AssertionError(f"interrupt {at}, {kind}, after {delay:.4f} s") from error


def test_an_interrupt_spares_what_an_earlier_cell_left_at_work(kernel):
    """Even where all of it is in one turn of the event loop, and takes longer than an answer to an interrupt may."""
    kernel.run("""const worked = new Array(5).fill(0); let isWanted = true;
        const work = (at: number) => {
          const until = performance.now() + 40; while (performance.now() < until);
          worked[at]++; if (isWanted) setImmediate(work, at);
        };
        for (const at of worked.keys()) setImmediate(work, at);""")
    for _ in range(3):
        msg_id = kernel.send("console.log('started'); while (true) {}")
        kernel.until(msg_id, lambda m: m["msg_type"] == "stream")
        kernel.interrupt()
        assert kernel.finish(msg_id).reply["ename"] == "InterruptedError"
        kernel.run("const since = [...worked]")
        on = "for (let i = 0; i < 3; i++) await new Promise((r) => setImmediate(r)); worked.every((n, at) => n > since[at])"
        assert kernel.run(on).text == "true", kernel.run("[since, worked]").text
    kernel.run("isWanted = false")
    assert int(kernel.run(TURNS).text) < 1000


def test_immediates_of_an_earlier_cell_survive_the_end_of_one_before_them(kernel):
    kernel.run("""let asked = 0, answered = 0;
        const asking = setInterval(() => { asked++; setImmediate(() => answered++); }, 3);""")
    # Its immediates come before those that the interval's callback sets in the same turn.
    msg_id = kernel.send("""console.log("started");
        const first = () => { while (asked > answered); setImmediate(first); };
        first(); await new Promise(() => {})""")
    kernel.until(msg_id, lambda m: m["msg_type"] == "stream")
    kernel.interrupt()
    assert kernel.finish(msg_id).reply["ename"] == "InterruptedError"
    assert kernel.run("clearInterval(asking); await new Promise((r) => setImmediate(r)); asked - answered").text == "0"
    assert int(kernel.run(TURNS).text) < 1000


def test_what_an_earlier_cell_left_is_ended_where_it_never_yields(kernel):
    kernel.run(f"""let isTime = false, kept5 = 45;
        setInterval(() => {{ if (isTime) {{ console.log('started'); {LOOP} }} }}, 1)""")
    msg_id = kernel.send("isTime = true; await new Promise(() => {})")
    # What the timer prints belongs to the cell that set it.
    while kernel.client.get_iopub_msg(timeout=60)["msg_type"] != "stream":
        pass
    kernel.interrupt()
    assert kernel.finish(msg_id).reply["ename"] == "InterruptedError"
    assert kernel.run("kept5").text == "45"


def test_async_hooks_of_a_cell_go_on_after_an_interrupt(kernel):
    kernel.run('''import { createHook as hook } from "node:async_hooks";
        let inits = 0; const counting = hook({ init() { inits++ } }).enable();''')
    msg_id = kernel.send("console.log('started'); await null; while (true) {}")
    kernel.until(msg_id, lambda m: m["msg_type"] == "stream")
    kernel.interrupt()
    kernel.finish(msg_id)
    kernel.run("await new Promise((r) => setTimeout(r, 1))")
    assert kernel.run("const counted2 = inits; setTimeout(() => {}, 0); inits > counted2").text == "true"
    assert kernel.run("counting.disable(); const counted3 = inits; setTimeout(() => {}, 0); inits - counted3").text == "0"


def test_an_async_hook_that_an_interrupt_ended_is_off(kernel):
    kernel.run("""import { createHook as hookUp } from "node:async_hooks"; let calls = 0;
        const forever = hookUp({ init() { console.log("started"); calls++; while (true) {} } });""")
    msg_id = kernel.send("forever.enable(); setTimeout(() => {}, 0)")
    kernel.until(msg_id, lambda m: m["msg_type"] == "stream")
    kernel.interrupt()
    assert kernel.reply(msg_id)["ename"] == "InterruptedError"
    told = kernel.until(msg_id, lambda m: m["msg_type"] == "error" and m["content"]["ename"] == "TerminatedHookError")
    assert "has been disabled" in told[-1]["content"]["evalue"]
    assert kernel.run("await new Promise((r) => setTimeout(r, 1)); calls").text == "1"


@pytest.mark.parametrize(
    "code",
    [
        "while (true) void Promise.reject(new Error('no'))",
        "const reject = () => { void Promise.reject(new Error('no')); process.nextTick(reject) }; reject();",
    ],
)
def test_rejections_of_an_interrupted_cell_are_not_listed(kernel, code):
    msg_id = kernel.send(f"console.log('started');\n{code}\nawait new Promise(() => {{}})")
    kernel.until(msg_id, lambda m: m["msg_type"] == "stream")
    kernel.interrupt()
    assert [error["ename"] for error in kernel.finish(msg_id).of_type("error")] == ["InterruptedError"]


def test_an_interrupted_await_lets_the_cell_clean_up(kernel):
    msg_id = kernel.send("console.log('started');\ntry { await new Promise(() => {}) } finally { console.log('cleaned') }")
    kernel.until(msg_id, lambda m: m["msg_type"] == "stream")
    kernel.interrupt()
    result = kernel.finish(msg_id)
    assert result.reply["ename"] == "InterruptedError"
    assert result.stream() == "cleaned\n"


def test_timers_of_other_cells_go_on(kernel):
    kernel.run("let ticks = 0; const clock = setInterval(() => { ticks++ }, 1); 1")
    msg_id = kernel.send("console.log('started'); while (true) {}")
    kernel.until(msg_id, lambda m: m["msg_type"] == "stream")
    kernel.interrupt()
    kernel.finish(msg_id)
    code = "const from = ticks; while (ticks < from + 3) await new Promise((r) => setImmediate(r)); clearInterval(clock); 'ticking'"
    assert kernel.run(code).text == "'ticking'"


def test_what_keeps_the_thread_from_recovering_is_ended_too(kernel):
    """An earlier cell's ticks, which begin when the interrupted one lets go, would never let the next one begin."""
    kernel.run("const endlessly = () => process.nextTick(endlessly); setTimeout(endlessly, 20); let saved = 5; 1")
    msg_id = kernel.send("const until = Date.now() + 40; while (Date.now() < until); console.log('due'); while (true) {}")
    kernel.until(msg_id, lambda m: m["msg_type"] == "stream")
    kernel.interrupt()
    assert kernel.finish(msg_id).reply["ename"] == "InterruptedError"
    assert kernel.run("saved").text == "5"


def test_queued_cells_are_aborted(kernel):
    running = kernel.send("console.log('started'); while (true) {}")
    queued = kernel.send("'must not run'")
    kernel.until(running, lambda m: m["msg_type"] == "stream")
    kernel.interrupt()
    assert kernel.finish(running).status == "error"
    assert kernel.reply(queued)["status"] == "aborted"
    assert kernel.run("'runs'").text == "'runs'"


def test_polled_work_ends_by_itself_and_keeps_its_result(kernel):
    """As train.fit does: it asks whether to stop, and returns what it has."""
    code = """
const network = new nn.Sequential(new nn.Linear(2, 2));
const optimizer = new optim.SGD(network.parameters(), { learningRate: 0.01 });
const loader = new data.DataLoader(new data.TensorDataset(tensor([[0, 1], [1, 0]]), tensor([0, 1], { dtype: "int32" })), { batchSize: 1 });
console.log("started");
const history = await train.fit(network, { data: loader, optimizer, loss: losses.crossEntropy, epochs: 1_000_000 });
"partial"
"""
    msg_id = kernel.send(code)
    kernel.until(msg_id, lambda m: m["msg_type"] in ("display_data", "update_display_data", "error"))
    kernel.interrupt()
    result = kernel.finish(msg_id)
    assert result.traceback == ""
    assert result.text == "'partial'"


SLOW_STEPS = """
const slow = new nn.Sequential(new nn.Linear(2, 2));
const slowOptimizer = new optim.SGD(slow.parameters(), { learningRate: 0.01 });
const slowLoader = new data.DataLoader(new data.TensorDataset(tensor([[0, 1], [1, 0]]), tensor([0, 1], { dtype: "int32" })), { batchSize: 1 });
const slowLoss: typeof losses.crossEntropy = (prediction, target) => {
  console.log("step");
  for (const end = Date.now() + 1500; Date.now() < end; );
  return losses.crossEntropy(prediction, target);
};
const slowHistory = await train.fit(slow, { data: slowLoader, optimizer: slowOptimizer, loss: slowLoss, epochs: 1000 });
`${slowHistory.status} after ${slowHistory.stepLosses.length}`
"""


def test_training_whose_steps_are_slow_keeps_its_history(kernel):
    msg_id = kernel.send(SLOW_STEPS)
    kernel.until(msg_id, lambda m: m["msg_type"] == "stream")
    kernel.interrupt()
    result = kernel.finish(msg_id)
    assert result.text == "'interrupted after 1'"
    assert "interrupt again to break it off" in result.stream("stderr")


def test_a_second_interrupt_does_not_wait_for_a_slow_step(kernel):
    endless = SLOW_STEPS.replace("Date.now() < end", "true")
    msg_id = kernel.send(endless)
    kernel.until(msg_id, lambda m: m["msg_type"] == "stream")
    kernel.interrupt()
    kernel.until(msg_id, lambda m: m["msg_type"] == "stream" and "interrupt again" in m["content"]["text"])
    kernel.interrupt()
    assert kernel.finish(msg_id).reply["ename"] == "InterruptedError"
    # What the first cell declared as polling is over.
    spin = kernel.send("console.log('started'); while (true) {}")
    kernel.until(spin, lambda m: m["msg_type"] == "stream")
    kernel.interrupt()
    assert "interrupt again" not in kernel.finish(spin).stream("stderr")


def test_training_left_behind_by_another_cell_goes_on(kernel):
    kernel.run('''
        const behind = new nn.Sequential(new nn.Linear(2, 2));
        const behindOptimizer = new optim.SGD(behind.parameters(), { learningRate: 0.01 });
        const behindLoader = new data.DataLoader(new data.TensorDataset(tensor([[0, 1], [1, 0]]), tensor([0, 1], { dtype: "int32" })), { batchSize: 1 });
        let stopBehind = false;
        let epochsBehind = 0;
        const training = train.fit(behind, {
          data: behindLoader, optimizer: behindOptimizer, loss: losses.crossEntropy, epochs: 1_000_000, progress: false,
          callbacks: [{ onEpoch: () => { epochsBehind++; return stopBehind ? "stop" : undefined } }],
        });''')
    msg_id = kernel.send("console.log('started'); await new Promise(() => {})")
    kernel.until(msg_id, lambda m: m["msg_type"] == "stream")
    kernel.interrupt()
    assert kernel.finish(msg_id).reply["ename"] == "InterruptedError"
    code = "const seenBehind = epochsBehind; while (epochsBehind === seenBehind) await new Promise((r) => setImmediate(r)); stopBehind = true; (await training).status"
    assert kernel.run(code).text == "'stopped'"


def test_an_interrupt_between_cells_does_nothing(kernel):
    assert kernel.interrupt() == {"status": "ok"}
    assert kernel.run("'unharmed'").text == "'unharmed'"


def test_many_interrupts_in_a_row(kernel):
    kernel.run("let survived = 0")
    for _ in range(20):
        msg_id = kernel.send("survived++; console.log('started'); while (true) {}")
        kernel.until(msg_id, lambda m: m["msg_type"] == "stream")
        kernel.interrupt()
        assert kernel.finish(msg_id).status == "error"
    assert kernel.run("survived").text == "20"
