import * as vscode from 'vscode';
import type { WpcClient } from './client';

/** What a program did on one test; the verdict in the server's words, such as `wrong_answer`. */
export interface TestResult {
  readonly test: string;
  readonly verdict: string;
}

/** How a program does on the tests of its problem. */
export interface Standing {
  readonly passed: number;
  readonly total: number;
  readonly results: readonly TestResult[];
  /** Whether the program has changed since. */
  readonly stale: boolean;
  /** Whether there is a failing test to show: one of the problem's, or one that the engine made. */
  readonly failing: boolean;
}

/** The parts used of what `wpc.describe` answers. */
interface Description {
  readonly stale?: boolean;
  readonly report?: {
    readonly tests: { readonly passed: number; readonly total: number; readonly results: readonly TestResult[] };
    readonly failingTest: object | null;
  } | null;
}

/** Whether a program passed every test that was run. */
export function isAccepted({ passed, total, failing }: Standing): boolean {
  return total > 0 && passed === total && !failing;
}

/** Keeps the standing of every open program. */
export class Standings implements vscode.Disposable {
  private readonly standings = new Map<string, Standing>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;

  of(uri: vscode.Uri): Standing | undefined {
    return this.standings.get(uri.toString());
  }

  /** Asks the server. */
  async refresh(client: WpcClient, uri: vscode.Uri): Promise<void> {
    // It may have been closed, or the server stopped, in the meantime.
    const described = await client.ask('wpc.describe', uri).catch(() => undefined);
    this.set(uri, standingOf(described as Description | undefined));
  }

  clear(): void {
    const uris = [...this.standings.keys()];
    this.standings.clear();
    uris.forEach((uri) => this.changed.fire(vscode.Uri.parse(uri)));
  }

  dispose(): void {
    this.changed.dispose();
  }

  private set(uri: vscode.Uri, standing: Standing | undefined): void {
    if (JSON.stringify(standing) === JSON.stringify(this.of(uri))) return;
    if (standing) this.standings.set(uri.toString(), standing);
    else this.standings.delete(uri.toString());
    this.changed.fire(uri);
  }
}

function standingOf(described: Description | undefined): Standing | undefined {
  if (!described?.report) return undefined;
  const { tests, failingTest } = described.report;
  return { ...tests, stale: described.stale ?? false, failing: failingTest !== null };
}
