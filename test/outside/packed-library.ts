import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** What `npm pack` needs of the repository. */
const PARTS = ['build', 'src', 'docs', 'package.json', 'nest-cli.json', 'README.md', 'LICENSE', 'CHANGELOG.md'];

/** The library as `npm pack` makes it. */
export class PackedLibrary {
  readonly #folder = mkdtempSync(join(tmpdir(), 'packed-'));

  /** Builds and packs it. Resolves to the path of the package. */
  async pack(): Promise<string> {
    const checkout = join(this.#folder, 'checkout');
    const configs = readdirSync('.').filter((name) => /^tsconfig.*\.json$/.test(name));
    for (const part of [...PARTS, ...configs]) cpSync(part, join(checkout, part), { recursive: true });
    symlinkSync(resolve('node_modules'), join(checkout, 'node_modules'));
    await run('npm', ['pack', '--pack-destination', this.#folder], { cwd: checkout });
    rmSync(checkout, { recursive: true, force: true });
    const [tarball = ''] = readdirSync(this.#folder);
    return join(this.#folder, tarball);
  }

  /** Removes what was packed. */
  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
