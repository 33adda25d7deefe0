// What the extension host runs in place of an ordinary session: all tests of this folder.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';
import * as vscode from 'vscode';

/** Runs the tests, and writes what came of them to the file that WPC_TEST_RESULTS names. */
export async function run(): Promise<void> {
  await vscode.extensions.getExtension('wpc.wpc')!.activate();
  const mocha = new Mocha({
    timeout: 60_000,
    reporter: 'json',
    reporterOptions: { output: process.env.WPC_TEST_RESULTS },
  });
  for (const file of readdirSync(__dirname).filter((name) => name.endsWith('.test.js'))) {
    mocha.addFile(path.join(__dirname, file));
  }
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures) throw new Error(`${failures} tests failed`);
}
