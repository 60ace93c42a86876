"""Kinds of cells that do not end by themselves, or not soon. Each prints once before it is worth interrupting."""

import time
from typing import NamedTuple

LOOP = "while (true) {}"
PENDING = "await new Promise(() => {})"
WASM = "[0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,5,1,1,102,0,0,10,9,1,7,0,3,64,12,0,11,11]"
STORAGE = 'import { AsyncLocalStorage } from "node:async_hooks";\nconst storage = new AsyncLocalStorage<number>();\n'
# Afterwards, what the interrupted code had stored must not be seen by other code.
NOTHING_STORED = "storage.getStore() === undefined"
# To end each loop of a cell by itself would take as many terminations.
FEW_BEGAN = "beats < 30"
# An event loop that waits for something that never comes spins: some thousand turns in this time.
TURNS = """const turns = () => performance.nodeTiming.uvMetricsInfo.loopCount;
const before = turns(); await new Promise((r) => setTimeout(r, 20)); turns() - before"""
BIG = "const big = '[' + '[1,2,3,\"abc\"],'.repeat(600_000) + '0]';"


class Case:
    """
    setup: a cell to run before. code: the cell to interrupt. after: an expression that must be true afterwards.
    counter: a variable that must stand still once the cell has ended.
    """

    def __init__(self, code, setup="", after="true", counter=None, prints=True, answer=None):
        self.setup = setup
        self.code = f"console.log('started');\n// @ts-ignore\n{code}" if prints else code
        self.after = after
        self.counter = counter
        self.answer = answer


