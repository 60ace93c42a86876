"""Modules of the user's own, beside the notebook."""

from pathlib import Path

import pytest


@pytest.fixture
def write(kernel):
    return lambda name, text: (Path(kernel.cwd) / name).write_text(text)


def test_a_changed_module_is_loaded_anew_and_those_that_import_it(kernel, write):
    write("base.ts", "export const one: number = 1;\n")
    write("middle.ts", 'import { one } from "./base.ts";\nexport const two = one + one;\n')
    write("apart.ts", "let hits = 0;\nexport const hit = () => ++hits;\n")
    imports = 'import { two } from "./middle.ts"; import { hit } from "./apart.ts"; [two, hit()]'
    assert kernel.run(imports).text == "[ 2, 1 ]"
    assert kernel.run(imports).text == "[ 2, 2 ]"
    write("base.ts", "export const one: number = 100;\n")
    # What did not change keeps its state.
    assert kernel.run(imports).text == "[ 200, 3 ]"
    assert kernel.run('(await import("./middle.ts")).two').text == "200"


def test_modules_that_import_each_other_are_loaded_anew_together(kernel, write):
    write("ring.ts", 'import { half } from "./half.ts";\nexport const whole = () => half() * 2;\nexport const base = 3;\n')
    write("half.ts", 'import { base } from "./ring.ts";\nexport const half = () => base / 2;\n')
    assert kernel.run('import { whole } from "./ring.ts"; whole()').text == "3"
    write("half.ts", 'import { base } from "./ring.ts";\nexport const half = () => base / 2 + 10;\n')
    assert kernel.run('import { whole } from "./ring.ts"; whole()').text == "23"


def test_javascript_is_loaded_anew_too(kernel, write):
    write("plain.js", "export const value = 1;\n")
    assert kernel.run('import { value } from "./plain.js"; value').text == "1"
    write("plain.js", "export const value = 22;\n")
    assert kernel.run('import { value } from "./plain.js"; value').text == "22"


def test_json_is_read_with_and_without_its_attribute_and_again_when_changed(kernel, write):
    write("settings.json", '{ "rate": 0.5 }')
    assert kernel.run('import settings from "./settings.json" with { type: "json" }; settings.rate').text == "0.5"
    write("settings.json", '{ "rate": 0.25 }')
    assert kernel.run('import plainly from "./settings.json"; plainly.rate').text == "0.25"
    write("uses.ts", 'import settings from "./settings.json";\nexport const rate: number = settings.rate;\n')
    assert kernel.run('import { rate } from "./uses.ts"; rate').text == "0.25"
    assert "not assignable to type 'string'" in kernel.run("const wrong: string = settings.rate").traceback


def test_an_import_that_failed_is_tried_again(kernel, write):
    write("needs.ts", '// @ts-nocheck\nimport { late } from "./late.ts";\nexport const found = late;\n')
    failed = kernel.run('import { found } from "./needs.ts"; found')
    assert failed.status == "error" and "late.ts" in failed.reply["evalue"]
    write("late.ts", "export const late = 5;\n")
    assert kernel.run('import { found } from "./needs.ts"; found').text == "5"


def test_a_specifier_may_leave_out_or_change_the_extension_as_the_type_checker_allows(kernel, write):
    write("named.ts", "export const value: number = 7;\n")
    (Path(kernel.cwd) / "folder").mkdir()
    write("folder/index.ts", "export const inner: number = 8;\n")
    assert kernel.run('import { value } from "./named"; value').text == "7"
    assert kernel.run('import { value as same } from "./named.js"; same').text == "7"
    assert kernel.run('import { inner } from "./folder"; inner').text == "8"
    missing = kernel.run('// @ts-nocheck\nimport "./nowhere"')
    assert "nowhere'" in missing.reply["evalue"] and "nowhere.ts" not in missing.reply["evalue"]


def test_typescript_that_needs_translating_keeps_its_lines(kernel, write):
    write(
        "kinds.ts",
        "export enum Kind {\n  First = 4,\n}\nexport class Box {\n  constructor(readonly value: Kind) {}\n"
        "  fail(): never {\n    throw new RangeError(`bad ${this.value}`);\n  }\n}\n",
    )
    result = kernel.run('import { Box, Kind } from "./kinds.ts";\nnew Box(Kind.First).fail()')
    count = result.reply["execution_count"]
    assert result.reply["evalue"] == "bad 4"
    assert f"    at fail (kinds.ts, line 7)\n    at cell {count}, line 2\n\nkinds.ts, line 7:\n" in result.traceback
    assert "> 7 |     throw new RangeError(`bad ${this.value}`);" in result.traceback
