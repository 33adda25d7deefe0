import * as vscode from 'vscode';
import { OwnEnvironment, InstallationError } from './environment';
import { findInterpreter, findServer, InterpreterError } from './finder';
import { showMenu } from './menu';
import { onDidChooseInterpreter, type Launch } from './python';
import { Server } from './server';
import { FOR_THE_START, openSettings, ownSettings } from './settings';
import { StatusBar } from './statusBar';

const t = vscode.l10n.t;
const INSTALL = t('Install');
const CHOOSE = t('Choose an interpreter…');
const SHOW_LOG = t('Show the log');

let extension: Extension | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  extension = new Extension(context);
  await extension.restart();
}

export async function deactivate(): Promise<void> {
  await extension?.stop();
}

/** Whether the server depends on the interpreter that is chosen with the Python extension. */
function followsInterpreter(): boolean {
  const { interpreter, useBundled } = ownSettings();
  return !interpreter && !useBundled;
}

class Extension {
  private readonly log = vscode.window.createOutputChannel('WPC', { log: true });
  private readonly statusBar = new StatusBar();
  private readonly server: Server;
  private readonly own: OwnEnvironment;
  /** Starts and stops one after the other. */
  private turn: Promise<void> = Promise.resolve();

  constructor(private readonly context: vscode.ExtensionContext) {
    this.server = new Server(context.extensionUri, this.log, this.statusBar);
    this.own = new OwnEnvironment(context, this.log);
    const commands: Record<string, (...args: unknown[]) => unknown> = {
      'wpc.applyBestFix': (uri) => this.server.applyBestFix(uri),
      'wpc.openExample': () => this.openExample(),
      'wpc.restart': () => this.restart(),
      'wpc.install': () => this.install(),
      'wpc.uninstall': () => this.uninstall(),
      'wpc.showLog': () => this.log.show(),
      'wpc.showMenu': () => showMenu(this.server.running !== undefined),
    };
    context.subscriptions.push(
      this.log,
      this.statusBar,
      this.server,
      ...Object.entries(commands).map(([name, run]) => vscode.commands.registerCommand(name, run)),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (FOR_THE_START.some((setting) => change.affectsConfiguration(setting))) void this.restart();
      }),
    );
    if (followsInterpreter()) void this.followInterpreter();
  }

  /** Finds the server and starts it; offers to install it where there is none. */
  restart({ offers = true } = {}): Promise<void> {
    return this.inTurn(async () => {
      await this.server.stop();
      this.statusBar.setServer('starting');
      let launch: Launch | undefined;
      try {
        launch = await findServer(this.own, this.context.extensionPath);
      } catch (error) {
        if (!(error instanceof InterpreterError)) throw error;
        this.statusBar.setServer('missing');
        return void this.offer(error.message, CHOOSE, INSTALL);
      }
      if (!launch) {
        this.statusBar.setServer('missing');
        if (!offers) return;
        return void this.offer(t('WPC is not installed yet. It gets an environment of its own.'), INSTALL, CHOOSE);
      }
      await this.server.start(launch);
      if (launch.origin === "WPC's own environment" && !(await this.own.isCurrent())) {
        void this.offer(t('WPC {0} is installed; this extension brings another.', launch.version), INSTALL);
      }
    });
  }

  stop(): Promise<void> {
    return this.inTurn(() => this.server.stop());
  }

  private async install(): Promise<void> {
    await this.inTurn(async () => {
      const interpreter = await findInterpreter(this.context.extensionPath);
      if (!interpreter) {
        return void this.offer(t('WPC needs Python 3.10 or newer, and none was found.'), CHOOSE);
      }
      await this.server.stop();
      this.statusBar.setServer('installing');
      try {
        if (!(await this.own.install(interpreter))) return this.statusBar.setServer('missing');
        void vscode.window.showInformationMessage(
          t('WPC is installed. “WPC: Remove What Was Installed” takes it away again.'),
        );
      } catch (error) {
        this.statusBar.setServer('missing');
        if (!(error instanceof InstallationError)) throw error;
        void this.offer(error.message, SHOW_LOG);
      }
    });
    if (await this.own.server()) await this.restart();
  }

  private async uninstall(): Promise<void> {
    await this.inTurn(async () => {
      await this.server.stop();
      await this.own.remove();
    });
    void vscode.window.showInformationMessage(t('WPC: what was installed has been removed.'));
    await this.restart({ offers: false });
  }

  private async offer(message: string, ...choices: string[]): Promise<void> {
    const chosen = await vscode.window.showWarningMessage(message, ...choices);
    if (chosen === INSTALL) await this.install();
    if (chosen === CHOOSE) await openSettings('@id:wpc.interpreter');
    if (chosen === SHOW_LOG) this.log.show();
  }

  private async openExample(): Promise<void> {
    const file = vscode.Uri.joinPath(this.context.extensionUri, 'media', 'example.py');
    const content = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
    const document = await vscode.workspace.openTextDocument({ language: 'python', content });
    await vscode.window.showTextDocument(document);
  }

  private async followInterpreter(): Promise<void> {
    const following = await onDidChooseInterpreter(() => {
      if (followsInterpreter()) void this.restart();
    });
    this.context.subscriptions.push(following);
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.turn.then(work);
    this.turn = done.catch((error: unknown) => {
      this.statusBar.setServer('stopped');
      this.log.error(String(error));
    });
    return this.turn;
  }
}
