"""Cells: what they show, what they keep, and how they fail."""

import re
import shutil
from pathlib import Path


def test_the_last_expression_is_the_result(kernel):
    assert kernel.run("1 + 1").text == "2"
    assert kernel.run("'text'").text == "'text'"
    assert kernel.run("null").text == "null"


def test_statements_and_undefined_show_nothing(kernel):
    for code in ["const quiet = 1", "undefined", "if (true) 5", ""]:
        assert kernel.run(code).types == []


def test_names_live_on_and_may_be_declared_again(kernel):
    kernel.run("let live = 1; const readLive = () => live; class Point { x = 1 }")
    kernel.run("live = 2")
    assert kernel.run("readLive()").text == "2"
    assert kernel.run('const live = "redeclared"; live').text == "'redeclared'"
    assert kernel.run("function readLive() { return `now ${live}` }; readLive()").text == "'now redeclared'"
    assert kernel.run("class Point { y = 2 }; new Point()").text == "Point { y: 2 }"
    assert kernel.run("const Point = 3; Point").text == "3"
    assert kernel.run("enum Size { small, large }; Size.large").text == "1"
    assert kernel.run("enum Size { tiny = 7 }; Size.tiny").text == "7"


def test_what_was_declared_before_keeps_its_meaning(kernel):
    kernel.run("type Unit = string; interface Quantity { unit: Unit }; const metre: Quantity = { unit: 'm' }")
    kernel.run("type Unit = number")
    assert kernel.run("metre.unit.toUpperCase()").text == "'M'"
    assert "'number' is not assignable to type 'string'" in kernel.run("metre.unit = 3").traceback
    assert kernel.run("const unit: Unit = 3; unit").text == "3"


def test_names_may_begin_with_underscores_and_be_declared_twice_with_var(kernel):
    kernel.run("const __hidden = 1; var { twice } = { twice: 2 }; var twice: number")
    assert kernel.run("__hidden + twice").text == "3"


def test_a_function_sees_a_later_assignment(kernel):
    kernel.run("let rate = 1; function double() { return rate * 2 }")
    kernel.run("rate = 21")
    assert kernel.run("double()").text == "42"


def test_functions_may_be_called_above_their_declaration(kernel):
    assert kernel.run("early();\nfunction early() { return 'hoisted' }\nearly()").text == "'hoisted'"


def test_names_survive_a_failed_cell(kernel):
    assert kernel.run("let before = 11; throw new Error('later')").status == "error"
    assert kernel.run("before").text == "11"


def test_await_at_the_top(kernel):
    assert kernel.run("const waited = await Promise.resolve(5); waited").text == "5"
    code = "let total = 0;\nfor await (const n of (async function* () { yield 1; yield 2 })()) total += n;\ntotal"
    assert kernel.run(code).text == "3"


def test_using_disposes_when_the_cell_ends(kernel):
    code = "using held = { [Symbol.dispose]() { console.log('disposed') } };\nconsole.log('held')"
    assert kernel.run(code).stream() == "held\ndisposed\n"


def test_what_typescript_adds_runs(kernel):
    decorated = """
const named = (method: any, { name }: ClassMethodDecoratorContext) => function (this: any) { return `${String(name)} ${method.call(this)}` };
const counted = (value: undefined, _: ClassFieldDecoratorContext) => (initial: number) => initial + 1;
class Decorated { @counted field = 1; @named method(): any { return this.field } }
new Decorated().method()"""
    assert kernel.run(decorated).text == "'method 2'"
    generic = "const first = <Item,>(items: readonly Item[]): Item | undefined => items[0]; first<number>([7])?.toFixed(1)"
    assert kernel.run(generic).text == "'7.0'"
    assert kernel.run("class Named { constructor(readonly label: string) {} accessor size = 3 }; new Named('a').label").text == "'a'"
    assert kernel.run("enum Letter { a, b = 'x' }; const enum Fixed { four = 4 }; [Letter[0], Letter.b, Fixed.four]").text == "[ 'a', 'x', 4 ]"
    assert kernel.run("namespace Space { export const inside = 5 }; Space.inside satisfies number").text == "5"
    disposed = "await using held2 = { async [Symbol.asyncDispose]() { await null; console.log('let go') } }; 1"
    assert kernel.run(disposed).stream() == "let go\n"
    # No JSX: an assertion in angle brackets is one.
    assert kernel.run("(<any>'text').length").text == "4"


