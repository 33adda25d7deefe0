// Writes README.md as VS Code shows it: an editor without a network shows only pictures that are
// in the text itself.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const extension = path.dirname(import.meta.dirname);
const readme = readFileSync(path.join(extension, 'README.md'), 'utf8');
const inlined = readme.replaceAll(/\((media\/[\w.-]+\.(gif|png))\)/g, (_, file, type) => {
  const picture = readFileSync(path.join(extension, file)).toString('base64');
  return `(data:image/${type};base64,${picture})`;
});
mkdirSync(path.join(extension, 'dist'), { recursive: true });
writeFileSync(path.join(extension, 'dist', 'README.md'), inlined);
