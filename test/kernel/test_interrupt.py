"""Interrupts: the cell ends, the names stay, the next cell runs, and nothing of the old one goes on."""

import pytest

FOREVER = {
    "a synchronous loop": "while (true) {}",
    "a function's loop": "function spin() { let n = 0; while (true) n++; }\nspin()",
    "a loop after an await": "await null; while (true) {}",
    "an async function's loop": "await (async () => { await null; while (true) {} })()",
    "a pending await": "await new Promise(() => {})",
    "a loop of awaits": "while (true) await new Promise((r) => setTimeout(r, 1))",
    "an async function that sleeps": "await (async () => { while (true) await new Promise((r) => setTimeout(r, 1)) })()",
    "for await": "async function* tick() { while (true) { await new Promise((r) => setTimeout(r, 1)); yield 1 } }\nfor await (const _ of tick()) {}",
    "for await without a pause": "async function* spin2() { while (true) yield 1 }\nfor await (const _ of spin2()) {}",
    "a timer's loop": "setTimeout(() => { while (true) {} }, 0); await new Promise(() => {})",
    "an immediate's loop": "setImmediate(() => { while (true) {} }); await new Promise(() => {})",
    "a tick's loop": "process.nextTick(() => { while (true) {} }); await new Promise(() => {})",
    "a microtask's loop": "queueMicrotask(() => { while (true) {} }); await new Promise(() => {})",
    "a loop that catches everything": "while (true) { try { while (true) {} } catch {} }",
    "awaits that catch everything": "while (true) { try { await new Promise((r) => setTimeout(r, 1)) } catch {} }",
    "finally that never ends": "try { while (true) {} } finally { while (true) {} }",
    "a regular expression": "/^(a+)+$/.test('a'.repeat(60) + 'b')",
    "a blocking wait": "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
    "a WebAssembly loop": "new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,5,1,1,102,0,0,10,9,1,7,0,3,64,12,0,11,11]))).exports.f()",
}


@pytest.mark.parametrize("kind", FOREVER)
def test_interrupting(kernel, kind):
    kernel.run("let kept = 41; let holder = { kept };")
    msg_id = kernel.send(f"console.log('started');\n// @ts-ignore\n{FOREVER[kind]}")
    kernel.until(msg_id, lambda m: m["msg_type"] == "stream")
    assert kernel.interrupt() == {"status": "ok"}
    result = kernel.finish(msg_id)
    assert result.status == "error"
    assert result.reply["ename"] == "InterruptedError"
    assert kernel.run("kept + 1").text == "42"
    alive = "await new Promise((r) => setTimeout(r, 1)); await new Promise((r) => setImmediate(r)); await new Promise<void>((r) => process.nextTick(r)); holder.kept"
    assert kernel.run(alive).text == "41"


ZOMBIES = {
    "interval": "setInterval(() => { beats++ }, 1); await new Promise(() => {})",
    "immediates": "const again = () => { beats++; setImmediate(again) }; again(); await new Promise(() => {})",
    "sleeping loop": "await (async () => { while (true) { beats++; await new Promise((r) => setTimeout(r, 1)) } })()",
    "promised timers": 'import { setTimeout as sleep } from "node:timers/promises"; await (async () => { while (true) { beats++; await sleep(1) } })()',
    "catching loop": "async function stubborn() { while (true) { try { beats++; await new Promise((r) => setTimeout(r, 1)) } catch {} } }\nawait stubborn()",
}


@pytest.mark.parametrize("kind", ZOMBIES)
def test_nothing_of_an_interrupted_cell_goes_on(kernel, kind):
    kernel.run("let beats = 0")
    msg_id = kernel.send(f"console.log('started');\n{ZOMBIES[kind]}")
    kernel.until(msg_id, lambda m: m["msg_type"] == "stream")
    kernel.interrupt()
    assert kernel.finish(msg_id).status == "error"
    counted = "const counted = beats; await new Promise((r) => setTimeout(r, 50)); beats - counted"
    assert kernel.run(counted).text == "0"


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
