import { DefaultNamingStrategy } from 'typeorm';

/** Names columns in snake case, as many apps do. */
export class SnakeCase extends DefaultNamingStrategy {
  override columnName(property: string, custom: string | undefined, prefixes: string[]): string {
    return custom || [...prefixes, property].map(snake).join('_');
  }
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
