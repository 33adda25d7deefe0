import * as vscode from 'vscode';

interface Entry extends vscode.QuickPickItem {
  readonly command?: string;
  readonly argument?: string;
}

const PROGRAM: readonly Entry[] = [
  { label: '$(run) Check this file', command: 'wpc.check' },
  { label: '$(book) Show the problem', command: 'wpc.showStatement' },
  { label: '$(diff) Compare with the fix', command: 'wpc.compareFix' },
  { label: '$(list-selection) Choose the problem…', command: 'wpc.chooseProblem' },
  { label: 'Endpoint', kind: vscode.QuickPickItemKind.Separator },
  { label: '$(pulse) Show the status of the endpoint', command: 'wpc.showStatus' },
  { label: '$(debug-restart) Restart the endpoint', command: 'wpc.restartEndpoint' },
];

const ALWAYS: readonly Entry[] = [
  { label: 'Server', kind: vscode.QuickPickItemKind.Separator },
  { label: '$(refresh) Restart the server', command: 'wpc.restart' },
  { label: '$(output) Show the log', command: 'wpc.showLog' },
  { label: '$(gear) Settings', command: 'workbench.action.openSettings', argument: '@ext:wpc.wpc' },
];

const MISSING: readonly Entry[] = [{ label: '$(cloud-download) Install', command: 'wpc.install' }];

/** Lets the user choose what to do with WPC. */
export async function showMenu(running: boolean): Promise<void> {
  const entries = [...(running ? PROGRAM : MISSING), ...ALWAYS];
  const chosen = await vscode.window.showQuickPick(entries, { title: 'WPC' });
  if (chosen?.command) await vscode.commands.executeCommand(chosen.command, ...(chosen.argument ? [chosen.argument] : []));
}
