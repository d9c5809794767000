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

  /** Builds and packs it, and its browser side. Resolves to the paths of both packages. */
  async pack(): Promise<{ library: string; browser: string }> {
    const checkout = join(this.#folder, 'checkout');
    const configs = readdirSync('.').filter((name) => /^tsconfig.*\.json$/.test(name));
    for (const part of [...PARTS, ...configs]) cpSync(part, join(checkout, part), { recursive: true });
    symlinkSync(resolve('node_modules'), join(checkout, 'node_modules'));
    const [library, browser] = [await this.#pack(checkout, '.'), await this.#pack(checkout, './dist-browser')];
    rmSync(checkout, { recursive: true, force: true });
    return { library, browser };
  }

  async #pack(cwd: string, part: string): Promise<string> {
    const { stdout } = await run('npm', ['pack', part, '--json', '--pack-destination', this.#folder], { cwd });
    // What the build says comes before it.
    const [{ filename }] = JSON.parse(stdout.slice(stdout.search(/^\[/m))) as [{ filename: string }];
    return join(this.#folder, filename);
  }

  /** Removes what was packed. */
  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
