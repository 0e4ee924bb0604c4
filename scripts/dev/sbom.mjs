// Holds the lists of what is inside (CycloneDX) against the lock files: what is linked in must be named.
//
//   sbom.mjs CHECKOUT FOLDER    exits with 1 and says what is missing

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const [checkout, folder] = process.argv.slice(2);
const problems = [];

function list(name) {
  const sbom = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  if (sbom.bomFormat !== 'CycloneDX') problems.push(`${name} is no CycloneDX list`);
  for (const { name: part, version } of sbom.components) {
    if (!version) problems.push(`${name}: ${part} has no version`);
  }
  return new Set(sbom.components.map((part) => `${part.group ? `${part.group}/` : ''}${part.name}@${part.version}`));
}

function expect(name, parts, all) {
  const missing = parts.filter((part) => !all.has(part));
  if (missing.length > 0) problems.push(`${name} does not name ${missing.join(', ')}`);
  if (all.size < parts.length) problems.push(`${name} names ${all.size} parts only`);
}

/** Versions of the crates that are certainly linked, from the lock file. */
function crates(...names) {
  const lock = readFileSync(join(checkout, 'Cargo.lock'), 'utf8');
  return names.flatMap((name) => {
    const versions = [...lock.matchAll(new RegExp(`name = "${name}"\\nversion = "([^"]+)"`, 'g'))];
    if (versions.length !== 1) problems.push(`Cargo.lock has ${versions.length} versions of ${name}`);
    return versions.map(([, version]) => `${name}@${version}`);
  });
}

const app = list('imgn.cdx.json');
const cli = list('imgn-cli.cdx.json');
expect('imgn.cdx.json', crates('tauri', 'aws-sdk-s3', 'libsqlite3-sys', 'turbojpeg-sys', 'libwebp-sys', 'tokio'), app);
expect('imgn-cli.cdx.json', crates('clap', 'aws-sdk-s3', 'libsqlite3-sys', 'turbojpeg-sys', 'tokio'), cli);

const lock = JSON.parse(readFileSync(join(checkout, 'ui/package-lock.json'), 'utf8'));
const linked = Object.entries(lock.packages)
  .filter(([path, part]) => path.startsWith('node_modules/') && !part.dev && !part.optional && !part.devOptional)
  .map(([path, part]) => `${path.slice('node_modules/'.length)}@${part.version}`);
expect('imgn-ui.cdx.json', linked, list('imgn-ui.cdx.json'));

for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
