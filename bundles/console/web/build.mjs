// Makes the page: what it needs is installed when the lock file has changed, and nothing is done when nothing has changed.
//   node build.mjs [FOLDER]     checks the types and writes the page to FOLDER
//   node build.mjs --test       runs the tests
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const LIMIT_BYTES = 150 * 1024;

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, 'node_modules');
const argument = process.argv[2] ?? join(here, '..', 'target', 'page');

function run(program, ...args) {
  const ended = spawnSync(program, args, { cwd: here, stdio: ['ignore', 'inherit', 'inherit'] });
  if (ended.status !== 0) {
    console.error(`${program} ${args.join(' ')} has failed${ended.error ? ': ' + ended.error.message : ''}`);
    process.exit(1);
  }
}

function files(folder) {
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? files(path) : [path]));
}

function digest(paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    hash.update(path.slice(here.length)).update('\0').update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}

function isStamped(stamp, value) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === value;
}

function install() {
  const value = digest([join(here, 'package-lock.json')]);
  const stamp = join(modules, '.installed');
  if (!isStamped(stamp, value)) {
    run('npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline');
    writeFileSync(stamp, value);
  }
}

async function bundle(folder) {
  const esbuild = await import('esbuild');
  await esbuild.build({
    entryPoints: [join(here, 'src', 'main.tsx')],
    outfile: join(folder, 'app.js'),
    bundle: true,
    minify: true,
    format: 'esm',
    target: ['es2022'],
    legalComments: 'none',
    logLevel: 'warning',
  });
  const { code } = await esbuild.transform(readFileSync(join(here, 'src', 'style.css')), { loader: 'css', minify: true });
  writeFileSync(join(folder, 'app.css'), code);
  for (const name of ['index.html', 'icon.svg']) {
    copyFileSync(join(here, 'src', name), join(folder, name));
  }
  const size = statSync(join(folder, 'app.js')).size;
  if (size > LIMIT_BYTES) {
    console.error(`app.js has ${size} bytes, and is to have ${LIMIT_BYTES} at most`);
    process.exit(1);
  }
}

async function build(folder) {
  const stamp = join(folder, '..', 'page.stamp');
  const value = digest([...files(join(here, 'src')), ...['build.mjs', 'package-lock.json', 'tsconfig.json'].map((name) => join(here, name))]);
  if (isStamped(stamp, value) && existsSync(join(folder, 'app.js'))) {
    return;
  }
  install();
  run(process.execPath, join(modules, 'typescript', 'bin', 'tsc'), '--noEmit');
  mkdirSync(folder, { recursive: true });
  await bundle(folder);
  writeFileSync(stamp, value);
}

async function test() {
  install();
  const esbuild = await import('esbuild');
  const folder = join(here, '..', 'target', 'page-tests');
  rmSync(folder, { recursive: true, force: true });
  const tests = files(join(here, 'test')).filter((path) => /\.test\.tsx?$/.test(path));
  await esbuild.build({
    entryPoints: tests,
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  });
  run(process.execPath, '--test', '--test-reporter=dot', ...files(folder));
}

await (argument === '--test' ? test() : build(resolve(argument)));