def test_imports(kernel, tmp_path):
    assert kernel.run('import { basename } from "node:path"; basename("/a/b")').text == "'b'"
    assert kernel.run('import * as path from "node:path"; path.sep').text == "'/'"
    assert kernel.run('import os, { EOL as end } from "node:os"; [typeof os.cpus, end]').text == "[ 'function', '\\n' ]"
    assert kernel.run('(await import("node:path")).extname("x.ts")').text == "'.ts'"
    assert kernel.run('require("node:path").extname("x.js")').text == "'.js'"
    assert kernel.run('import type { Stats } from "node:fs"; let stats: Stats | undefined; 1').text == "1"


def test_the_first_import_prints_nothing(fresh_kernel):
    result = fresh_kernel.run('import { basename } from "node:path"; basename("/a/b")')
    assert result.types == ["execute_result"]


def test_local_typescript_and_the_package_itself(fresh_kernel, tmp_path):
    (tmp_path / "double.ts").write_text("export const double = (n: number): number => n * 2;\n")
    (tmp_path / "same.ts").write_text('import { Tensor } from "gradbook";\nexport { Tensor as theirs };\n')
    assert fresh_kernel.run('import { double } from "./double.ts"; double(4)').text == "8"
    wrong = fresh_kernel.run('import { double as twice } from "./double.ts"; twice("4")')
    assert "not assignable to parameter of type 'number'" in wrong.traceback
    assert fresh_kernel.run('import { Tensor as mine } from "gradbook"; mine === Tensor').text == "true"
    assert fresh_kernel.run('import { theirs } from "./same.ts"; theirs === Tensor').text == "true"


def test_packages_beside_the_notebook(fresh_kernel, tmp_path):
    for name, manifest, code in [
        ("esm", '{"name":"esm","type":"module","exports":"./index.js"}', "export const kind = 'module';"),
        ("cjs", '{"name":"cjs","main":"index.js"}', "exports.kind = 'commonjs';"),
    ]:
        package = tmp_path / "node_modules" / name
        package.mkdir(parents=True)
        (package / "package.json").write_text(manifest)
        (package / "index.js").write_text(code)
    assert fresh_kernel.run('import { kind } from "esm"; kind').text == "'module'"
    assert fresh_kernel.run('import { kind } from "cjs"; kind').text == "'commonjs'"


def test_preloaded_names_are_values_and_types(kernel):
    assert kernel.run("const loaded: Tensor = tensor([1, 2, 3]); loaded.shape").text == "[ 3 ]"
    assert kernel.run("const shape: Shape = [2]; shape.length").text == "1"
    assert kernel.run("[typeof nn.Linear, typeof optim.Adam, typeof train.fit]").text == "[ 'function', 'function', 'function' ]"
    assert kernel.run("typeof (globalThis as any).connectHost").text == "'undefined'"


def test_tables_show_as_html(kernel):
    result = kernel.run("aq.table({ name: ['a', 'b'], n: [1, 2] })").of_type("execute_result")[0]["data"]
    assert "<table>" in result["text/html"]
    assert "|a|1|" in result["text/plain"]


def test_collections_and_instances_show_what_they_hold(kernel):
    shown = {
        "new Float32Array([1, 2.5])": "Float32Array(2) [ 1, 2.5 ]",
        "new Map([['a', new Set([1])]])": "Map(1) { 'a' => Set(1) { 1 } }",
        "class Point { x = 1; #hidden = 2 }; new Point()": "Point { x: 1 }",
        "new Error('outer', { cause: new RangeError('inner') })": "RangeError: inner",
    }
    for code, text in shown.items():
        assert text in kernel.run(code).text, code


