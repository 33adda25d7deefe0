import { spawn } from 'node:child_process';
import type { CancellationToken } from 'vscode';

export interface Completed {
  /** `null` where the process did not start or was ended. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  /** Ends the process when cancelled. */
  readonly token?: CancellationToken;
  readonly timeoutMs?: number;
  readonly onLine?: (line: string) => void;
}

/** Runs a program to its end, without a shell. Never rejects: a program that is not there has no code. */
export function run(command: string, args: readonly string[], options: RunOptions): Promise<Completed> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.timeoutMs,
      windowsHide: true,
    });
    const cancelling = options.token?.onCancellationRequested(() => child.kill());
    let stdout = '';
    let stderr = '';
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      const lines = (rest + text).split(/\r?\n/);
      rest = lines.pop() ?? '';
      lines.forEach((line) => options.onLine?.(line));
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const end = (code: number | null, trouble = '') => {
      cancelling?.dispose();
      resolve({ code, stdout, stderr: stderr + trouble });
    };
    child.on('error', (error) => end(null, error.message));
    child.on('close', (code) => end(code));
  });
}
