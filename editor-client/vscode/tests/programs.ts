// Wrong programs, and what the editor knows of them.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';

/** The folder that is open. */
export const folder = (): vscode.Uri => vscode.workspace.workspaceFolders![0]!.uri;

/** Resolves as soon as something holds, which is looked at whenever the event is fired. */
export function until<T>(event: vscode.Event<unknown>, what: () => T | undefined | false): Promise<T> {
  return new Promise((resolve) => {
    const look = (): boolean => {
      const found = what();
      if (found === undefined || found === false) return false;
      resolve(found);
      return true;
    };
    if (look()) return;
    const listening = event(() => {
      if (look()) listening.dispose();
    });
  });
}

/** A document and its findings. */
export class Program {
  private constructor(readonly document: vscode.TextDocument) {}

  /** Puts a program into a folder of its own and opens it: a name used again is the old document to VS Code. */
  static async open(name: string, text: string): Promise<Program> {
    const file = vscode.Uri.joinPath(folder(), randomUUID(), name);
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
    return Program.show(await vscode.workspace.openTextDocument(file));
  }

  static async show(document: vscode.TextDocument): Promise<Program> {
    await vscode.window.showTextDocument(document);
    return new Program(document);
  }

  /** The program's only finding, which may be yet to come. */
  finding(): Promise<vscode.Diagnostic> {
    return until(vscode.languages.onDidChangeDiagnostics, () => this.findings[0]);
  }

  async hasNoFinding(): Promise<void> {
    await until(vscode.languages.onDidChangeDiagnostics, () => this.findings.length === 0);
  }

  get findings(): vscode.Diagnostic[] {
    return vscode.languages.getDiagnostics(this.document.uri).filter(({ source }) => source === 'wpc');
  }

  /** What the menu of fixes offers for a range. */
  actions(range: vscode.Range, kind?: vscode.CodeActionKind): Thenable<vscode.CodeAction[]> {
    const { uri } = this.document;
    return vscode.commands.executeCommand('vscode.executeCodeActionProvider', uri, range, kind?.value, 10);
  }

  /** What stands above the program. */
  async lenses(): Promise<string[]> {
    const { uri } = this.document;
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri);
    return lenses.flatMap(({ command }) => command?.title ?? []);
  }

  /** Closes it, without a question where it has changed. */
  async close(): Promise<void> {
    await vscode.window.showTextDocument(this.document);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
}

/** One of the programs in `examples/`. */
export function example(name: string): string {
  return readFileSync(path.join(__dirname, '..', '..', '..', '..', 'examples', name), 'utf8');
}
