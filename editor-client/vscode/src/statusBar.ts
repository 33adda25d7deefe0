import * as vscode from 'vscode';
import type { EndpointState } from './client';
import { isAccepted, type Standing } from './standing';

const t = vscode.l10n.t;

/** How the language server is doing. */
export type ServerState = 'missing' | 'installing' | 'starting' | 'running' | 'stopped';

interface Look {
  readonly text: string;
  readonly tooltip: string;
  readonly warns?: boolean;
}

const SERVER: Record<Exclude<ServerState, 'running'>, Look> = {
  missing: { text: '$(warning) WPC', tooltip: t('WPC is not installed yet.'), warns: true },
  installing: { text: '$(loading~spin) WPC', tooltip: t('WPC is being installed.') },
  starting: { text: '$(loading~spin) WPC', tooltip: t('WPC is starting.') },
  stopped: { text: '$(error) WPC', tooltip: t('WPC has stopped; its log may say why.'), warns: true },
};

const ENDPOINT: Partial<Record<EndpointState, Look>> = {
  starting: { text: '$(loading~spin) WPC', tooltip: t('The endpoint is starting.') },
  busy: { text: '$(clock) WPC', tooltip: t('The endpoint is busy; WPC asks again.') },
  unauthorized: { text: '$(lock) WPC', tooltip: t('The endpoint wants other credentials.'), warns: true },
  unreachable: { text: '$(debug-disconnect) WPC', tooltip: t('The endpoint does not answer.'), warns: true },
};

/** The item in the status bar: what is wrong with WPC, or else how the program does. */
export class StatusBar implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('wpc.status', vscode.StatusBarAlignment.Right, 90);
  private server: ServerState = 'starting';
  private endpoint: EndpointState | undefined;
  private standing: Standing | undefined;

  constructor() {
    this.item.name = 'WPC';
    this.item.command = 'wpc.showMenu';
  }

  setServer(state: ServerState): void {
    this.server = state;
    if (state !== 'running') this.endpoint = undefined;
    this.draw();
  }

  setEndpoint(state: EndpointState): void {
    this.endpoint = state;
    this.draw();
  }

  /** Shows the standing of the program in the active editor, or hides where that is no program. */
  setProgram(isPython: boolean, standing: Standing | undefined): void {
    this.standing = standing;
    this.draw();
    if (isPython) this.item.show();
    else this.item.hide();
  }

  dispose(): void {
    this.item.dispose();
  }

  private draw(): void {
    const trouble = this.server === 'running' ? this.endpoint && ENDPOINT[this.endpoint] : SERVER[this.server];
    const { text, tooltip, warns } = trouble ?? look(this.standing);
    this.item.text = text;
    this.item.tooltip = tooltip;
    this.item.accessibilityInformation = { label: `WPC: ${tooltip}`, role: 'button' };
    this.item.backgroundColor = warns ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
  }
}

function look(standing: Standing | undefined): Look {
  if (!standing) return { text: 'WPC', tooltip: t('This file has not been checked.') };
  const { passed, total, stale } = standing;
  if (!total) return { text: '$(question) WPC', tooltip: t('There are no tests for this program.') };
  const icon = stale ? '$(history)' : isAccepted(standing) ? '$(pass)' : '$(error)';
  return { text: `${icon} WPC ${passed}/${total}`, tooltip: words(standing) };
}

function words(standing: Standing): string {
  const { passed, total, stale, failing } = standing;
  if (stale) return t('{0} of {1} tests passed before the last change.', passed, total);
  if (failing && passed === total) return t('{0} of {1} tests pass, but not one that WPC made.', passed, total);
  return t('{0} of {1} tests pass.', passed, total);
}
