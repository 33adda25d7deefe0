import * as fs from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { run, type Completed } from './process';
import { serverOf, type Launch } from './python';

const t = vscode.l10n.t;
const PYTHON = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'];

/** Why an installation failed; the text says what to do. */
export class InstallationError extends Error {}

/** The environment of WPC's own, which holds the server that came with the extension. */
export class OwnEnvironment {
  private readonly folder: string;
  private readonly extension: string;

  constructor(context: vscode.ExtensionContext, private readonly log: vscode.LogOutputChannel) {
    this.extension = context.extensionPath;
    this.folder = path.join(context.globalStorageUri.fsPath, 'environment');
  }

  /** Returns the server in it; `undefined` where it is not, or not wholly, installed. */
  async server(): Promise<Launch | undefined> {
    const marker = await fs.readFile(this.marker, 'utf8').catch(() => undefined);
    return marker === undefined ? undefined : serverOf(this.python, "WPC's own environment", this.extension);
  }

  /** Whether it holds the server of this version of the extension. */
  async isCurrent(): Promise<boolean> {
    return (await fs.readFile(this.marker, 'utf8').catch(() => undefined)) === path.basename(await this.wheel());
  }

  /**
   * Makes the environment anew. One that can't be finished is removed again.
   *
   * @param interpreter the Python to make it from
   * @returns false where the user cancelled
   */
  async install(interpreter: string): Promise<boolean> {
    const options = { location: vscode.ProgressLocation.Notification, title: 'WPC', cancellable: true };
    return vscode.window.withProgress(options, async (progress, token) => {
      try {
        await this.remove();
        progress.report({ message: t('Making an environment…') });
        await this.step(interpreter, ['-m', 'venv', this.folder], token);
        progress.report({ message: t('Installing…') });
        const onLine = (line: string) => {
          this.log.info(line);
          const name = /^Collecting ([\w.-]+)/.exec(line)?.[1];
          if (name) progress.report({ message: t('Fetching {0}…', name) });
          if (line.startsWith('Installing collected')) progress.report({ message: t('Unpacking…') });
        };
        const wheel = await this.wheel();
        const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', wheel];
        await this.step(this.python, pip, token, onLine);
        await fs.writeFile(this.marker, path.basename(wheel));
        return true;
      } catch (error) {
        await this.remove();
        if (token.isCancellationRequested) return false;
        throw error;
      }
    });
  }

  /** Removes the environment. */
  async remove(): Promise<void> {
    await fs.rm(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  private get python(): string {
    return path.join(this.folder, ...PYTHON);
  }

  private get marker(): string {
    return path.join(this.folder, 'installed');
  }

  private async wheel(): Promise<string> {
    const bundled = path.join(this.extension, 'bundled');
    const [wheel] = (await fs.readdir(bundled)).filter((name) => name.endsWith('.whl'));
    if (!wheel) throw new InstallationError(t('The extension came without its server; install it again.'));
    return path.join(bundled, wheel);
  }

  private async step(
    command: string, args: string[], token: vscode.CancellationToken, onLine?: (line: string) => void,
  ): Promise<void> {
    this.log.info(`${command} ${args.join(' ')}`);
    await fs.mkdir(path.dirname(this.folder), { recursive: true });
    const done = await run(command, args, { cwd: this.extension, token, onLine });
    if (token.isCancellationRequested) throw new vscode.CancellationError();
    if (done.code !== 0) throw this.failure(done);
  }

  private failure(done: Completed): InstallationError {
    const output = `${done.stdout}\n${done.stderr}`.trim();
    this.log.error(output);
    if (output.includes('ensurepip')) {
      return new InstallationError(
        t("This Python can't make environments. On Debian or Ubuntu, install python3-venv, then try again."),
      );
    }
    const reason = output.split('\n').filter((line) => /error/i.test(line)).pop() ?? output.split('\n').pop();
    return new InstallationError(t('The installation failed: {0} The log has the whole story.', reason ?? ''));
  }
}
