// Interpreters, and the language server in their environments.
import * as vscode from 'vscode';
import { run } from './process';

/** How to start a language server. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly version: string;
  /** Where it was found, for people. */
  readonly origin: string;
}

// `-c` puts the current folder first on the path; taking it off keeps a `json.py` in the user's
// folder from being imported (Python's own `-P` is new in 3.11).
const SAFE_PATH = 'import sys; sys.path[:] = [p for p in sys.path if p]; ';
const SERVE = `${SAFE_PATH}from server.cli import main; main(prog_name="wpc-lsp")`;
const FIND = `${SAFE_PATH}from importlib.metadata import version; print(version("wpc-lsp"))`;
const RECENT = 'import sys; sys.exit(sys.version_info < (3, 10))';
const PATIENCE_MS = 30_000;

/** Returns the server of an interpreter's environment, if it has one. */
export async function serverOf(interpreter: string, origin: string, cwd: string): Promise<Launch | undefined> {
  const found = await run(interpreter, ['-c', FIND], { cwd, timeoutMs: PATIENCE_MS });
  if (found.code !== 0) return undefined;
  return { command: interpreter, args: ['-c', SERVE], version: found.stdout.trim(), origin };
}

/** Returns the server that the command `wpc-lsp` starts, if there is one on the PATH. */
export async function serverOnPath(cwd: string): Promise<Launch | undefined> {
  const found = await run('wpc-lsp', ['--version'], { cwd, timeoutMs: PATIENCE_MS });
  const version = /\d\S*/.exec(found.stdout)?.[0];
  if (found.code !== 0 || !version) return undefined;
  return { command: 'wpc-lsp', args: [], version, origin: 'wpc-lsp on the PATH' };
}

/** Returns the first of the interpreters that is new enough for WPC. */
export async function recentInterpreter(interpreters: readonly string[], cwd: string): Promise<string | undefined> {
  for (const interpreter of interpreters) {
    const { code } = await run(interpreter, ['-c', RECENT], { cwd, timeoutMs: PATIENCE_MS });
    if (code === 0) return interpreter;
  }
  return undefined;
}

/** The names under which interpreters are found on the PATH. */
export const ON_PATH = process.platform === 'win32' ? ['python', 'python3', 'py'] : ['python3', 'python'];

// The parts used of two APIs, neither of which need be there.
interface EnvironmentsApi {
  getEnvironment(scope: vscode.Uri | undefined): Promise<{ execInfo?: { run?: { executable?: string } } } | undefined>;
  onDidChangeEnvironment?: vscode.Event<unknown>;
}
interface PythonApi {
  environments: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { path: string };
    resolveEnvironment(path: { path: string }): Promise<{ executable: { uri?: vscode.Uri } } | undefined>;
    onDidChangeActiveEnvironmentPath: vscode.Event<unknown>;
  };
}

async function api<Api>(id: string): Promise<Api | undefined> {
  try {
    return await vscode.extensions.getExtension<Api>(id)?.activate();
  } catch {
    return undefined; // what is wrong with another extension, it says itself
  }
}
const environmentsApi = () => api<EnvironmentsApi>('ms-python.vscode-python-envs');
const pythonApi = () => api<PythonApi>('ms-python.python');

/** Returns the interpreter chosen for a folder with the Python environments or Python extension. */
export async function chosenInterpreter(folder: vscode.Uri | undefined): Promise<string | undefined> {
  try {
    const environment = await (await environmentsApi())?.getEnvironment(folder);
    if (environment?.execInfo?.run?.executable) return environment.execInfo.run.executable;
    const environments = (await pythonApi())?.environments;
    const chosen = environments?.getActiveEnvironmentPath(folder);
    return chosen && (await environments?.resolveEnvironment(chosen))?.executable.uri?.fsPath;
  } catch {
    return undefined;
  }
}

/** Calls back whenever another interpreter is chosen. */
export async function onDidChooseInterpreter(listener: () => void): Promise<vscode.Disposable> {
  const events = [
    (await environmentsApi())?.onDidChangeEnvironment,
    (await pythonApi())?.environments.onDidChangeActiveEnvironmentPath,
  ];
  return vscode.Disposable.from(...events.flatMap((event) => (event ? [event(listener)] : [])));
}
