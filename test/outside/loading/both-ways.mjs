import { createRequire } from 'node:module';

/*
 * Loads everything that the library exports both by `import` and by `require`, in this order or in the other one, and prints for
 * each entry how many exports are the same, and the names of those that are not.
 */

const require = createRequire(import.meta.url);
const LIBRARY = 'nestjs-session-registry';
const [, , first] = process.argv;

const subpaths = Object.keys(require(`${LIBRARY}/package.json`).exports).filter((path) => path !== './package.json');
const compared = [];
for (const path of subpaths) {
  const name = LIBRARY + path.slice(1);
  compared.push([name, await compare(name)]);
}
console.log(JSON.stringify(Object.fromEntries(compared)));

async function compare(name) {
  const [imported, required] = first === 'import' ? [await import(name), require(name)] : await requiredFirst(name);
  const names = [...new Set([...Object.keys(imported), ...Object.keys(required)])];
  const different = names.filter((one) => imported[one] !== required[one]);
  return { same: names.length - different.length, different };
}

async function requiredFirst(name) {
  const required = require(name);
  return [await import(name), required];
}
