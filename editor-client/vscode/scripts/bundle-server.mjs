// Puts the server into the extension: the wheel of this repository, which is pure Python and the
// same for every platform.
//
// Its dependencies are not bundled. pydantic-core and watchfiles are compiled: to bundle them
// would take a vsix for each platform with wheels for each version of Python. pip chooses them
// when the extension installs the wheel into an environment of its own.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';

const extension = path.dirname(import.meta.dirname);
const bundled = path.join(extension, 'bundled');
const python = process.env.PYTHON ?? (process.platform === 'win32' ? 'python' : 'python3');

rmSync(bundled, { recursive: true, force: true });
mkdirSync(bundled);
execFileSync(
  python,
  ['-m', 'pip', 'wheel', '--quiet', '--no-deps', '--wheel-dir', bundled, path.join(extension, '..', '..')],
  // The wheel's entries get this time, so that the same sources make the same wheel.
  { stdio: 'inherit', env: { SOURCE_DATE_EPOCH: '1735689600', ...process.env } },
);
