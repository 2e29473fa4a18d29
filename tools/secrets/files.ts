import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A folder of secret files that only its owner can read. Files appear whole or not at all. */
export class SecretFolder {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  path(name: string): string {
    return join(this.root, name);
  }

  has(name: string): boolean {
    return existsSync(this.path(name));
  }

  read(name: string): string {
    return readFileSync(this.path(name), "utf8");
  }

  write(name: string, content: string): void {
    const file = this.path(name);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const draft = `${file}.${process.pid}.draft`;
    writeFileSync(draft, content, { mode: 0o600 });
    chmodSync(draft, 0o600);
    renameSync(draft, file);
  }

  remove(name: string): void {
    rmSync(this.path(name), { force: true });
  }

  /** Writes `name` unless it is there. @returns whether it was written. */
  provide(name: string, make: () => string): boolean {
    if (this.has(name)) return false;
    this.write(name, make());
    return true;
  }
}
