import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** What `npm pack` needs of the repository. */
const PARTS = ['src', 'docs', 'package.json', 'nest-cli.json', 'README.md', 'LICENSE', 'CHANGELOG.md'];

/** The library as `npm pack` makes it. */
export class PackedLibrary {
  readonly #folder = mkdtempSync(join(tmpdir(), 'packed-'));

  /** Builds and packs it. */
  async pack(): Promise<void> {
    const checkout = join(this.#folder, 'checkout');
    const configs = readdirSync('.').filter((name) => /^tsconfig.*\.json$/.test(name));
    for (const part of [...PARTS, ...configs]) cpSync(part, join(checkout, part), { recursive: true });
    symlinkSync(resolve('node_modules'), join(checkout, 'node_modules'));
    await run('npm', ['pack', '--pack-destination', this.#folder], { cwd: checkout });
    rmSync(checkout, { recursive: true, force: true });
  }

  /** Installs what was packed into a folder that is there. */
  async unpackTo(folder: string): Promise<void> {
    const [tarball] = readdirSync(this.#folder).filter((name) => name.endsWith('.tgz'));
    await run('tar', ['-xzf', join(this.#folder, tarball ?? ''), '-C', folder, '--strip-components=1']);
  }

  /** Removes what was packed. */
  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