FOREVER = {
    "a synchronous loop": Case(LOOP),
    "a function's loop": Case("function spin() { let n = 0; while (true) n++; }\nspin()"),
    "a loop after an await": Case(f"await null; {LOOP}"),
    "an async function's loop": Case(f"await (async () => {{ await null; {LOOP} }})()"),
    "a pending await": Case(PENDING),
    "a loop of awaits": Case("while (true) await new Promise((r) => setTimeout(r, 1))"),
    "an async function that sleeps": Case(
        "await (async () => { while (true) { beats++; await new Promise((r) => setTimeout(r, 1)) } })()", counter="beats"
    ),
    "work that nobody awaits": Case(
        "void (async () => { while (true) { beats++; await new Promise((r) => setTimeout(r, 1)) } })(); " + PENDING,
        counter="beats",
    ),
    "work that nobody awaits, behind a loop": Case(
        "void (async () => { while (true) { beats++; await new Promise((r) => setTimeout(r, 1)) } })(); " + LOOP,
        counter="beats",
    ),
    "for await": Case(
        "async function* tick() { while (true) { beats++; await new Promise((r) => setTimeout(r, 1)); yield 1 } }\n"
        "for await (const _ of tick()) {}",
        counter="beats",
    ),
    "for await without a pause": Case(
        "async function* spin2() { while (true) yield 1 }\nfor await (const _ of spin2()) {}"
    ),
    "a generator": Case("function* spin3() { while (true) yield 1 }\nfor (const _ of spin3()) {}"),
    "a timer's loop": Case(f"setTimeout(() => {{ {LOOP} }}, 0); {PENDING}"),
    "an interval's loop": Case(f"setInterval(() => {{ {LOOP} }}, 1); {PENDING}"),
    "an immediate's loop": Case(f"setImmediate(() => {{ {LOOP} }}); {PENDING}"),
    "a tick's loop": Case(f"process.nextTick(() => {{ {LOOP} }}); {PENDING}"),
    "a microtask's loop": Case(f"queueMicrotask(() => {{ {LOOP} }}); {PENDING}"),
    "a reaction's loop": Case(f"Promise.resolve().then(() => {{ {LOOP} }}); {PENDING}"),
    "many timers' loops": Case(
        f"for (let i = 0; i < 300; i++) setTimeout(() => {{ beats++; {LOOP} }}, 0); {PENDING}", after=FEW_BEGAN
    ),
    # Node keeps its place in the list of immediates once the first has run.
    "many immediates' loops": Case(
        f"setImmediate(() => {{}}); for (let i = 0; i < 300; i++) setImmediate(() => {{ beats++; {LOOP} }}); {PENDING}",
        after=FEW_BEGAN,
    ),
    "many ticks' loops": Case(
        f"for (let i = 0; i < 300; i++) process.nextTick(() => {{ beats++; {LOOP} }}); {PENDING}", after=FEW_BEGAN
    ),
    "many slow immediates without end": Case(
        "const slow = () => { const until = performance.now() + 20; while (performance.now() < until); beats++; setImmediate(slow) };\n"
        f"for (let i = 0; i < 30; i++) setImmediate(slow); {PENDING}",
        counter="beats",
    ),
    "an interval": Case(f"setInterval(() => {{ beats++ }}, 1); {PENDING}", counter="beats"),
    "ticks without end": Case(
        f"const tick2 = () => {{ beats++; process.nextTick(tick2) }}; tick2(); {PENDING}", counter="beats"
    ),
    "many ticks without end": Case(
        f"const tick3 = () => {{ beats++; process.nextTick(tick3) }}; for (let i = 0; i < 3000; i++) tick3(); {PENDING}",
        counter="beats",
    ),
    "failures that nobody awaits": Case(
        "async function fails() { throw new Error('no') }\nwhile (true) { beats++; fails() }", counter="beats"
    ),
    "immediates without end": Case(
        f"const again = () => {{ beats++; setImmediate(again) }}; again(); {PENDING}", counter="beats"
    ),
    "promised timers": Case(
        'import { setTimeout as sleep } from "node:timers/promises";\n'
        "await (async () => { while (true) { beats++; await sleep(1) } })()",
        counter="beats",
    ),
    "a loop that catches everything": Case("while (true) { try { while (true) {} } catch {} }"),
    "awaits that catch everything": Case("while (true) { try { await new Promise((r) => setTimeout(r, 1)) } catch {} }"),
    "awaited work that catches everything": Case(
        "const work = async () => { for (let i = 0; i < 1e5; i++); };\nwhile (true) { try { await work() } catch {} }"
    ),
    "an async function that catches everything": Case(
        "async function stubborn() { while (true) { try { beats++; await new Promise((r) => setTimeout(r, 1)) } catch {} } }\n"
        "await stubborn()",
        counter="beats",
    ),
    "microtasks that catch everything": Case(
        "async function brief() { beats++ }\n"
        "async function stubborn2() { while (true) { try { await brief() } catch {} } }\nawait stubborn2()",
        counter="beats",
    ),
    "finally that never ends": Case("try { while (true) {} } finally { while (true) {} }"),
    "finally after an await that never ends": Case(f"try {{ {PENDING} }} finally {{ {LOOP} }}"),
    "AsyncLocalStorage, synchronous": Case(f"storage.run(1, () => {{ {LOOP} }})", STORAGE, NOTHING_STORED),
    "AsyncLocalStorage, asynchronous": Case(
        f"await storage.run(1, async () => {{ await null; await new Promise((r) => setTimeout(r, 1)); {LOOP} }})",
        STORAGE,
        NOTHING_STORED,
    ),
    "AsyncLocalStorage in a timer": Case(
        f"storage.run(1, () => setTimeout(() => {{ {LOOP} }}, 0)); {PENDING}", STORAGE, NOTHING_STORED
    ),
    "AsyncLocalStorage used before": Case(f"await null; {LOOP}", STORAGE + "storage.run(1, () => {})", NOTHING_STORED),
    "an AsyncResource": Case(
        f'new AsyncResource("test").runInAsyncScope(() => {{ {LOOP} }})',
        'import { AsyncResource } from "node:async_hooks";',
    ),
    "async hooks": Case(
        f"await null; {LOOP}",
        'import { createHook } from "node:async_hooks";\ncreateHook({ init() {}, before() {}, after() {} }).enable(); 1',
    ),
    "awaits whose hooks take most of the time": Case(
        "async function brief2() { beats++ }\nwhile (true) await brief2()",
        'import { createHook } from "node:async_hooks";\n'
        "const busy = () => { const from = performance.now(); while (performance.now() < from + 0.5); };\n"
        "const slow = createHook({ init: busy, before() {}, after() {} }).enable(); 1",
        after="(slow.disable(), true)",
        counter="beats",
    ),
    "an async hook that never ends": Case(
        "endless = hooking({ init() { if (!hears++) console.log('started'); while (true) {} } }).enable(); setTimeout(() => {}, 0)",
        'import { type AsyncHook, createHook as hooking } from "node:async_hooks";\nlet endless: AsyncHook; let hears = 0;',
        after="(endless.disable(), true)",
        prints=False,
    ),
    "async hooks switched without end": Case(
        "while (true) { switched.enable(); switched.disable() }",
        'import { createHook as hookFor } from "node:async_hooks";\nconst switched = hookFor({ init() {} });',
        after="(switched.disable(), true)",
    ),
    "async hooks switched on afterwards": Case(
        f"setTimeout(() => {{ {LOOP} }}, 0); {PENDING}",
        'import { createHook as hookOf } from "node:async_hooks";',
        after="await (async () => { const hook = hookOf({ init() {}, before() {}, after() {} }).enable();"
        "await new Promise((r) => setTimeout(r, 2)); hook.disable(); return true })()",
    ),
    "an event's listener": Case(
        f'const emitter = new EventEmitter(); emitter.on("x", () => {{ {LOOP} }}); emitter.emit("x")',
        'import { EventEmitter } from "node:events";',
    ),
    "an event's listener in a timer": Case(
        'const emitter2 = new EventEmitter(); emitter2.on("x", () => { while (true) {} });\n'
        f'setTimeout(() => emitter2.emit("x"), 0); {PENDING}',
        'import { EventEmitter } from "node:events";',
    ),
    "a file's callback": Case(
        f'readFile("/dev/null", () => {{ {LOOP} }}); {PENDING}', 'import { readFile } from "node:fs";'
    ),
    "a file's promise": Case(
        f'await readFile("/dev/null"); {LOOP}', 'import { readFile } from "node:fs/promises";'
    ),
    "a connection": Case(
        f'createServer(() => {{ console.log("started"); {LOOP} }}).listen(0, "127.0.0.1", function (this: any) {{\n'
        f'  connect(this.address().port, "127.0.0.1").on("error", () => {{}}) }}); {PENDING}',
        'import { connect, createServer } from "node:net";',
        prints=False,
    ),
    "a worker's message": Case(
        'const worker = new Worker("require(\'node:worker_threads\').parentPort.postMessage(1)", { eval: true, execArgv: [] });\n'
        f'worker.on("message", () => {{ console.log("started"); {LOOP} }}); {PENDING}',
        'import { Worker } from "node:worker_threads";',
        prints=False,
    ),
    "a regular expression": Case("/^(a+)+$/.test('a'.repeat(60) + 'b')"),
    "sorting": Case(
        "while (true) numbers.slice().sort((a, b) => a - b)",
        "const numbers = Array.from({ length: 800_000 }, (_, i) => (i * 7919) % 800_000);",
    ),
    "a blocking wait": Case("Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)"),
    "a WebAssembly loop": Case(
        f"(new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array({WASM}))).exports.f as () => void)()"
    ),
    "training": Case(
        "await train.fit(network, { data: loader, optimizer, loss: losses.crossEntropy, epochs: 1_000_000 }); throw new InterruptedAsAsked()",
        """class InterruptedAsAsked extends Error { override name = "InterruptedError" }
const network = new nn.Sequential(new nn.Linear(2, 2));
const optimizer = new optim.SGD(network.parameters(), { learningRate: 0.01 });
const loader = new data.DataLoader(new data.TensorDataset(tensor([[0, 1], [1, 0]]), tensor([0, 1], { dtype: "int32" })), { batchSize: 1 });""",
    ),
    "our kernels": Case(
        "while (true) product = left.matmul(left)",
        "const left = Tensor.full([256, 256], 0.001); let product = left;",
        after="left.matmul(left).item === undefined || Math.abs(left.matmul(left).data[0] - 256e-6) < 1e-9",
    ),
    "a prompt": Case('console.log("started"); prompt("never answered")', prints=False),
}

