// Names the files below a folder to the bundler, which puts each where it lies, seen from /.
//
//   extras.mjs FOLDER    prints the part of tauri.conf.json

import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

const [folder] = process.argv.slice(2);
const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
const paths = found.map((entry) => join(entry.parentPath, entry.name));
const placed = (rename) => Object.fromEntries(paths.map((path) => [rename(`/${relative(folder, path)}`), path]));

// Debian keeps the completions of packages apart from those of the system's owner; others do not.
const rpm = (place) => place.replace('/zsh/vendor-completions/', '/zsh/site-functions/');

console.log(JSON.stringify({ bundle: { linux: { deb: { files: placed((place) => place) }, rpm: { files: placed(rpm) } } } }, null, 2));
