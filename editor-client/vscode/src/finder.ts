import * as vscode from 'vscode';
import type { OwnEnvironment } from './environment';
import { ON_PATH, chosenInterpreter, recentInterpreter, serverOf, serverOnPath, type Launch } from './python';
import { ownSettings } from './settings';

/** The interpreter of the settings has no server. */
export class InterpreterError extends Error {}

/**
 * Finds the language server: by the setting, in the chosen environment, in WPC's own, on the PATH.
 *
 * @throws InterpreterError where the setting names an interpreter that has none
 */
export async function findServer(own: OwnEnvironment, cwd: string): Promise<Launch | undefined> {
  const { interpreter, useBundled } = ownSettings();
  if (interpreter) {
    const server = await serverOf(interpreter, 'the setting wpc.interpreter', cwd);
    if (server) return server;
    throw new InterpreterError(vscode.l10n.t('{0}, the interpreter of the settings, has no wpc-lsp.', interpreter));
  }
  if (useBundled) return own.server();
  const chosen = await chosenInterpreter(folder());
  return (
    (chosen && (await serverOf(chosen, 'the chosen environment', cwd))) ||
    (await own.server()) ||
    (await serverOnPath(cwd)) ||
    (await onPath(cwd))
  );
}

/** Finds a Python from which WPC's own environment can be made. */
export async function findInterpreter(cwd: string): Promise<string | undefined> {
  const named = [ownSettings().interpreter, (await chosenInterpreter(folder())) ?? ''];
  return recentInterpreter([...named.filter((name) => name !== ''), ...ON_PATH], cwd);
}

async function onPath(cwd: string): Promise<Launch | undefined> {
  for (const name of ON_PATH) {
    const server = await serverOf(name, `${name} on the PATH`, cwd);
    if (server) return server;
  }
  return undefined;
}

const folder = () => vscode.workspace.workspaceFolders?.[0]?.uri;
