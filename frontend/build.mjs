// Bundles app and viewer with hashed names and writes manifest.json:
//   { "app": { "js": "app-HASH.js", "css": "app-HASH.css", "imports": ["deel-HASH.js"] }, ... }
import * as esbuild from 'esbuild';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import path from 'node:path';

const out = process.env.ROUTEFLOW_BUNDLE ?? '../src/routeflow/web/static/dist';
mkdirSync(out, { recursive: true });

const { metafile } = await esbuild.build({
  entryPoints: { app: 'src/app.js', viewer: 'src/viewer.js' },
  bundle: true,
  minify: true,
  splitting: true,
  format: 'esm',
  target: ['es2022', 'firefox115', 'safari16.4'],
  outdir: out,
  entryNames: '[name]-[hash]',
  chunkNames: 'deel-[hash]',
  assetNames: '[name]-[hash]',
  legalComments: 'linked',
  charset: 'utf8',
  metafile: true,
  logLevel: 'warning',
});

const manifest = {};
for (const [file, made] of Object.entries(metafile.outputs)) {
  if (!made.entryPoint || !file.endsWith('.js')) continue;
  const imports = new Set();
  const follow = (name) =>
    metafile.outputs[name].imports.forEach((one) => {
      if (one.kind !== 'import-statement' || imports.has(one.path)) return;
      imports.add(one.path);
      follow(one.path);
    });
  follow(file);
  manifest[path.basename(made.entryPoint, '.js')] = {
    js: path.basename(file),
    css: made.cssBundle ? path.basename(made.cssBundle) : null,
    imports: [...imports].map((name) => path.basename(name)),
  };
}
writeFileSync(path.join(out, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);

for (const [name, { js, css, imports }] of Object.entries(manifest)) {
  const size = (files) => {
    const all = files.filter(Boolean).map((file) => readFileSync(path.join(out, file)));
    const kb = (bytes) => `${Math.round(bytes / 1024)} kB`;
    return `${kb(all.reduce((sum, one) => sum + one.length, 0))} (gz ${kb(all.reduce((sum, one) => sum + gzipSync(one).length, 0))})`;
  };
  console.log(`${name}: js ${size([js, ...imports])}, css ${size([css])}`);
}

// Who made what is in the bundle, and on which terms: their licences ask that it travels along.
const packages = new Set(
  Object.keys(metafile.inputs).flatMap((file) => /node_modules\/(@[^/]+\/[^/]+|[^/]+)/.exec(file)?.[1] ?? []),
);
const terms = new Map();
for (const name of [...packages].sort()) {
  const folder = path.join('node_modules', name);
  const { version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const texts = readdirSync(folder).filter((file) => /^licen[cs]e/i.test(file));
  const text = texts.map((file) => readFileSync(path.join(folder, file), 'utf8').trim()).join('\n\n');
  terms.set(text, [...(terms.get(text) ?? []), `${name} ${version} (${license})`]);
}
writeFileSync(
  path.join(out, 'licenties.txt'),
  [...terms].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`).join('\n----\n\n'),
);

// For the tests only, never part of the bundle.
if (existsSync('node_modules/axe-core')) {
  mkdirSync('dist-dev', { recursive: true });
  copyFileSync('node_modules/axe-core/axe.min.js', 'dist-dev/axe.min.js');
}
if (existsSync('node_modules/feelin')) {
  await esbuild.build({
    entryPoints: ['test/feelin.mjs'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: 'dist-dev/feelin.mjs',
    logLevel: 'warning',
  });
}
