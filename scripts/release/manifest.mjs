// The updater's manifest: for each system the newest version, where it is, and its signature.
//
//   manifest.mjs VERSION URL FOLDER    prints latest.json for the signed parts that lie in FOLDER
//
// Its form is that of Tauri's static updater (https://v2.tauri.app/plugin/updater/#static-json-file). A part without a
// signature beside it is not offered: no updater would take it.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv, exit } from 'node:process';

/** Which part serves which system. */
const systems = [
  ['linux-x86_64', /_amd64\.AppImage$/],
  ['darwin-aarch64', /aarch64-apple-darwin\.app\.tar\.gz$/],
  ['darwin-x86_64', /x86_64-apple-darwin\.app\.tar\.gz$/],
  ['windows-x86_64', /_x64_.*\.msi$/],
];

const [version, url, folder] = argv.slice(2);
if (!version || !url || !folder) {
  console.error('give a version, the address of the release, and the folder with its parts');
  exit(2);
}
const parts = readdirSync(folder);
const platforms = {};
for (const [system, pattern] of systems) {
  const part = parts.find((name) => pattern.test(name) && parts.includes(`${name}.sig`));
  if (!part) {
    console.error(`${system}: no signed part, so nothing is offered`);
    continue;
  }
  const signature = readFileSync(join(folder, `${part}.sig`), 'utf8').trim();
  platforms[system] = { signature, url: `${url}/${encodeURIComponent(part)}` };
}
console.log(JSON.stringify({ version, pub_date: new Date().toISOString(), platforms }, null, 2));
