// Adds up what the test runners report.
//
// A runner's report becomes one line of JSON. A test that finds a part of the machine missing prints a line
// `not run: <why>` and returns; it counts as skipped, never as passed.
//
//   tally.mjs RUNNER MAY_BE_EMPTY STATUS FORMAT REPORT…    prints the line
//   tally.mjs sum FILE                                     prints the lines as text and their sum

import { existsSync, readFileSync } from 'node:fs';

const readers = { nextest, libtest, vitest, steps };

/** JUnit, with one `testcase` for each test that was started; and the names of the ignored tests, one a line. */
function nextest(xml, ignored) {
  const notRun = ignored.split('\n').filter(Boolean).map((name) => `${name}: marked as ignored`);
  const counts = { passed: 0, failed: 0, notRun };
  for (const [, attributes, body = ''] of xml.matchAll(/<testcase\b([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g)) {
    const name = /\bname="([^"]*)"/.exec(attributes)?.[1] ?? '?';
    // libtest prints the test's name and " ... " before what the test prints first.
    const reasons = [...body.matchAll(/^(?:.* \.\.\. )?not run: (.+)$/gm)].map(([, reason]) => reason);
    if (/<(failure|error)\b/.test(body)) counts.failed += 1;
    else if (reasons.length > 0) counts.notRun.push(`${unescape(name)}: ${unescape(reasons.join('; '))}`);
    else counts.passed += 1;
  }
  return counts;
}

/** The `test result:` lines of cargo's own runner, one for each crate. */
function libtest(text) {
  const counts = { passed: 0, failed: 0, notRun: [] };
  for (const [, passed, failed, ignored] of text.matchAll(/^test result: .*? (\d+) passed; (\d+) failed; (\d+) ignored/gm)) {
    counts.passed += Number(passed);
    counts.failed += Number(failed);
    if (Number(ignored) > 0) counts.notRun.push(...Array(Number(ignored)).fill('marked as ignored'));
  }
  return counts;
}

/** Its JSON report. With a pattern, a test that does not match is reported as skipped like one that is marked so. */
function vitest(json) {
  const report = JSON.parse(json);
  const skipped = report.testResults
    .flatMap((file) => file.assertionResults)
    .filter((test) => ['skipped', 'pending', 'todo', 'disabled'].includes(test.status));
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    notRun: skipped.map((test) => `${test.fullName}: marked as ${test.status}`),
  };
}

/** Lines of a script: `ok NAME`, `FAILED NAME`, `not run: why`. */
function steps(text) {
  const lines = (mark) => [...text.matchAll(new RegExp(`^${mark} (.+)$`, 'gm'))].map(([, rest]) => rest);
  return { passed: lines('ok').length, failed: lines('FAILED').length, notRun: lines('not run:') };
}

function unescape(text) {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&apos;', "'").replaceAll('&amp;', '&');
}

function readReport(runner, mayBeEmpty, status, format, ...reports) {
  const counts = reports.every((report) => existsSync(report))
    ? readers[format](...reports.map((report) => readFileSync(report, 'utf8')))
    : { passed: 0, failed: 0, notRun: [] };
  // With a pattern, a test that it leaves out is not "skipped": nobody asked for it.
  if (mayBeEmpty && format === 'vitest') counts.notRun = [];

  const started = counts.passed + counts.failed + counts.notRun.length;
  let problem = null;
  if (status !== 0 && counts.failed === 0) problem = `ended with status ${status}`;
  else if (started === 0 && !mayBeEmpty) problem = 'ran no test at all';
  if (problem) counts.failed += 1;
  return { runner, problem, ...counts };
}

function printSum(file) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
  for (const { runner, problem, passed, failed, notRun } of lines) {
    for (const reason of notRun) console.log(`not run: ${runner}: ${reason}`);
    console.log(`${runner}: ${passed} passed, ${failed} failed, ${notRun.length} skipped${problem ? ` (${problem})` : ''}`);
    total.passed += passed;
    total.failed += failed;
    total.skipped += notRun.length;
  }
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
}

const [first, ...rest] = process.argv.slice(2);
if (first === 'sum') printSum(rest[0]);
else console.log(JSON.stringify(readReport(first, rest[0], Number(rest[1]), ...rest.slice(2))));
