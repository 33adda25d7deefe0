import * as vscode from 'vscode';
import { State, type Middleware } from 'vscode-languageclient/node';
import { WpcClient } from './client';
import { Comparison } from './comparison';
import { bestFix } from './fix';
import { pickProblem } from './problemPicker';
import { ProblemView } from './problemView';
import type { Launch } from './python';
import { Standings } from './standing';
import type { StatusBar } from './statusBar';

/** Commands of the server that are about a program, whose URI they take first. */
const ABOUT_A_PROGRAM = new Set([
  'wpc.check', 'wpc.chooseProblem', 'wpc.compareFix', 'wpc.ignoreFinding', 'wpc.showFailingTest', 'wpc.showStatement',
]);

/** The language server that runs now, and what the editor shows of it. */
export class Server implements vscode.Disposable {
  readonly standings = new Standings();
  private readonly comparison = new Comparison();
  private readonly view: ProblemView;
  private readonly subscriptions: vscode.Disposable;
  private client: WpcClient | undefined;
  private asking = 0;
  /** Counts the pages asked for: an older one may come later. */
  private turn = 0;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly log: vscode.LogOutputChannel,
    private readonly statusBar: StatusBar,
  ) {
    this.view = new ProblemView(vscode.Uri.joinPath(extension, 'media'));
    this.subscriptions = vscode.Disposable.from(
      vscode.languages.onDidChangeDiagnostics(({ uris }) => this.diagnosed(uris)),
      vscode.window.onDidChangeActiveTextEditor(() => void this.activated()),
      this.standings.onDidChange((uri) => this.changed(uri)),
    );
    void this.activated();
  }

  /** The server that runs, if one does. */
  get running(): WpcClient | undefined {
    return this.client?.isRunning() ? this.client : undefined;
  }

  /** Starts a server in place of the one that runs. */
  async start(launch: Launch): Promise<void> {
    await this.stop();
    this.log.info(`Starting wpc-lsp ${launch.version} of ${launch.origin}: ${launch.command}`);
    const client = new WpcClient(launch, this.extension.fsPath, this.log, this.middleware());
    client.onDidChangeState(({ newState }) => this.entered(client, newState));
    client.onDidChangeEndpoint((state) => this.statusBar.setEndpoint(state));
    this.client = client;
    await client.start();
  }

  /** Stops the server that runs. */
  async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (!client) return;
    await client.dispose().catch((error: unknown) => this.log.error(`Stopping: ${String(error)}`));
    this.statusBar.setServer('stopped');
  }

  /** Applies the best fix of a program. */
  async applyBestFix(argument: unknown): Promise<void> {
    const program = programOf(argument);
    const document = program && (await vscode.workspace.openTextDocument(program));
    if (!document || !this.running) return;
    const fix = await bestFix(this.running, document);
    if (!fix) return void vscode.window.showInformationMessage(vscode.l10n.t('WPC: there is no fix for this program.'));
    await vscode.workspace.applyEdit(fix.edit);
    await this.comparison.close(document.uri);
  }

  dispose(): void {
    this.subscriptions.dispose();
    this.comparison.dispose();
    this.view.dispose();
    this.standings.dispose();
  }

  private middleware(): Middleware {
    return {
      executeCommand: (command, args, next) => this.execute(command, args, next),
      provideCodeLenses: async (document, token, next) => {
        // The server has them asked for after every check.
        if (this.running) void this.standings.refresh(this.running, document.uri);
        return next(document, token);
      },
      // What this extension asks for, it shows itself.
      window: { showDocument: (params, token, next) => (this.asking ? { success: true } : next(params, token)) },
    };
  }

  private async execute(
    command: string, args: unknown[], next: (command: string, args: unknown[]) => vscode.ProviderResult<unknown>,
  ): Promise<unknown> {
    if (!ABOUT_A_PROGRAM.has(command)) return next(command, args);
    const program = programOf(args[0]);
    const client = this.running;
    if (!program || !client) return undefined;
    const uri = client.code2ProtocolConverter.asUri(program);
    switch (command) {
      case 'wpc.chooseProblem': {
        const problem = args[1] ?? (await pickProblem(client, uri));
        return problem === undefined ? undefined : next(command, [uri, problem]);
      }
      case 'wpc.compareFix': {
        const shown = await this.comparison.show(client, await vscode.workspace.openTextDocument(program));
        return shown ?? next(command, [uri]); // which says that there is none
      }
      case 'wpc.showStatement':
      case 'wpc.showFailingTest':
        return this.showProblem(program);
      default: {
        const result = await next(command, [uri, ...args.slice(1)]);
        void this.standings.refresh(client, program); // also where code lenses are off
        return result;
      }
    }
  }

  private async showProblem(program: vscode.Uri): Promise<void> {
    const client = this.running;
    if (!client) return;
    const turn = ++this.turn;
    await this.standings.refresh(client, program);
    const standing = this.standings.of(program);
    const ask = (command: string) => client.ask(command, program) as Promise<string>;
    this.asking += 1;
    try {
      const statement = await ask('wpc.showStatement');
      if (!standing) return; // the server has said why there is nothing to show
      const failingTest = standing.failing ? await ask('wpc.showFailingTest') : undefined;
      if (turn === this.turn) await this.view.show({ program, statement, failingTest, standing });
    } finally {
      this.asking -= 1;
    }
  }

  private entered(client: WpcClient, state: State): void {
    if (client !== this.client) return;
    void vscode.commands.executeCommand('setContext', 'wpc.running', state === State.Running);
    if (state === State.Running) {
      this.statusBar.setServer('running');
      return void this.activated();
    }
    this.statusBar.setServer(state === State.Stopped ? 'stopped' : 'starting');
    this.standings.clear();
  }

  private diagnosed(uris: readonly vscode.Uri[]): void {
    const fixable = vscode.languages
      .getDiagnostics()
      .filter(([, diagnostics]) => diagnostics.some(({ source }) => source === 'wpc'))
      .map(([uri]) => uri.toString());
    void vscode.commands.executeCommand('setContext', 'wpc.fixable', fixable);
    const active = activeProgram();
    if (active && uris.some((uri) => uri.toString() === active.toString())) void this.activated();
  }

  private async activated(): Promise<void> {
    const program = activeProgram();
    if (this.running && program) await this.standings.refresh(this.running, program);
    this.draw();
  }

  private changed(uri: vscode.Uri): void {
    this.draw();
    const shown = this.view.program;
    if (shown?.toString() === uri.toString() && this.standings.of(uri)) void this.showProblem(shown);
  }

  private draw(): void {
    const program = activeProgram();
    this.statusBar.setProgram(program !== undefined, program && this.standings.of(program));
  }
}

/** The program that is being edited, or compared with its fix. */
function activeProgram(): vscode.Uri | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document?.languageId === 'python' ? Comparison.programOf(document.uri) : undefined;
}

/** The program that a command is about: the one that it names, or the one that is being edited. */
function programOf(argument: unknown): vscode.Uri | undefined {
  const named = typeof argument === 'string' ? vscode.Uri.parse(argument) : argument;
  return named instanceof vscode.Uri ? Comparison.programOf(named) : activeProgram();
}
