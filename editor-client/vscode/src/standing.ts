import * as vscode from 'vscode';
import { CodeLensRequest, type CodeLens } from 'vscode-languageclient/node';
import type { WpcClient } from './client';

/** How a program does on the tests of its problem. */
export interface Standing {
  readonly passed: number;
  readonly total: number;
  /** Whether the program has changed since. */
  readonly stale: boolean;
  /** Whether there is a failing test to show. */
  readonly failing: boolean;
}

/** Reads a standing from the code lenses of a program, which the server words for people. */
export function standingOf(lenses: readonly { command?: { title: string; command: string } }[]): Standing | undefined {
  const commands = lenses.flatMap((lens) => lens.command ?? []);
  const title = commands.find(({ command }) => command === 'wpc.check')?.title;
  if (title === undefined) return undefined;
  const [, passed = '0', total = '0'] = /^(\d+)\/(\d+)/.exec(title) ?? [];
  return {
    passed: Number(passed),
    total: Number(total),
    stale: title.includes('before the last change'),
    failing: commands.some(({ command }) => command === 'wpc.showFailingTest'),
  };
}

/** Keeps the standing of every open program. */
export class Standings {
  private readonly standings = new Map<string, Standing>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;

  of(uri: vscode.Uri): Standing | undefined {
    return this.standings.get(uri.toString());
  }

  set(uri: vscode.Uri, standing: Standing | undefined): void {
    if (JSON.stringify(standing) === JSON.stringify(this.of(uri))) return;
    if (standing) this.standings.set(uri.toString(), standing);
    else this.standings.delete(uri.toString());
    this.changed.fire(uri);
  }

  /** Asks the server, for editors that don't show code lenses. */
  async refresh(client: WpcClient, uri: vscode.Uri): Promise<void> {
    const lenses = await client
      .sendRequest(CodeLensRequest.type, { textDocument: { uri: client.code2ProtocolConverter.asUri(uri) } })
      .catch((): CodeLens[] => []);
    this.set(uri, standingOf(lenses ?? []));
  }

  clear(): void {
    const uris = [...this.standings.keys()];
    this.standings.clear();
    uris.forEach((uri) => this.changed.fire(vscode.Uri.parse(uri)));
  }
}
