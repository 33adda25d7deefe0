import * as vscode from 'vscode';
import type { WpcClient } from './client';
import { bestFix, textAfter } from './fix';

const SCHEME = 'wpc-fix';

/** Shows a program and its fix side by side, in the diff editor. */
export class Comparison implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly registrations = vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => this.texts.delete(uri.toString())),
  );
  readonly onDidChange = this.changed.event;

  /** The program that the text of a comparison is the fix of; other documents are their own. */
  static programOf(uri: vscode.Uri): vscode.Uri {
    return uri.scheme === SCHEME ? vscode.Uri.parse(uri.query) : uri;
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? '';
  }

  /** Opens the diff editor; returns what the fix is called, `undefined` where there is none. */
  async show(client: WpcClient, document: vscode.TextDocument): Promise<string | undefined> {
    const fix = await bestFix(client, document);
    if (!fix) return undefined;
    const name = document.uri.path.split('/').pop() ?? '';
    // By its ending, the text is shown as Python, also where the program has no file yet.
    const path = `${document.uri.path.replace(/\.py$/, '')}.py`;
    const fixed = vscode.Uri.from({ scheme: SCHEME, path, query: document.uri.toString() });
    this.texts.set(fixed.toString(), textAfter(document, fix.edit));
    this.changed.fire(fixed);
    const editors = vscode.window.visibleTextEditors;
    const beside = editors.find((editor) => editor.document === document)?.viewColumn;
    const place: vscode.TextDocumentShowOptions = { viewColumn: beside ?? vscode.ViewColumn.One };
    await vscode.commands.executeCommand('vscode.diff', document.uri, fixed, vscode.l10n.t('{0} ↔ its fix', name), place);
    return fix.title;
  }

  /** Closes the diff editors of a program. */
  async close(program: vscode.Uri): Promise<void> {
    const tabs = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs);
    const own = tabs.filter(
      ({ input }) =>
        input instanceof vscode.TabInputTextDiff &&
        input.modified.scheme === SCHEME &&
        input.modified.query === program.toString(),
    );
    await vscode.window.tabGroups.close(own);
  }

  dispose(): void {
    this.registrations.dispose();
    this.changed.dispose();
  }
}
