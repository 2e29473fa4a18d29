const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } = require("node:fs");
const { basename, dirname, join, relative } = require("node:path");

/** A file that was changed less than this before it was read may have been changed again without its time showing it. */
const SETTLED_MS = 2000;

/** Stand before what is said at the end of a kept bundle: its digest, and the files of which it was made. */
const MADE_OF = "\n//made of ";
const AND_OF = "\n//and of ";

/**
 * A TypeScript program and what it imports as one piece of JavaScript: the kept one if it was made of exactly the files that
 * are there now, by their contents, else a new one.
 *
 * @param root folder of the checkout; `entry` is relative to it.
 * @param kept file in which the bundle is kept. Where it cannot be written, each start makes its own.
 * @param now milliseconds since 1970, of the clock that files are dated by.
 * @returns the code, and the name under which it is to run.
 * @throws Error with what esbuild says of the program.
 */
function bundled({ root, entry, kept, now = Date.now }) {
  const known = readKept(root, kept);
  if (known !== undefined) return { code: known, file: kept };
  const started = now();
  const { code, map, inputs } = make(root, entry, kept);
  const digest = digestOf(root, code, inputs);
  // Otherwise what was bundled may be older than what the digest is of.
  const settled = inputs.every((input) => changedAt(join(root, input)) < started - SETTLED_MS);
  return settled && keep({ root, kept, code, map, madeOf: [digest, ...inputs] })
    ? { code, file: kept }
    : { code, file: join(root, `${entry}.cjs`) };
}

/** @returns undefined where there is none, or it was made of something else, or it is not whole. */
function readKept(root, kept) {
  const text = ifReadable(() => readFileSync(kept, "utf8")) ?? "";
  const end = text.lastIndexOf(MADE_OF);
  if (end < 0) return undefined;
  const code = text.slice(0, end);
  const [digest, ...inputs] = text.slice(end + MADE_OF.length).split(AND_OF);
  return digestOf(root, code, inputs) === digest ? code : undefined;
}

/** Of the code and of everything that it was made of; that a file is not there counts too. */
function digestOf(root, code, inputs) {
  const hash = createHash("sha256").update(code);
  for (const input of inputs) {
    const content = ifReadable(() => readFileSync(join(root, input)));
    hash.update(`\0${input}\0${content?.length}\0`).update(content ?? "");
  }
  return hash.digest("hex");
}

function changedAt(path) {
  return ifReadable(() => statSync(path).ctimeMs) ?? 0;
}

function ifReadable(read) {
  try {
    return read();
  } catch (error) {
    if (["ENOENT", "EACCES", "EISDIR", "ENOTDIR"].includes(error.code)) return undefined;
    throw error;
  }
}

function make(root, entry, kept) {
  const { metafile, outputFiles } = require("esbuild").buildSync({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20.19",
    // Loaded by the runner too, which has to share them.
    external: ["@pulumi/*"],
    metafile: true,
    write: false,
    outdir: root,
    sourcemap: "external",
    sourcesContent: false,
    // Instead of the files of that name, which are not among what was read.
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
    logLevel: "silent",
    // A file that is read from beside its source is not beside the bundle.
    logOverride: { "empty-import-meta": "error" },
  });
  const textOf = (end) => outputFiles.find(({ path }) => path.endsWith(end)).text;
  const code = `${textOf(".js")}//# sourceMappingURL=${basename(kept)}.map\n`;
  return { code, map: JSON.parse(textOf(".map")), inputs: withDeciders(root, metafile) };
}

/** What was read, and what decides how it is read and which package an import means. */
function withDeciders(root, { inputs }) {
  const read = Object.keys(inputs);
  const manifests = read.flatMap((input) => foldersOf(input)).map((folder) => join(folder, "package.json"));
  return [...new Set([...read, ...manifests, "package-lock.json", relative(root, __filename)])];
}

function foldersOf(path) {
  const folder = dirname(path);
  return folder === "." ? [folder] : [folder, ...foldersOf(folder)];
}

/** @returns whether it could be written. */
function keep({ root, kept, code, map, madeOf }) {
  const sources = map.sources.map((source) => relative(dirname(kept), join(root, source)));
  try {
    mkdirSync(dirname(kept), { recursive: true });
    replace(`${kept}.map`, JSON.stringify({ ...map, sources }));
    replace(kept, `${code}${MADE_OF}${madeOf.join(AND_OF)}`);
    return true;
  } catch (error) {
    if (["EACCES", "EPERM", "EROFS", "ENOSPC", "ENOTDIR"].includes(error.code)) return false;
    throw error;
  }
}

/** At once: who starts at the same time reads the old one or the new one. */
function replace(file, text) {
  writeFileSync(`${file}.${process.pid}`, text);
  renameSync(`${file}.${process.pid}`, file);
}

module.exports = { bundled };