# What runs inside V8 or Node itself is not seen until it returns; these return after some tenths of a second.
SLOW = {
    "a loop of slow built-ins": Case("while (true) JSON.parse(big)", BIG),
    "a loop of slow built-ins in a function": Case("while (true) parse(big)", BIG + " const parse = (s: string) => JSON.parse(s);"),
    "sorting by the default": Case(
        "while (true) floats.slice().sort()",
        "const floats = new Float64Array(1_500_000).map((_, i) => (i * 7919) % 1_500_000);",
    ),
    "a child process": Case(f'execSync("sleep 0.2"); {LOOP}', 'import { execSync } from "node:child_process";'),
    "a key derivation": Case(
        f'pbkdf2Sync("a", "b", 250_000, 64, "sha512"); {LOOP}', 'import { pbkdf2Sync } from "node:crypto";'
    ),
}


class Times(NamedTuple):
    """Seconds from the interrupt until the interrupted cell was answered, and until the cell after it was."""

    ended: float
    next_cell: float


def interrupt_once(kernel, case, value, wait=lambda: None):
    """
    Run the case, interrupt it after `wait`, and see that the kernel is whole. Raises AssertionError where something
    was lost.
    """
    kept = kernel.run(f"let kept = {value}; let holder = {{ kept }}; let beats = 0;")
    assert kept.status == "ok", kept.traceback
    if case.setup:
        prepared = kernel.run(case.setup)
        assert prepared.status == "ok", prepared.traceback
    msg_id = kernel.send(case.code, allow_stdin=True)
    started = kernel.until(
        msg_id,
        lambda m: m["msg_type"] == "error"
        or (m["msg_type"] == "stream" and "started" in m["content"]["text"]),
    )
    assert started[-1]["msg_type"] == "stream", started[-1]["content"]
    wait()
    asked = time.perf_counter()
    assert kernel.interrupt() == {"status": "ok"}
    result = kernel.finish(msg_id)
    ended = time.perf_counter() - asked
    assert result.reply["status"] == "error" and result.reply["ename"] == "InterruptedError", result.reply
    assert kernel.run("kept").text == str(value)
    next_cell = time.perf_counter() - asked
    alive = (
        "await new Promise<void>((r) => process.nextTick(r)); await new Promise((r) => setImmediate(r));"
        "await new Promise((r) => setTimeout(r, 1)); await (await import('node:fs/promises')).stat('/');"
        "holder.kept"
    )
    healthy = kernel.run(alive)
    assert healthy.text == str(value), healthy.traceback
    turns = kernel.run(TURNS)
    assert int(turns.text) < 1000, f"the event loop does not rest: {turns.text} turns in 20 ms"
    assert kernel.run(f"({case.after})").text == "true"
    if case.counter:
        counted = f"const counted = {case.counter}; await new Promise((r) => setTimeout(r, 30)); {case.counter} - counted"
        assert kernel.run(counted).text == "0"
    return Times(ended, next_cell)