def test_tensors_show_their_shape_type_statistics_and_some_of_their_numbers(kernel):
    assert kernel.run("tensor([[1, 2], [3, 4]], { dtype: 'int32' })").text == "Tensor [2, 2] int32\n[[1, 2],\n [3, 4]]"
    heading, statistics, *rows = kernel.run("Tensor.arange(2000).reshape([100, 20])").text.split("\n")
    assert heading == "Tensor [100, 20] float32"
    # n²/12 is the variance of n whole numbers in a row, times n / (n − 1).
    assert statistics == "mean 999.5000 · standard deviation 577.4946 · from 0 to 1999"
    assert re.sub(" +", " ", rows[0]) == "[[ 0, 1, 2, …, 17, 18, 19]," and len(rows) == 7


def test_images_show_as_images(kernel):
    picture = "Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex')"
    data = kernel.run(picture).of_type("execute_result")[0]["data"]
    assert data == {"image/png": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ", "text/plain": "PNG, 1 × 1, 33 bytes"}


def test_objects_say_how_they_are_displayed(kernel):
    code = '({ [Symbol.for("Jupyter.display")]: () => ({ "text/markdown": "**bold**" }) })'
    data = kernel.run(code + ";").of_type("execute_result")[0]["data"]
    assert data["text/markdown"] == "**bold**"
    assert "text/plain" in data


def test_streams_keep_their_order(kernel):
    result = kernel.run('console.log("a"); console.error("b"); console.log("c"); display("d"); console.log("e"); 1')
    shown = [(m["msg_type"], m["content"].get("text")) for m in result.messages if m["msg_type"] in ("stream", "display_data", "execute_result")]
    assert shown == [
        ("stream", "a\n"),
        ("stream", "b\n"),
        ("stream", "c\n"),
        ("display_data", None),
        ("stream", "e\n"),
        ("execute_result", None),
    ]


def test_twenty_thousand_lines_all_arrive(kernel):
    result = kernel.run("for (let i = 0; i < 20000; i++) console.log(i)")
    assert result.stream() == "".join(f"{i}\n" for i in range(20000))
    assert len(result.of_type("stream")) < 200


def test_runaway_output_is_cut_and_kept_whole_in_a_file(kernel):
    result = kernel.run("for (let line = 0; line < 200_000; line++) console.log(`${line}`.padStart(49)); 'the result'")
    assert result.text == "'the result'"
    whole = "".join(f"{line:49}\n" for line in range(200_000))
    assert result.stream() == whole[:2_000_000]
    told = result.stream("stderr")
    assert "10.0 MB printed, 2.0 MB of it shown; the whole lies in" in told
    file = Path(re.search(r"lies in (\S+)", told)[1])
    assert file.read_text() == whole
    shutil.rmtree(file.parent)


def test_runaway_displays_are_cut_and_counted(kernel):
    result = kernel.run("for (let shown = 0; shown < 2500; shown++) display(shown); 'the result'")
    assert result.text == "'the result'"
    assert [d["data"]["text/plain"] for d in result.of_type("display_data")] == [str(n) for n in range(2000)]
    assert "2500 displays, the first 2000 of them shown" in result.stream("stderr")


def test_a_loop_that_prints_can_be_interrupted(kernel):
    msg_id = kernel.send("while (true) console.log('x'.repeat(1000))")
    kernel.until(msg_id, lambda m: m["msg_type"] == "stream" and "goes to" in m["content"]["text"])
    kernel.interrupt()
    result = kernel.finish(msg_id)
    assert result.reply["ename"] == "InterruptedError"
    told = result.stream("stderr")
    shutil.rmtree(Path(re.search(r"lies? in (\S+)", told)[1]).parent)


def test_output_arrives_while_a_synchronous_cell_runs(kernel):
    msg_id = kernel.send("const flag = new Int32Array(new SharedArrayBuffer(4)); console.log('started'); while (true) {}")
    kernel.until(msg_id, lambda m: m["msg_type"] == "stream" and m["content"]["text"] == "started\n")
    kernel.interrupt()
    assert kernel.finish(msg_id).status == "error"


def test_late_output_belongs_to_the_cell_that_caused_it(kernel):
    first = kernel.send("let open: () => void; const gate = new Promise<void>((r) => { open = r }); void gate.then(() => console.log('late')); 1")
    kernel.finish(first)
    kernel.send("open(); 2")
    kernel.until(first, lambda m: m["msg_type"] == "stream" and m["content"]["text"] == "late\n")


def test_a_cell_may_wait_for_many_timers(kernel):
    counted = "let left = 300_000; await new Promise<void>((end) => { for (let i = left; i > 0; i--) setImmediate(() => --left || end()) }); left"
    assert kernel.run(counted).text == "0"


def test_display_and_update(kernel):
    result = kernel.run('const shown = display("one"); for (let i = 0; i < 500; i++) shown.update(i); shown.update("last"); 1')
    display, *updates = [m["content"] for m in result.messages if m["msg_type"] in ("display_data", "update_display_data")]
    display_id = display["transient"]["display_id"]
    assert display["data"]["text/plain"] == "'one'"
    assert {u["transient"]["display_id"] for u in updates} == {display_id}
    assert updates[-1]["data"]["text/plain"] == "'last'"
    assert len(updates) < 100
    assert result.types[-1] == "execute_result"


def test_helpers_show_markup_with_nothing_to_import(kernel):
    shown = {
        "html`<b>${'<'}</b>`": ("text/html", "<b>&lt;</b>"),
        "svg('<svg/>')": ("image/svg+xml", '<svg xmlns="http://www.w3.org/2000/svg"/>'),
        "markdown`# $\\nabla$`": ("text/markdown", "# $\\nabla$"),
        "latex`\\nabla`": ("text/latex", "$$\\nabla$$"),
        "png(Buffer.from('89504e470d0a1a0a', 'hex'))": ("image/png", "iVBORw0KGgo="),
    }
    for code, (mime_type, content) in shown.items():
        [result] = kernel.run(code).of_type("execute_result")
        assert result["data"][mime_type] == content
        assert kernel.run(f"display({code})").of_type("display_data")[0]["data"] == result["data"]
    assert kernel.run("const html = 3, latex = 4; html + latex").text == "7"


def test_clear_output(kernel):
    result = kernel.run("console.log('gone'); clearOutput(); display(1); clearOutput(true); console.log('new')")
    assert result.of_type("clear_output") == [{"wait": False}, {"wait": True}]
    assert result.types == ["stream", "clear_output", "display_data", "clear_output", "stream"]


def test_a_type_error_stops_the_cell_before_it_runs(kernel):
    result = kernel.run('console.log("must not run");\nconst n: number = "three";')
    assert result.types == ["error"]
    count = result.reply["execution_count"]
    assert result.reply["evalue"] == f"cell {count}, line 2: Type 'string' is not assignable to type 'number'."
    assert '  2 | const n: number = "three";\n    |       ~\n'.rstrip() in result.traceback


def test_an_unknown_name_is_explained(kernel):
    kernel.run("const learningRate = 0.1")
    result = kernel.run("learningRat * 2")
    assert "Cannot find name 'learningRat'. Did you mean 'learningRate'?" in result.reply["evalue"]


def test_ts_nocheck_is_respected(kernel):
    assert kernel.run('// @ts-nocheck\nconst odd: number = "text"; odd').text == "'text'"


def test_a_thrown_error_shows_the_failing_cell_line(kernel):
    kernel.run("// a comment that goes\ntype Input = {\n  value: number;\n};\n\nfunction fail(input: Input): never {\n  throw new RangeError(`bad ${input.value}`);\n}")
    where = kernel.run("1")
    defined = where.reply["execution_count"] - 1
    result = kernel.run("const input = { value: 3 };\n\nfail(input);")
    called = result.reply["execution_count"]
    assert result.reply["ename"] == "RangeError"
    assert result.reply["evalue"] == "bad 3"
    assert result.traceback.startswith(
        f"RangeError: bad 3\n    at fail (cell {defined}, line 7)\n    at cell {called}, line 3\n"
    )
    assert "> 7 |   throw new RangeError(`bad ${input.value}`);" in result.traceback
    assert "node:" not in result.traceback and "dist/kernel" not in result.traceback
    assert kernel.run("input.value").text == "3"


def test_an_error_in_the_library_points_at_the_cell(kernel):
    result = kernel.run("const left = tensor([[1, 2]]);\nleft.matmul(tensor([[1, 2]]))")
    assert "matmul" in result.reply["evalue"]
    assert re.search(r"at cell \d+, line 2", result.traceback)
    assert "dist/src" not in result.traceback


def test_an_error_after_an_await_keeps_its_line(kernel):
    result = kernel.run("await null;\nawait (async () => {\n  await null;\n  throw new Error('async');\n})();")
    assert "> 4 |   throw new Error('async');" in result.traceback


def test_an_error_out_of_an_awaited_library_call_names_the_line_of_the_await(kernel):
    code = """
const narrow = new nn.Sequential(new nn.Linear(3, 2));
const narrowOptimizer = new optim.SGD(narrow.parameters(), { learningRate: 0.1 });
const wide = new data.DataLoader(new data.TensorDataset(Tensor.zeros([4, 5]), [0, 1, 0, 1]), { batchSize: 2 });
await train.fit(narrow, {
  data: wide, optimizer: narrowOptimizer, loss: losses.crossEntropy, epochs: 1,
});
"""
    result = kernel.run(code)
    assert result.reply["ename"] == "ShapeError"
    count = result.reply["execution_count"]
    assert f"\n    at async cell {count}, line 5\n" in result.traceback
    assert "> 5 | await train.fit(narrow, {" in result.traceback
    assert "<anonymous>" not in result.traceback


def test_an_error_in_an_earlier_cells_function_names_both_cells(kernel):
    defined = kernel.run("const failLater = async () => {\n  await null;\n  throw new Error('later');\n};").reply["execution_count"]
    result = kernel.run("1;\nawait failLater();")
    called = result.reply["execution_count"]
    assert f"at failLater (cell {defined}, line 3)\n    at async cell {called}, line 2\n" in result.traceback
    assert "> 3 |   throw new Error('later');" in result.traceback


def test_engine_functions_called_by_a_cell_are_shown(kernel):
    assert re.search(r"at JSON.parse .*\n    at cell \d+, line 1", kernel.run("JSON.parse('{wrong')").traceback)


def test_causes_are_told(kernel):
    result = kernel.run("throw new Error('outer', { cause: new TypeError('inner') })")
    assert "Caused by: TypeError: inner" in result.traceback


def test_a_cause_that_is_its_own_cause_is_told_once(kernel):
    result = kernel.run("const a = new Error('a'); const b = new Error('b', { cause: a }); a.cause = b; throw b")
    assert result.traceback.count("Error: b") == 1 and result.traceback.count("Caused by: Error: a") == 1


def test_gathered_errors_are_told_each_with_its_place(kernel):
    result = kernel.run("await Promise.any([\n  Promise.reject(new Error('one')),\n  Promise.reject(new TypeError('two')), Promise.reject(3),\n])")
    count = result.reply["execution_count"]
    assert f"at async cell {count}, line 1\n" in result.traceback
    told = result.traceback.partition("One of them")[2]
    assert told == f": Error: one\n    at cell {count}, line 2\nOne of them: TypeError: two\n    at cell {count}, line 3\nOne of them: 3"


def test_the_line_of_an_await_is_told_with_the_frames_behind_it(kernel):
    result = kernel.run("const inner = async () => {\n  await null;\n  throw new Error('deep');\n};\nconst outer = async () => {\n  await inner();\n};\nawait outer();")
    count = result.reply["execution_count"]
    places = [f"inner (cell {count}, line 3)", f"outer (cell {count}, line 6)", f"async cell {count}, line 8"]
    assert [line.strip() for line in result.traceback.split("\n")[1:4]] == [f"at {place}" for place in places]


def test_a_thrown_object_points_at_the_await_it_came_out_of(kernel):
    result = kernel.run("const failing = Promise.reject({ code: 7 });\nawait failing;")
    assert result.traceback.startswith("Thrown: { code: 7 }\n    at cell ")
    assert "> 2 | await failing;" in result.traceback


def test_what_an_error_carries_is_shown(kernel):
    result = kernel.run("throw Object.assign(new Error('refused'), { status: 404, detail: { a: 1 } })")
    assert "\n  { status: 404, detail: { a: 1 } }\n" in result.traceback
    assert "{" not in kernel.run('(await import("node:fs")).readFileSync("nowhere.txt")').traceback.partition("\n\n")[0]


def test_a_recursion_is_told_once(kernel):
    result = kernel.run("const deeper = (n: number): number => deeper(n + 1) + 1;\ndeeper(0)")
    count = result.reply["execution_count"]
    assert f"    at deeper (cell {count}, line 1), 10 times\n" in result.traceback


def test_errors_of_evaluated_code_and_of_other_realms_point_at_the_cell(kernel):
    evaluated = kernel.run("1;\neval(\"throw new Error('made')\")")
    count = evaluated.reply["execution_count"]
    assert f"    at evaluated code, line 1\n    at cell {count}, line 2\n" in evaluated.traceback
    foreign = kernel.run("import vm from 'node:vm';\nvm.runInNewContext(\"throw new RangeError('foreign')\")")
    assert (foreign.reply["ename"], foreign.reply["evalue"]) == ("RangeError", "foreign")
    assert re.search(r"at cell \d+, line 2", foreign.traceback) and "(node:" not in foreign.traceback


def test_anything_can_be_thrown(kernel):
    assert kernel.run("throw 'words'").reply["evalue"] == "words"
    assert kernel.run("throw { code: 3 }").reply["evalue"] == "{ code: 3 }"
    assert kernel.run("throw undefined").reply["evalue"] == "undefined"
    # JSON has no word for these.
    assert kernel.run("throw NaN").reply["evalue"] == "NaN"
    assert kernel.run("throw 10n").reply["evalue"] == "10n"


def test_an_async_hook_that_throws_is_shown_and_disabled(kernel):
    """Node would end the process."""
    result = kernel.run("""import { createHook as hookThatThrows } from "node:async_hooks";
        hookThatThrows({ init() { throw new Error("of the hook") } }).enable(); setTimeout(() => {}, 0); 5""")
    assert result.text == "5"
    assert [error["evalue"] for error in result.of_type("error")] == ["of the hook"]
    assert kernel.run("await new Promise((r) => setTimeout(r, 1)); 6").text == "6"


def test_uncaught_exceptions_are_shown_in_their_cell(kernel):
    msg_id = kernel.send("setTimeout(() => { throw new Error('uncaught') }, 0); await new Promise((r) => setTimeout(r, 20)); 'lives'")
    result = kernel.finish(msg_id)
    assert [e["evalue"] for e in result.of_type("error")] == ["uncaught"]
    assert result.status == "ok" and result.text == "'lives'"
    result = kernel.run("void Promise.reject(new Error('unhandled')); await new Promise((r) => setTimeout(r, 20)); 1")
    assert [e["evalue"] for e in result.of_type("error")] == ["unhandled"]
    assert kernel.is_alive()


def test_a_floating_failure_is_published_before_its_cell_ends(kernel):
    """A client may stop listening to a cell when it is idle, so what comes later would be lost."""
    result = kernel.run("Promise.reject(new Error('lost')); 5")
    assert [e["evalue"] for e in result.of_type("error")] == ["lost"]
    assert result.status == "ok" and result.text == "5"
    result = kernel.run("process.nextTick(() => { throw new Error('tick') }); 6")
    assert [e["evalue"] for e in result.of_type("error")] == ["tick"]
    assert result.status == "ok" and result.text == "6"


def test_the_process_cannot_be_ended_by_a_cell(kernel):
    assert "Restart Kernel" in kernel.run("process.exit(0)").reply["evalue"]
    assert kernel.run("1").text == "1"


def test_a_failing_display_method_is_an_error_of_the_cell(kernel):
    result = kernel.run('({ [Symbol.for("Jupyter.display")]() { throw new Error("no picture") } });')
    assert result.reply["evalue"] == "no picture"


def test_what_json_cannot_say_is_an_error_of_the_cell(kernel):
    result = kernel.run('({ [Symbol.for("Jupyter.display")]: () => ({ "application/json": { count: 1n } }) });')
    assert "application/json cannot be written as JSON" in result.reply["evalue"]
    result = kernel.run('display({ [Symbol.for("Jupyter.display")]: () => ({ "application/json": [() => 1] }) }); 1')
    assert result.of_type("display_data")[0]["data"]["application/json"] == [None]
    assert "cannot be written as JSON" in kernel.run('comm.open("any", { count: 1n })').reply["evalue"]
    assert kernel.run("'lives'").text == "'lives'"


def test_a_thrown_value_that_cannot_be_read_still_ends_the_cell(kernel):
    for thrown in ["new Proxy({}, { getPrototypeOf() { throw 1 } })", "Object.defineProperty(new Error('x'), 'message', { get() { throw 1 } })"]:
        assert kernel.run(f"throw {thrown}").status == "error"
    assert kernel.run("'lives'").text == "'lives'"


def test_exports_are_names_of_the_session(kernel):
    assert kernel.run("export const exported: number = 5; export function twice(n: number) { return 2 * n }").status == "ok"
    assert kernel.run("export interface Sized { size: number }\nexport class Box implements Sized { size = twice(exported) }").status == "ok"
    assert kernel.run("const sized: Sized = new Box(); sized.size").text == "10"
    assert kernel.run("export default class Lid { wide = true }").status == "ok"
    assert kernel.run("new Lid().wide").text == "true"
    wrong = kernel.run("let fine = 1; export const odd: number = 'text'")
    assert "    |                            ~~~" in wrong.traceback


def test_names_that_javascript_has_may_be_declared(kernel):
    for code in [
        "const Error = 4; const Promise = 5; const Symbol = 6; Error + Promise + Symbol",
        "// @ts-nocheck\nlet undefined = 3; undefined + 12",
        "function process(n: number) { return n + 1 }; process(14)",
        "const Map = 15, Array = 1, Object = 2, setTimeout = 3, console = 4, Reflect = 5; Map",
    ]:
        assert kernel.run(code).text == "15", code
    assert kernel.run("await (async () => { await 1; return [Error, process(1), Map] })()").text == "[ 4, 2, 15 ]"
    assert kernel.run("globalThis.console.log('still'); for await (const n of [1]) globalThis.console.log(n)").stream() == "still\n1\n"
    assert kernel.run("throw 'words'").reply["evalue"] == "words"
    failed = kernel.run("(process as any).missing()")
    assert failed.reply["evalue"] == "process.missing is not a function"
    assert kernel.run("new nn.Linear(2, 2).forward(Tensor.zeros([1, 2])).shape").text == "[ 1, 2 ]"
    assert kernel.run('import { URL } from "node:url"; new URL("a:b").href').text == "'a:b'"


def test_cells_are_strict(kernel):
    assert kernel.run("// @ts-nocheck\nnever_declared = 3").reply["ename"] == "ReferenceError"
    assert kernel.run("// @ts-nocheck\n'text'.length = 3").reply["ename"] == "TypeError"


def test_var_belongs_to_the_whole_cell(kernel):
    assert kernel.run("for (var i = 0; i < 3; i++) { var inner = i }; [i, inner!]").text == "[ 3, 2 ]"
    assert kernel.run("let i = 'again'; const inner = i; inner").text == "'again'"
    assert kernel.run("var { r } = { r: 1 }; var r: number; var [r = 2] = [r + 1]; r").text == "2"


def test_var_may_be_declared_twice_in_a_cell(kernel):
    assert kernel.run("var again = 1; var again = again + 1; var again: number; again").text == "2"
